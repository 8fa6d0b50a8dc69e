#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "executor/drivers/azure/settings.hpp"
#include "executor/ports/secret.hpp"
#include "executor/ports/transport.hpp"

namespace wme::executor::azure {

/// Real time: tokens are judged by it, whatever clock a run keeps.
using WallClock = std::function<std::chrono::sys_seconds()>;

struct AccessToken {
  Secret token;
  std::string source;  ///< "client 0a1b… of tenant …", "managed identity": for messages
  std::optional<std::chrono::sys_seconds> expires;
};

/// Whoever may act for us, in the order of azure-identity: a service principal (AZURE_TENANT_ID,
/// AZURE_CLIENT_ID with AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE), a managed identity
/// (IDENTITY_ENDPOINT with IDENTITY_HEADER, else the metadata service of the machine); before all
/// of them a token in REHYDRATE_AZURE_TOKEN, such as `az account get-access-token` prints. What was
/// found is kept until shortly before it expires. Not supported, and said so instead of silently
/// taking others: client certificates, and starting the CLI.
/// Source: Microsoft identity platform, "client credentials flow"; "How to use managed identities".
class TokenChain {
 public:
  TokenChain(ArmPlace place, Environment environment, HttpTransport& transport,
             WallClock wall_clock);
  /// Thread-safe. Errors: kInvalid for damaged settings and when there is no token anywhere (it
  /// says where was looked), kRefused when the secret is not taken, those of the transport.
  Result<AccessToken> token();
  /// Forgets what is kept: Resource Manager did not take it.
  void renew();

 private:
  using Found = Result<std::optional<AccessToken>>;
  Found from_environment() const;
  Found from_principal();
  Found from_identity_endpoint();
  Found from_metadata();
  Result<AccessToken> asked(const HttpCall& call, const std::string& source,
                            const std::string& advice);
  std::string advice_for_identity() const;
  Error none_found() const;

  ArmPlace place_;
  Environment environment_;
  HttpTransport& transport_;
  WallClock wall_clock_;
  std::mutex mutex_;
  std::optional<AccessToken> kept_;
};

}  // namespace wme::executor::azure
