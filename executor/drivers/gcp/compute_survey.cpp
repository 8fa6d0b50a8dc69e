#include "executor/drivers/gcp/compute_survey.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "executor/drivers/gcp/compute_names.hpp"
#include "executor/drivers/gcp/compute_policy.hpp"
#include "executor/drivers/gcp/compute_record.hpp"
#include "executor/ports/clock_reading.hpp"

namespace wme::executor::gcp {

namespace {

using nlohmann::json;

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

std::string title_of(const Call& call) {
  std::string title = call.action;
  for (const std::string& argument : call.arguments) title += " " + argument;
  return title;
}

std::string in_a_row(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& each : words) all += (all.empty() ? "" : ", ") + each;
  return all;
}

/// Limit and usage of one metric; none: the project has no such quota.
struct Metric {
  long limit = 0;
  long usage = 0;
};
std::optional<Metric> metric_in(const json& resource, const std::string& name) {
  for (const json& each : part(resource, "quotas"))
    if (text(each, "metric") == name && each.contains("limit") && each.contains("usage"))
      return Metric{static_cast<long>(each["limit"].get<double>()),
                    static_cast<long>(each["usage"].get<double>())};
  return std::nullopt;
}

long count_of(const std::vector<Call>& calls, std::string_view action) {
  return std::ranges::count(calls, action, &Call::action);
}

}  // namespace

ComputeSurvey::ComputeSurvey(const model::Inventory& inventory, HttpTransport& transport,
                             ComputePlace place, std::unique_ptr<CredentialChain> credentials,
                             WallTime wall_time)
    : inventory_(inventory),
      transport_(transport),
      credentials_(std::move(credentials)),
      wall_time_(std::move(wall_time)),
      client_(transport, std::move(place), *credentials_) {}

std::string ComputeSurvey::where() const {
  return "Compute Engine, project " + client_.place().project + ", zone " + client_.place().zone +
         ", at " + client_.place().base;
}

Result<CloudIdentity> ComputeSurvey::identity() {
  const auto token = credentials_->token();
  if (!token) return token.error();
  const auto project = client_.get("projects/" + client_.place().project);
  if (!project) return project.error();
  CloudIdentity identity;
  identity.account = client_.place().project;
  identity.who = token.value().source + ", project " + identity.account;
  if (!token.value().source.starts_with("service account "))
    identity.caveat =
        "the token does not say whose it is: see it with `gcloud auth list`, or on the machine "
        "with its metadata server";
  return identity;
}

/// Without a token: the endpoint answers with something, and the time.
Result<std::optional<ClockReading>> ComputeSurvey::clock() {
  const ComputePlace& place = client_.place();
  return read_clock(transport_,
                    {"GET", place.base, place.prefix + "/projects/" + place.project, {}, ""},
                    wall_time_);
}

Result<std::vector<json>> ComputeSurvey::instances() {
  return client_.list(client_.place().zone_path() + "/instances");
}

Result<int> ComputeSurvey::vcpus_of(const std::string& machine_type) {
  if (const auto known = vcpus_.find(machine_type); known != vcpus_.end()) return known->second;
  const auto type = client_.get(client_.place().zone_path() + "/machineTypes/" + machine_type);
  if (!type && type.error().code != ErrorCode::kNotFound) return type.error();
  int cpus = 0;
  if (type && type.value().contains("guestCpus") && type.value()["guestCpus"].is_number())
    cpus = type.value()["guestCpus"].get<int>();
  return vcpus_[machine_type] = cpus;
}

Result<SeenMachine> ComputeSurvey::machine_in(const json& row) {
  const CloudRecord record = machine_record(row);
  SeenMachine machine;
  machine.cloud_id = record.name;
  machine.state = record.state.value_or(text(row, "status"));
  machine.size = last_segment(text(row, "machineType"));
  const auto cpus = vcpus_of(machine.size);
  if (!cpus) return cpus.error();
  machine.vcpus = cpus.value();
  machine.zone = last_segment(text(row, "zone"));
  for (const json& each : part(row, "networkInterfaces")) {
    if (!machine.subnet.empty()) break;
    machine.subnet = last_segment(text(each, "subnetwork"));
    // A subnetwork has the range of addresses; a network has none of its own.
    machine.network = machine.subnet;
  }
  for (const SeenInterface& interface : record.interfaces) {
    machine.addresses.push_back(interface.address);
    for (const std::string& alias : interface.aliases) {
      machine.addresses.push_back(alias);
      machine.movable_interfaces[alias] = interface.name;
    }
  }
  for (const json& each : part(part(row, "tags"), "items"))
    if (each.is_string()) machine.security_groups.push_back(each.get<std::string>());
  machine.tags = record.labels;
  // What it was made of stands at its boot disk.
  for (const AttachedDisk& each : record.disks) {
    if (!each.is_boot) continue;
    const auto disk = client_.get(client_.place().zone_path() + "/disks/" + each.disk);
    if (!disk && disk.error().code != ErrorCode::kNotFound) return disk.error();
    const std::string image = disk ? text(disk.value(), "sourceImage") : "";
    const auto at = image.find("projects/");
    machine.image = at == std::string::npos ? image : image.substr(at);
  }
  return machine;
}

Result<std::vector<SeenMachine>> ComputeSurvey::machines(const std::vector<std::string>& addresses,
                                                         const std::vector<std::string>& ids) {
  const auto rows = instances();
  if (!rows) return rows.error();
  std::vector<std::string> names;
  for (const std::string& id : ids) names.push_back(last_segment(id));
  std::vector<SeenMachine> found;
  for (const json& row : rows.value()) {
    const CloudRecord record = machine_record(row);
    bool is_wanted = contains(names, record.name);
    for (const SeenInterface& each : record.interfaces) {
      is_wanted = is_wanted || contains(addresses, each.address);
      for (const std::string& alias : each.aliases)
        is_wanted = is_wanted || contains(addresses, alias);
    }
    if (!is_wanted) continue;
    Result<SeenMachine> machine = machine_in(row);
    if (!machine) return machine.error();
    // As the inventory writes it, where that gives a path.
    for (const std::string& id : ids)
      if (last_segment(id) == record.name) machine.value().cloud_id = id;
    found.push_back(std::move(machine).value());
  }
  return found;
}

Result<std::vector<SeenDisk>> ComputeSurvey::disks_of(const std::vector<std::string>& machine_ids) {
  const auto rows = instances();
  if (!rows) return rows.error();
  const auto disks = client_.list(client_.place().zone_path() + "/disks");
  if (!disks) return disks.error();
  std::map<std::string, int> sizes;
  for (const json& disk : disks.value()) {
    const CloudRecord record = disk_record(disk);
    sizes[record.name] = record.size_gb;
  }
  std::vector<SeenDisk> found;
  for (const json& row : rows.value()) {
    const CloudRecord record = machine_record(row);
    for (const std::string& id : machine_ids) {
      if (last_segment(id) != record.name) continue;
      for (const AttachedDisk& each : record.disks)
        found.push_back({each.disk, id, each.device, sizes[each.disk], each.goes_with_machine});
    }
  }
  return found;
}

Result<std::optional<std::string>> ComputeSurvey::range_of(const std::string& network) {
  const auto row = client_.get(client_.place().region_path() + "/subnetworks/" + network);
  if (!row && row.error().code == ErrorCode::kNotFound) return std::optional<std::string>();
  if (!row) return row.error();
  return std::optional(text(row.value(), "ipCidrRange"));
}

Result<std::optional<AddressHolder>> ComputeSurvey::holder_of(const std::string& address) {
  const auto rows = instances();
  if (!rows) return rows.error();
  for (const json& row : rows.value()) {
    const CloudRecord record = machine_record(row);
    for (const SeenInterface& each : record.interfaces)
      if (each.address == address || contains(each.aliases, address))
        return std::optional(AddressHolder{each.name, record.name});
  }
  const auto reserved = client_.list(client_.place().region_path() + "/addresses",
                                     {{"filter", "address = \"" + address + "\""}});
  if (!reserved) return reserved.error();
  for (const json& row : reserved.value())
    if (text(row, "address") == address)
      return std::optional(AddressHolder{"the reserved address " + text(row, "name"), ""});
  return std::optional<AddressHolder>();
}

Result<std::optional<std::string>> ComputeSurvey::fault_of_image(const std::string& image) {
  std::string project = segment_after(image, "projects");
  if (project.empty()) project = client_.place().project;
  const bool is_family = image.find("family/") != std::string::npos;
  const auto found = client_.get("projects/" + project + "/global/images/" +
                                 (is_family ? "family/" : "") + last_segment(image));
  if (!found && found.error().code == ErrorCode::kNotFound)
    return std::optional<std::string>("Compute Engine shows no image " + image);
  if (!found) return found.error();
  if (const std::string status = text(found.value(), "status"); status != "READY")
    return std::optional("image " + image + " is " + status);
  if (const std::string state = text(part(found.value(), "deprecated"), "state");
      state == "OBSOLETE" || state == "DELETED")
    return std::optional("image " + image + " is " + state);
  return std::optional<std::string>();
}

Result<std::vector<Permission>> ComputeSurvey::permissions(const std::vector<Call>& calls) {
  std::set<std::string> wanted;
  for (const Call& call : calls)
    for (const std::string& each : permissions_of(inventory_, call)) wanted.insert(each);
  if (wanted.empty()) return std::vector<Permission>();
  const auto answer = client_.granted({wanted.begin(), wanted.end()});
  const bool is_told = static_cast<bool>(answer);
  // An API that is not enabled says nothing about the rights.
  if (!is_told && answer.error().code != ErrorCode::kRefused) return answer.error();
  std::set<std::string> granted;
  if (is_told)
    for (const json& each : part(answer.value(), "permissions"))
      if (each.is_string()) granted.insert(each.get<std::string>());
  std::vector<Permission> found;
  std::map<std::string, std::size_t> asked;
  for (const Call& call : calls) {
    const auto needed = permissions_of(inventory_, call);
    if (needed.empty()) continue;
    if (const auto known = asked.find(call.action); known != asked.end()) {
      found[known->second].calls.push_back(title_of(call));
      continue;
    }
    std::vector<std::string> missing;
    for (const std::string& each : needed)
      if (!granted.contains(each)) missing.push_back(each);
    Permission permission;
    permission.operation = "compute." + std::string(operation_of(call.action));
    permission.calls = {title_of(call)};
    permission.answer = !is_told          ? Permission::Answer::kNotTold
                        : missing.empty() ? Permission::Answer::kAllowed
                                          : Permission::Answer::kDenied;
    permission.detail = !is_told          ? answer.error().message
                        : missing.empty() ? "granted: " + in_a_row(needed)
                                          : "not granted for the project: " + in_a_row(missing);
    asked[call.action] = found.size();
    found.push_back(std::move(permission));
  }
  return found;
}

std::string ComputeSurvey::policy(const std::vector<Call>& calls,
                                  const std::string& /*account*/) const {
  return compute_role(inventory_, calls);
}

Result<std::vector<Quota>> ComputeSurvey::quotas(const std::vector<Call>& calls) {
  const auto region =
      client_.get("projects/" + client_.place().project + "/regions/" + client_.place().region);
  if (!region) return region.error();
  const std::string page =
      "https://console.cloud.google.com/iam-admin/quotas?project=" + client_.place().project;
  std::vector<Quota> found;
  const auto add = [&](const char* what, const json& resource, const std::string& name, long more,
                       const std::string& unit) {
    const auto metric = metric_in(resource, name);
    Quota quota{what, std::nullopt, "", more, page};
    if (metric) {
      quota.limit = metric->limit;
      quota.wanted = metric->usage + more;
      quota.used = std::to_string(metric->usage) + unit + " are used; the plan adds " +
                   std::to_string(more) + " before the old ones are gone";
    } else {
      quota.used = "the plan adds " + std::to_string(more) + unit;
    }
    found.push_back(std::move(quota));
  };
  long cpus = 0;
  long added_gb = 0;
  for (const Call& call : calls) {
    const std::string of = call.arguments.empty() ? "" : call.arguments.front();
    const model::Volume* volume = model::volume_of_today(inventory_, of);
    const model::Instance* instance = model::external_instance(inventory_, of);
    if (call.action == "create-volume" && volume != nullptr) added_gb += volume->size_gb;
    if (call.action != "launch-machine") continue;
    const auto each = vcpus_of(instance == nullptr ? inventory_.launch.platform_size
                                                   : inventory_.launch.instance_size);
    if (!each) return each.error();
    cpus += each.value();
    if (instance != nullptr) added_gb += instance->data_gb;
  }
  if (const long launches = count_of(calls, "launch-machine"); launches > 0) {
    // Most families have a quota of their own: "n2-standard-8" counts against N2_CPUS.
    std::string family =
        inventory_.launch.platform_size.substr(0, inventory_.launch.platform_size.find('-'));
    std::ranges::transform(family, family.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
    const bool has_own = metric_in(region.value(), family + "_CPUS").has_value();
    add("vCPUs of the region", region.value(), has_own ? family + "_CPUS" : "CPUS", cpus, " vCPUs");
    add("instances of the region", region.value(), "INSTANCES", launches, " instances");
  }
  if (added_gb > 0)
    add("pd-balanced and SSD storage of the region", region.value(), "SSD_TOTAL_GB", added_gb,
        " GB");
  if (const long taken = count_of(calls, "take-snapshot"); taken > 0) {
    const auto project = client_.get("projects/" + client_.place().project);
    if (!project) return project.error();
    add("snapshots of the project", project.value(), "SNAPSHOTS", taken, " snapshots");
  }
  return found;
}

}  // namespace wme::executor::gcp
