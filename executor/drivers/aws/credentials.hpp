#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "executor/drivers/aws/profile.hpp"
#include "executor/drivers/aws/sigv4.hpp"
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

/// AWS's own search: environment, profile in the shared files, container, instance metadata.
/// What was found is kept until shortly before it expires. Not supported, and said so instead of
/// silently taking others: web identity, role_arn, credential_process and SSO profiles.
/// Source: reference "Credentials, endpoints" of the AWS SDKs and Tools Reference Guide.
class CredentialChain {
 public:
  CredentialChain(Environment environment, HttpTransport& transport, WallClock wall_clock);
  /// Thread-safe. Errors: kInvalid for damaged settings and when there are no credentials
  /// anywhere (it says where was looked), kRefused when a role gives none.
  Result<Credentials> credentials();

 private:
  Result<std::optional<Credentials>> from_environment() const;
  Result<std::optional<Credentials>> from_profile() const;
  Result<std::optional<Credentials>> from_container();
  Result<std::optional<Credentials>> from_instance_metadata();
  Error none_found() const;
  bool metadata_disabled() const;

  Environment environment_;
  HttpTransport& transport_;
  WallClock wall_clock_;
  std::mutex mutex_;
  std::optional<Credentials> kept_;
};

}  // namespace wme::executor::aws
