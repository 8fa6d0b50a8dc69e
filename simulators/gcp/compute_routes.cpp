#include "simulators/gcp/compute_routes.hpp"

#include <sstream>

#include "model/json/percent.hpp"

namespace wme::simulators::gcp {

namespace {

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> all;
  std::istringstream in(path);
  for (std::string each; std::getline(in, each, '/');)
    all.push_back(model::percent_decode(each).value_or(each));
  return all;
}

/// The names in the path; none where it is of another form.
std::optional<std::map<std::string, std::string>> match(const std::vector<std::string>& wanted,
                                                        const std::vector<std::string>& given) {
  if (wanted.size() != given.size()) return std::nullopt;
  std::map<std::string, std::string> names;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{'))
      names[wanted[i].substr(1, wanted[i].size() - 2)] = given[i];
    else if (wanted[i] != given[i])
      return std::nullopt;
  }
  return names;
}

}  // namespace

std::string ComputeRequest::name(const std::string& of) const {
  const auto place = names.find(of);
  return place == names.end() ? std::string() : place->second;
}

std::string ComputeRequest::parameter(std::string_view of) const {
  const auto place = query.find(of);
  return place == query.end() ? std::string() : place->second;
}

const std::vector<ComputeRoute>& side_routes() {
  static const std::vector<ComputeRoute> all = {
      {"oauth2.token",
       "POST",
       "token",
       "",
       {},
       "vendor page: OAuth 2.0 for Server to Server Applications; captured: gcloud 528, "
       "google-auth "
       "1.5",
       "of the grants only jwt-bearer; one service account and its key, made at start; every token "
       "may do everything that was not denied",
       nullptr},
      {"metadata.token",
       "GET",
       "computeMetadata/v1/instance/service-accounts/default/token",
       "",
       {},
       "vendor page: About VM metadata; captured: google-auth 1.5",
       "of the metadata only what clients ask for on their way to a token",
       nullptr},
      {"metadata.projectId",
       "GET",
       "computeMetadata/v1/project/project-id",
       "",
       {},
       "vendor page: About VM metadata",
       "",
       nullptr},
      {"resourcemanager.projects.testIamPermissions",
       "POST",
       "v1/projects/{project}:testIamPermissions",
       "",
       {},
       "vendor page: Resource Manager API, projects.testIamPermissions; captured: by others, "
       "googleapis/google-cloud-java issue 722 (another name is 400; Assumption: its words)",
       "everything is granted but what was denied; a right that nothing here needs is refused",
       nullptr},
  };
  return all;
}

const std::set<std::string>& known_permissions() {
  static const std::set<std::string> all = [] {
    std::set<std::string> made = {"compute.addresses.use",
                                  "compute.addresses.useInternal",
                                  "compute.disks.use",
                                  "compute.disks.useReadOnly",
                                  "compute.images.useReadOnly",
                                  "compute.instances.setMetadata",
                                  "compute.instances.setTags",
                                  "compute.networks.use",
                                  "compute.snapshots.useReadOnly",
                                  "compute.subnetworks.use"};
    for (const auto* routes : {&read_routes(), &change_routes()})
      for (const ComputeRoute& route : *routes) made.insert(route.permission);
    return made;
  }();
  return all;
}

std::optional<RouteMatch> find_route(const std::string& method, const std::string& path) {
  const auto given = segments_of(path);
  for (const auto* routes : {&read_routes(), &change_routes()})
    for (const ComputeRoute& route : *routes) {
      if (method != route.method) continue;
      if (auto names = match(segments_of(route.path), given))
        return RouteMatch{&route, std::move(*names)};
    }
  return std::nullopt;
}

}  // namespace wme::simulators::gcp
