#include <algorithm>
#include <string>
#include <utility>

#include "simulators/gcp/compute_filter.hpp"
#include "simulators/gcp/compute_json.hpp"
#include "simulators/gcp/compute_routes.hpp"

namespace wme::simulators::gcp {

namespace {

using nlohmann::json;
using Answer = ComputeResult<json>;

constexpr std::size_t kPageMax = 500;
constexpr const char* kModelOnly = "model";
constexpr const char* kDoc = "doc";
constexpr const char* kStates =
    "model (shapes, states); doc; Assumption: a resource is listed as soon as its insertion is "
    "accepted";
constexpr const char* kListDiffers =
    "of filters, field comparisons with AND, OR, NOT and eq/ne are known; orderBy knows name and "
    "creationTimestamp desc";
constexpr const char* kAggregatedDiffers = "only the scope of the installation is listed";
constexpr const char* kWaitDiffers =
    "wait answers at once, as the real one may under load, instead of blocking up to two minutes";

const std::vector<std::string>& list_parameters() {
  static const std::vector<std::string> all = {"filter", "maxResults", "orderBy", "pageToken",
                                               "returnPartialSuccess"};
  return all;
}

const std::vector<std::string>& aggregated_parameters() {
  static const std::vector<std::string> all = {
      "filter",    "includeAllScopes",     "maxResults",          "orderBy",
      "pageToken", "returnPartialSuccess", "serviceProjectNumber"};
  return all;
}

/// The rows that pass the filter, in the order asked for.
ComputeResult<std::vector<json>> chosen(std::vector<json> rows, const ComputeRequest& request) {
  std::vector<json> kept;
  for (json& row : rows) {
    const auto passed = passes(request.parameter("filter"), row);
    if (!passed) return passed.error();
    if (passed.value()) kept.push_back(std::move(row));
  }
  const std::string order = request.parameter("orderBy");
  if (!order.empty() && order != "name" && order != "creationTimestamp desc")
    return invalid("orderBy", "'" + order + "'. Only name and creationTimestamp desc are known");
  if (order == "creationTimestamp desc") {
    const auto made = [](const json& row) {
      return row.contains("insertTime") ? text_in(row, "insertTime")
                                        : text_in(row, "creationTimestamp");
    };
    std::ranges::reverse(kept);  // of two made at once, the later one first
    std::ranges::stable_sort(kept, [&](const json& a, const json& b) { return made(a) > made(b); });
  }
  return kept;
}

Answer page_of(const char* kind, const std::string& id, const std::vector<json>& rows,
               const ComputeRequest& request) {
  std::size_t size = kPageMax;
  if (const std::string asked = request.parameter("maxResults"); !asked.empty()) {
    size = std::strtoul(asked.c_str(), nullptr, 10);
    if (size == 0 || size > kPageMax)
      return invalid("maxResults", "'" + asked + "'. Acceptable values are 1 to 500");
  }
  std::size_t begin = 0;
  if (const std::string token = request.parameter("pageToken"); !token.empty()) {
    if (!token.starts_with("page-")) return invalid("pageToken", "'" + token + "'.");
    begin = std::strtoul(token.c_str() + 5, nullptr, 10);
  }
  const std::size_t end = std::min(rows.size(), begin + size);
  json page = {{"kind", std::string("compute#") + kind}, {"id", id}};
  for (std::size_t i = begin; i < end; ++i) page["items"].push_back(rows[i]);
  if (end < rows.size()) page["nextPageToken"] = "page-" + std::to_string(end);
  return page;
}

Answer listed(const char* kind, const std::string& path, std::vector<json> rows,
              const ComputeBackend& backend, const ComputeRequest& request) {
  const auto kept = chosen(std::move(rows), request);
  if (!kept) return kept.error();
  auto page = page_of(kind, "projects/" + backend.project() + "/" + path, kept.value(), request);
  if (!page) return page;
  json answer = page.value();
  answer["selfLink"] = link(backend, path);
  return answer;
}

/// `items` is an object there: one list for each scope.
Answer aggregated(const char* kind, const char* collection, const std::string& scope,
                  std::vector<json> rows, const ComputeBackend& backend,
                  const ComputeRequest& request) {
  const auto kept = chosen(std::move(rows), request);
  if (!kept) return kept.error();
  json scoped = json::object();
  if (kept.value().empty())
    scoped["warning"] = {
        {"code", "NO_RESULTS_ON_PAGE"},
        {"message", "There are no results for scope '" + scope + "' on this page."},
        {"data", json::array({{{"key", "scope"}, {"value", scope}}})}};
  else
    scoped[collection] = kept.value();
  return json{{"kind", std::string("compute#") + kind},
              {"id", "projects/" + backend.project() + "/aggregated/" + collection},
              {"selfLink", link(backend, std::string("aggregated/") + collection)},
              {"items", {{scope, scoped}}}};
}

std::vector<json> all_instances(const ComputeBackend& backend) {
  std::vector<json> rows;
  for (const auto& [name, row] : backend.instances()) rows.push_back(instance_json(backend, row));
  return rows;
}
std::vector<json> all_disks(const ComputeBackend& backend) {
  std::vector<json> rows;
  for (const Disk* row : backend.disks()) rows.push_back(disk_json(backend, *row));
  return rows;
}
std::vector<json> all_snapshots(const ComputeBackend& backend) {
  std::vector<json> rows;
  for (const Snapshot* row : backend.snapshots()) rows.push_back(snapshot_json(backend, *row));
  return rows;
}
std::vector<json> all_addresses(const ComputeBackend& backend) {
  std::vector<json> rows;
  for (const auto& [name, row] : backend.addresses()) rows.push_back(address_json(backend, row));
  return rows;
}

/// The one of that name, or the provider's "was not found".
Answer named(const std::vector<json>& rows, const std::string& name, const ComputeBackend& backend,
             const std::string& path) {
  for (const json& row : rows)
    if (text_in(row, "name") == name) return row;
  return not_found("projects/" + backend.project() + "/" + path + "/" + name);
}

Answer get_instance(ComputeBackend& backend, const ComputeRequest& request) {
  const auto place = backend.instances().find(request.name("instance"));
  const std::string path = backend.zone_path() + "/instances/";
  if (place == backend.instances().end())
    return not_found("projects/" + backend.project() + "/" + path + request.name("instance"));
  return instance_json(backend, place->second);
}
Answer list_instances(ComputeBackend& backend, const ComputeRequest& request) {
  return listed("instanceList", backend.zone_path() + "/instances", all_instances(backend), backend,
                request);
}
Answer aggregate_instances(ComputeBackend& backend, const ComputeRequest& request) {
  return aggregated("instanceAggregatedList", "instances", backend.zone_path(),
                    all_instances(backend), backend, request);
}
Answer get_disk(ComputeBackend& backend, const ComputeRequest& request) {
  return named(all_disks(backend), request.name("disk"), backend, backend.zone_path() + "/disks");
}
Answer list_disks(ComputeBackend& backend, const ComputeRequest& request) {
  return listed("diskList", backend.zone_path() + "/disks", all_disks(backend), backend, request);
}
Answer aggregate_disks(ComputeBackend& backend, const ComputeRequest& request) {
  return aggregated("diskAggregatedList", "disks", backend.zone_path(), all_disks(backend), backend,
                    request);
}
Answer get_snapshot(ComputeBackend& backend, const ComputeRequest& request) {
  return named(all_snapshots(backend), request.name("snapshot"), backend, "global/snapshots");
}
Answer list_snapshots(ComputeBackend& backend, const ComputeRequest& request) {
  return listed("snapshotList", "global/snapshots", all_snapshots(backend), backend, request);
}
Answer get_address(ComputeBackend& backend, const ComputeRequest& request) {
  return named(all_addresses(backend), request.name("address"), backend,
               backend.region_path() + "/addresses");
}
Answer list_addresses(ComputeBackend& backend, const ComputeRequest& request) {
  return listed("addressList", backend.region_path() + "/addresses", all_addresses(backend),
                backend, request);
}
Answer aggregate_addresses(ComputeBackend& backend, const ComputeRequest& request) {
  return aggregated("addressAggregatedList", "addresses", backend.region_path(),
                    all_addresses(backend), backend, request);
}

std::string scope_of(const ComputeRequest& request) {
  if (const std::string zone = request.name("zone"); !zone.empty()) return "zones/" + zone;
  if (const std::string region = request.name("region"); !region.empty())
    return "regions/" + region;
  return "global";
}
Answer get_operation(ComputeBackend& backend, const ComputeRequest& request) {
  const std::string scope = scope_of(request);
  const std::string name = request.name("operation");
  for (const Operation& row : backend.operations())
    if (row.scope == scope && row.name == name) return operation_json(backend, row);
  return not_found("projects/" + backend.project() + "/" + scope + "/operations/" + name);
}
Answer list_operations(ComputeBackend& backend, const ComputeRequest& request) {
  const std::string scope = scope_of(request);
  std::vector<json> rows;
  for (const Operation& row : backend.operations())
    if (row.scope == scope) rows.push_back(operation_json(backend, row));
  return listed("operationList", scope + "/operations", std::move(rows), backend, request);
}

Answer get_machine_type(ComputeBackend& backend, const ComputeRequest& request) {
  const std::string name = request.name("machineType");
  if (cpus_of(name) == 0)
    return not_found("projects/" + backend.project() + "/" + backend.zone_path() +
                     "/machineTypes/" + name);
  return machine_type_json(backend, name);
}
Answer list_machine_types(ComputeBackend& backend, const ComputeRequest& request) {
  std::vector<json> rows;
  for (const char* each : {"e2-medium", "e2-standard-4", "n2-standard-2", "n2-standard-4",
                           "n2-standard-8", "n2-standard-16"})
    rows.push_back(machine_type_json(backend, each));
  return listed("machineTypeList", backend.zone_path() + "/machineTypes", std::move(rows), backend,
                request);
}
Answer get_image(ComputeBackend& backend, const ComputeRequest& request) {
  const json image = image_json(backend);
  const std::string name = request.name("image");
  if (name == text_in(image, "name")) return image;
  return not_found("projects/" + request.name("project") + "/global/images/" + name);
}
Answer get_image_of_family(ComputeBackend& backend, const ComputeRequest& request) {
  const std::string family = request.name("family");
  if (family == backend.image()) return image_json(backend);
  return not_found("projects/" + request.name("project") + "/global/images/family/" + family);
}
Answer get_zone(ComputeBackend& backend, const ComputeRequest&) { return zone_json(backend); }
Answer list_zones(ComputeBackend& backend, const ComputeRequest& request) {
  return listed("zoneList", "zones", {zone_json(backend)}, backend, request);
}
Answer get_region(ComputeBackend& backend, const ComputeRequest&) { return region_json(backend); }
Answer list_regions(ComputeBackend& backend, const ComputeRequest& request) {
  return listed("regionList", "regions", {region_json(backend)}, backend, request);
}
Answer get_subnetwork(ComputeBackend& backend, const ComputeRequest& request) {
  return named({subnetwork_json(backend)}, request.name("subnetwork"), backend,
               backend.region_path() + "/subnetworks");
}
Answer list_subnetworks(ComputeBackend& backend, const ComputeRequest& request) {
  return listed("subnetworkList", backend.region_path() + "/subnetworks",
                {subnetwork_json(backend)}, backend, request);
}
Answer get_project(ComputeBackend& backend, const ComputeRequest&) { return project_json(backend); }

}  // namespace

const std::vector<ComputeRoute>& read_routes() {
  static const std::vector<ComputeRoute> all = {
      {"instances.get",
       "GET",
       "projects/{project}/zones/{zone}/instances/{instance}",
       "compute.instances.get",
       {},
       kStates,
       "",
       get_instance},
      {"instances.list", "GET", "projects/{project}/zones/{zone}/instances",
       "compute.instances.list", list_parameters(), kStates, kListDiffers, list_instances},
      {"instances.aggregatedList", "GET", "projects/{project}/aggregated/instances",
       "compute.instances.list", aggregated_parameters(), "model; captured (gcloud)",
       kAggregatedDiffers, aggregate_instances},
      {"disks.get",
       "GET",
       "projects/{project}/zones/{zone}/disks/{disk}",
       "compute.disks.get",
       {},
       kStates,
       "",
       get_disk},
      {"disks.list", "GET", "projects/{project}/zones/{zone}/disks", "compute.disks.list",
       list_parameters(), kStates, kListDiffers, list_disks},
      {"disks.aggregatedList", "GET", "projects/{project}/aggregated/disks", "compute.disks.list",
       aggregated_parameters(), "model; captured (gcloud)", kAggregatedDiffers, aggregate_disks},
      {"snapshots.get",
       "GET",
       "projects/{project}/global/snapshots/{snapshot}",
       "compute.snapshots.get",
       {},
       kStates,
       "",
       get_snapshot},
      {"snapshots.list", "GET", "projects/{project}/global/snapshots", "compute.snapshots.list",
       list_parameters(), kStates, kListDiffers, list_snapshots},
      {"addresses.get",
       "GET",
       "projects/{project}/regions/{region}/addresses/{address}",
       "compute.addresses.get",
       {},
       kStates,
       "",
       get_address},
      {"addresses.list", "GET", "projects/{project}/regions/{region}/addresses",
       "compute.addresses.list", list_parameters(), kStates, kListDiffers, list_addresses},
      {"addresses.aggregatedList", "GET", "projects/{project}/aggregated/addresses",
       "compute.addresses.list", aggregated_parameters(), "model; captured (gcloud)",
       kAggregatedDiffers, aggregate_addresses},
      {"zoneOperations.get",
       "GET",
       "projects/{project}/zones/{zone}/operations/{operation}",
       "compute.zoneOperations.get",
       {},
       kModelOnly,
       "",
       get_operation},
      {"zoneOperations.list", "GET", "projects/{project}/zones/{zone}/operations",
       "compute.zoneOperations.list", list_parameters(),
       "model; Assumption: clientOperationId and operationType can be filtered by", kListDiffers,
       list_operations},
      {"zoneOperations.wait",
       "POST",
       "projects/{project}/zones/{zone}/operations/{operation}/wait",
       "compute.zoneOperations.get",
       {},
       "model; captured (gcloud)",
       kWaitDiffers,
       get_operation},
      {"regionOperations.get",
       "GET",
       "projects/{project}/regions/{region}/operations/{operation}",
       "compute.regionOperations.get",
       {},
       kModelOnly,
       "",
       get_operation},
      {"regionOperations.list", "GET", "projects/{project}/regions/{region}/operations",
       "compute.regionOperations.list", list_parameters(), kModelOnly, kListDiffers,
       list_operations},
      {"regionOperations.wait",
       "POST",
       "projects/{project}/regions/{region}/operations/{operation}/wait",
       "compute.regionOperations.get",
       {},
       "model; captured (gcloud)",
       kWaitDiffers,
       get_operation},
      {"globalOperations.get",
       "GET",
       "projects/{project}/global/operations/{operation}",
       "compute.globalOperations.get",
       {},
       kModelOnly,
       "",
       get_operation},
      {"globalOperations.list", "GET", "projects/{project}/global/operations",
       "compute.globalOperations.list", list_parameters(), kModelOnly, kListDiffers,
       list_operations},
      {"globalOperations.wait",
       "POST",
       "projects/{project}/global/operations/{operation}/wait",
       "compute.globalOperations.get",
       {},
       "model; captured (gcloud)",
       kWaitDiffers,
       get_operation},
      {"machineTypes.get",
       "GET",
       "projects/{project}/zones/{zone}/machineTypes/{machineType}",
       "compute.machineTypes.get",
       {},
       kModelOnly,
       "every name that ends in a number is a type with as many vCPUs, and 4 GB each",
       get_machine_type},
      {"machineTypes.list", "GET", "projects/{project}/zones/{zone}/machineTypes",
       "compute.machineTypes.list", list_parameters(), kModelOnly, "a few types only",
       list_machine_types},
      {"images.get",
       "GET",
       "projects/{project}/global/images/{image}",
       "compute.images.get",
       {},
       kModelOnly,
       "only the inventory's image is there",
       get_image},
      {"images.getFromFamily",
       "GET",
       "projects/{project}/global/images/family/{family}",
       "compute.images.getFromFamily",
       {},
       kModelOnly,
       "only the inventory's family is there",
       get_image_of_family},
      {"zones.get",
       "GET",
       "projects/{project}/zones/{zone}",
       "compute.zones.get",
       {},
       "model; captured (gcloud)",
       "",
       get_zone},
      {"zones.list", "GET", "projects/{project}/zones", "compute.zones.list", list_parameters(),
       kModelOnly, "the installation's zone only", list_zones},
      {"regions.get",
       "GET",
       "projects/{project}/regions/{region}",
       "compute.regions.get",
       {},
       kDoc,
       "five quotas of many",
       get_region},
      {"regions.list", "GET", "projects/{project}/regions", "compute.regions.list",
       list_parameters(), kDoc, "the installation's region only", list_regions},
      {"subnetworks.get",
       "GET",
       "projects/{project}/regions/{region}/subnetworks/{subnetwork}",
       "compute.subnetworks.get",
       {"views"},
       kModelOnly,
       "",
       get_subnetwork},
      {"subnetworks.list", "GET", "projects/{project}/regions/{region}/subnetworks",
       "compute.subnetworks.list", list_parameters(), kModelOnly, "one subnetwork only",
       list_subnetworks},
      {"projects.get",
       "GET",
       "projects/{project}",
       "compute.projects.get",
       {},
       "model; captured (gcloud)",
       "one quota of many",
       get_project},
  };
  return all;
}

}  // namespace wme::simulators::gcp
