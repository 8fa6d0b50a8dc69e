#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "executor/ports/transport.hpp"

namespace wme::executor {

struct SshSettings {
  /// An OpenSSH client configuration; empty: ~/.ssh/config and /etc/ssh/ssh_config.
  std::string config_file;
  /// The private key to log in with; empty: the first that the configuration names, the usual ones
  /// of ~/.ssh. The agent comes last.
  std::string identity_file;
  std::chrono::seconds connect_timeout{15};
  /// For one command. What takes longer is started in the background and observed.
  std::chrono::seconds command_timeout{300};
  std::size_t output_bytes_max = 8U << 20U;
  std::size_t idle_sessions_max = 4;  ///< kept for each host and user
};

/// Commands over SSH. Sessions are kept and used again; each carries one command at a time, so that
/// steps run side by side on one host. Thread-safe. Blocks for the time-outs of the settings at
/// most.
///
/// The host's key must stand in the known_hosts file that the configuration names: an unknown or a
/// changed key is kRefused, whatever StrictHostKeyChecking says. No password is ever asked for.
/// Errors: kUnreachable (nothing was run), kRefused (host key, authentication), kUnknownOutcome
/// (the command was sent and its end was not seen).
class SshTransport : public CommandTransport {
 public:
  explicit SshTransport(SshSettings settings);
  ~SshTransport() override;
  SshTransport(const SshTransport&) = delete;
  SshTransport& operator=(const SshTransport&) = delete;

  Result<CommandAnswer> run(const CommandCall& call) override;

 private:
  struct Pool;
  SshSettings settings_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace wme::executor
