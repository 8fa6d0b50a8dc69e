#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "executor/drivers/aws/profile.hpp"
#include "executor/drivers/aws/sigv4.hpp"
#include "executor/ports/program.hpp"
#include "executor/ports/transport.hpp"

namespace wme::executor::aws {

/// Real time. Signatures are judged by the other side's wall clock, whatever clock the executor
/// runs on in a rehearsal.
using WallClock = std::function<std::chrono::sys_seconds()>;

struct Credentials {
  SigningKey key;
  std::string source;  ///< "environment", "profile default", "instance metadata": for messages
  std::optional<std::chrono::sys_seconds> expires;
};
/// Credentials of one place; none where that place has none.
using FoundCredentials = Result<std::optional<Credentials>>;

/// What the search for credentials reaches the world by; everything must outlive it.
struct CredentialReach {
  Environment environment;
  HttpTransport& http;
  WallClock wall_clock;
  ProgramRunner run_program{};  ///< for credential_process; empty: none can be started
  std::string region{};         ///< whose STS is asked for roles; empty: the global one
};

/// AWS's own search: environment; web identity of the environment; the profile (its role, its keys,
/// its credential_process); container; instance metadata. What was found is kept until shortly
/// before it expires, and until it has expired where nothing newer is to be had. Not supported, and
/// said so instead of silently taking others: SSO, and roles that want a code from a device (MFA).
/// Source: "Credential provider chain" of the AWS SDKs and Tools Reference Guide.
class CredentialChain {
 public:
  explicit CredentialChain(CredentialReach reach) : reach_(std::move(reach)) {}
  /// Thread-safe. Errors: kInvalid for damaged settings and when there are no credentials
  /// anywhere (it says where was looked), kRefused when a role gives none, kThrottled and
  /// kUnreachable when whoever gives them cannot be asked now.
  Result<Credentials> credentials();
  /// The other side took them for expired or unknown: the next call searches afresh.
  void forget();

 private:
  FoundCredentials search() const;

  CredentialReach reach_;
  std::mutex mutex_;
  std::optional<Credentials> kept_;
};

}  // namespace wme::executor::aws
