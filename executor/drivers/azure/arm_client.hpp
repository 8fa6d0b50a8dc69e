#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "executor/drivers/azure/arm_names.hpp"
#include "executor/drivers/azure/token_chain.hpp"
#include "executor/ports/transport.hpp"

namespace wme::executor::azure {

/// What Resource Manager said to a change: accepted, perhaps still under way.
struct Accepted {
  nlohmann::json body;    ///< the resource; null where the answer has none
  std::string operation;  ///< URL of the operation under way; empty: done already
  std::string told;       ///< "202, under way as 0a1b…", for the journal
};

/// Azure Resource Manager: bearer tokens, api-versions, pages, sorted errors. Thread-safe as its
/// transport is. Never waits: what an operation comes to is seen in the resource.
/// Source: "Azure REST API reference"; "Track asynchronous Azure operations".
class ArmClient {
 public:
  ArmClient(HttpTransport& transport, ArmPlace place, TokenChain& tokens);

  /// One read of a resource, with further query ("$expand=instanceView"). Errors: as `classify`
  /// sorts them, those of the transport and of the tokens.
  Result<nlohmann::json> get(const std::string& id, std::string_view version,
                             const std::string& query = "");
  /// As `get`, for the few answers that are no objects.
  Result<nlohmann::json> get_any(const std::string& id, std::string_view version,
                                 const std::string& query = "");
  /// Every page of a list. Errors: as `get`; kFailed after more pages than any group fills.
  Result<std::vector<nlohmann::json>> list(const std::string& path, std::string_view version,
                                           const std::string& query = "");

  /// One change, sent once. `body` null: none. Errors: as `get`, kUnknownOutcome where it may have
  /// happened.
  Result<Accepted> change(const std::string& method, const std::string& id,
                          std::string_view version, const nlohmann::json& body,
                          const std::string& query = "");

  const ArmPlace& place() const { return place_; }

 private:
  Result<HttpAnswer> send(const std::string& method, const std::string& target,
                          const std::string& body);
  Result<HttpAnswer> send_with_token(const std::string& method, const std::string& target,
                                     const std::string& body);

  HttpTransport& transport_;
  ArmPlace place_;
  TokenChain& tokens_;
};

}  // namespace wme::executor::azure
