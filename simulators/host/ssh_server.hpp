#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "simulators/host/host_front.hpp"

namespace wme::simulators {

struct SshServerOptions {
  /// Where the client's key, known_hosts and configuration are written, readable by their owner
  /// only.
  std::filesystem::path directory;
  std::string password;  ///< accepted beside the client's key; empty: keys only
};

/// The simulated hosts over real SSH: one loopback socket for each name and address, one thread for
/// each connection. Runs commands (`ssh platform lsblk`) and a minimal shell line by line. A
/// connection to a machine that does not run is closed at once. A fresh host key and a fresh client
/// key are made at each start; the host key never leaves the process.
class SshServer {
 public:
  SshServer(HostFront& front, SshServerOptions options);
  ~SshServer();
  SshServer(const SshServer&) = delete;
  SshServer& operator=(const SshServer&) = delete;

  /// Binds 127.0.0.1 on free ports, writes the client's files and serves until `stop`.
  /// Errors: kInvalid (the directory cannot be written), kUnreachable (no socket).
  Status start();
  void stop();

  /// What `ssh -F` and REHYDRATE_SSH_CONFIG take.
  std::filesystem::path client_config() const;
  /// "platform" -> 40123, for each name and address.
  std::vector<std::pair<std::string, int>> ports() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::simulators
