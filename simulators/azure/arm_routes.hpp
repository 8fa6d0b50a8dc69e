#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/azure/arm_backend.hpp"
#include "simulators/core/fidelity.hpp"
#include "simulators/core/forms.hpp"
#include "simulators/core/http_front.hpp"

namespace wme::simulators::azure {

/// One request, taken apart.
struct ArmRequest {
  std::map<std::string, std::string> path;  ///< by the words in the route's braces
  Form query;
  nlohmann::json body;
  std::string base;         ///< "https://127.0.0.1:8443": what absolute URLs begin with
  std::string target_path;  ///< as it was asked for
  std::string subscription() const { return path.at("subscription"); }
  /// The id of the resource, in the spelling of the request.
  std::string id(const std::string& type) const;
  std::string query_value(std::string_view name) const;
};

/// One behaviour of the simulated Resource Manager, and where it is known from; the fidelity
/// ledger is made of these.
struct ArmRoute {
  std::string_view operation;  ///< as in Azure's specifications: "Disks_CreateOrUpdate"
  std::string_view action;     ///< the right that it needs: "Microsoft.Compute/disks/write"
  std::string_view method;
  std::string_view route;  ///< "/subscriptions/{subscription}/…"; literals match without case
  Origin origin;
  ArmResult<Change> (*handler)(ArmBackend& backend, const ArmRequest& request);
  bool reads() const { return method == "GET"; }
};

const std::vector<ArmRoute>& arm_routes();

/// The words in the route's braces, when the path is of that route.
std::optional<std::map<std::string, std::string>> matched(std::string_view route,
                                                          std::string_view path);

/// The caller's rights: everything but what is denied, by operation or by action.
nlohmann::json permissions_but(const std::set<std::string>& denied);

}  // namespace wme::simulators::azure
