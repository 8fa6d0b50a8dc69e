#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/core/forms.hpp"
#include "simulators/gcp/compute_backend.hpp"

namespace wme::simulators::gcp {

/// One request, taken apart by its route.
struct ComputeRequest {
  std::map<std::string, std::string> names;  ///< "instance" -> "wme-platform"
  Form query;
  nlohmann::json body = nlohmann::json::object();
  ChangeContext context;

  std::string name(const std::string& of) const;
  std::string parameter(std::string_view of) const;  ///< empty: not given
};

/// One entry of the API. `source` says where its behaviour is known from, `differs` what is known
/// to be otherwise on the real service; docs/FIDELITY.md is made of these.
struct ComputeRoute {
  const char* operation;   ///< "instances.stop": what faults and rights go by
  const char* method;      ///< "POST"
  const char* path;        ///< "projects/{project}/zones/{zone}/instances/{instance}/stop"
  const char* permission;  ///< "compute.instances.stop"
  std::vector<std::string> parameters;  ///< of the query, beside those that every request takes
  const char* source;
  const char* differs;  ///< "": nothing known
  std::function<ComputeResult<nlohmann::json>(ComputeBackend&, const ComputeRequest&)> handler;
};

/// Those that only look, and those that change something.
const std::vector<ComputeRoute>& read_routes();
const std::vector<ComputeRoute>& change_routes();

/// What stands beside the API at the same address: tokens, the metadata server, rights. Served by
/// TokenService and the front, whole paths, no handlers.
const std::vector<ComputeRoute>& side_routes();

/// Every right that a request needs: those of the routes, and those on what a body links to, which
/// no route is called by ("compute.disks.use").
const std::set<std::string>& known_permissions();

/// The route of a path without query and the names in it; none: there is no such resource.
struct RouteMatch {
  const ComputeRoute* route = nullptr;
  std::map<std::string, std::string> names;
};
std::optional<RouteMatch> find_route(const std::string& method, const std::string& path);

}  // namespace wme::simulators::gcp
