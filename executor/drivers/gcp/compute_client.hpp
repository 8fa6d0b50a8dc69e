#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "executor/drivers/gcp/compute_place.hpp"
#include "executor/drivers/gcp/credentials.hpp"
#include "executor/ports/transport.hpp"

namespace wme::executor::gcp {

/// Query pairs, not yet percent-encoded.
using Query = std::vector<std::pair<std::string, std::string>>;

/// The Compute Engine API v1: adds the token, sends, reads JSON, sorts errors. Thread-safe as its
/// transport is. Paths begin after "/compute/v1/": "projects/p/zones/z/instances".
/// Source: Compute Engine API v1, discovery document.
class ComputeClient {
 public:
  ComputeClient(HttpTransport& transport, ComputePlace place, CredentialChain& credentials);

  /// A read. Errors: as `classify` sorts them, those of the transport and of the credentials;
  /// kThrottled for a lost answer, since asking again is safe.
  Result<nlohmann::json> get(const std::string& path, const Query& query = {});
  /// The items of all pages of a list. Errors: as `get`; kFailed after more pages than any
  /// installation fills.
  Result<std::vector<nlohmann::json>> list(const std::string& path, const Query& query = {});
  /// A change: the Operation that it was accepted as. The same `request_id` again is the same
  /// request. Errors: as `get`, but kUnknownOutcome for a lost answer or a server that broke down;
  /// those of `classify_operation` when the operation has failed already.
  Result<nlohmann::json> change(const std::string& method, const std::string& path, Query query,
                                const std::string& request_id, const nlohmann::json& body = {});
  /// Asks which of the permissions the caller has for the project; changes nothing.
  Result<nlohmann::json> granted(const std::vector<std::string>& permissions);

  const ComputePlace& place() const { return place_; }

 private:
  struct Request {
    std::string method;
    std::string base;
    std::string target;
    std::string body;
    std::string what;  ///< "Compute Engine GET zones/z/instances/i": what was tried, on what
    bool reads = false;
  };
  Result<nlohmann::json> send(const Request& request);
  Result<HttpAnswer> exchange(const Request& request);
  std::string target_of(const std::string& path, const Query& query) const;
  Request request(const std::string& method, const std::string& path, const Query& query) const;

  HttpTransport& transport_;
  ComputePlace place_;
  CredentialChain& credentials_;
};

/// A text member of an object, "" where there is none.
std::string text(const nlohmann::json& object, const char* key);
/// A nested object or array; an empty one where there is none.
const nlohmann::json& part(const nlohmann::json& object, const char* key);
/// "CODE: message" of the error of an operation that is done; empty when it has none.
std::string error_in(const nlohmann::json& operation);

}  // namespace wme::executor::gcp
