#include <algorithm>
#include <string>
#include <utility>

#include "simulators/gcp/compute_backend.hpp"

/// What of ComputeBackend is about machines and their addresses.
namespace wme::simulators::gcp {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds kBootTime{30};
constexpr std::chrono::seconds kShutdownTime{40};
constexpr int kBootSizeGb = 10;

const json& member(const json& object, const char* key) {
  static const json none = json::object();
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found != object.end() && found->is_structured() ? *found : none;
}

const json& first_interface(const json& body) {
  static const json none = json::object();
  const json& all = member(body, "networkInterfaces");
  return all.is_array() && !all.empty() ? all.front() : none;
}

ComputeError not_ready(const std::string& name, const std::string& why) {
  return {400, "resourceNotReady", "The resource '" + name + "' is not ready: " + why};
}

std::string label_of(const Labels& labels, const std::string& key) {
  const auto place = labels.find(key);
  return place == labels.end() ? "" : place->second;
}

std::string with_mask(const std::string& range) {
  return range.find('/') == std::string::npos ? range + "/32" : range;
}

}  // namespace

ComputeBackend::Accepted ComputeBackend::stop_instance(const std::string& name,
                                                       const ChangeContext& context) {
  const auto found = find_instance(name);
  if (!found) return found.error();
  Instance& row = *found.value();
  const std::string target = zone_path() + "/instances/" + name;
  const std::string state = status(row);
  // To stop what is stopped succeeds; so does asking twice.
  if (state == "TERMINATED" || state == "STOPPING")
    return accept("stop", target, zone_path(), context, End::kSoon);
  if (state != "RUNNING") return not_ready(name, "it is " + state);
  row.changed = now();
  if (row.entity.empty()) {
    row.own = {"stopping", "stopped", now() + kShutdownTime};
    return accept("stop", target, zone_path(), context, End::kSoon);
  }
  const Reply reply = world_.request("stop-machine", {row.entity}, "compute instances.stop");
  if (!reply.accepted()) return not_ready(name, reply.refusals.front());
  return accept("stop", target, zone_path(), context, End::kInModel, "stop-machine " + row.entity);
}

ComputeBackend::Accepted ComputeBackend::start_instance(const std::string& name,
                                                        const ChangeContext& context) {
  const auto found = find_instance(name);
  if (!found) return found.error();
  Instance& row = *found.value();
  const std::string target = zone_path() + "/instances/" + name;
  const std::string state = status(row);
  if (state == "STOPPING") return not_ready(name, "it is STOPPING");
  if (state != "TERMINATED") return accept("start", target, zone_path(), context, End::kSoon);
  row.changed = now();
  if (row.entity.empty()) {
    row.own = {"pending", "running", now() + kBootTime};
    return accept("start", target, zone_path(), context, End::kSoon);
  }
  const Reply reply = world_.request("start-machine", {row.entity}, "compute instances.start");
  if (!reply.accepted()) return not_ready(name, reply.refusals.front());
  return accept("start", target, zone_path(), context, End::kInModel,
                "start-machine " + row.entity);
}

ComputeBackend::Accepted ComputeBackend::delete_instance(const std::string& name,
                                                         const ChangeContext& context) {
  const auto found = find_instance(name);
  if (!found) return found.error();
  Instance& row = *found.value();
  const std::string target = zone_path() + "/instances/" + name;
  row.changed = now();
  if (row.entity.empty()) {
    row.own = {"terminating", "terminated", now() + kShutdownTime};
    return accept("delete", target, zone_path(), context, End::kSoon);
  }
  const std::string action = "terminate-machine " + row.entity;
  if (!world_.is("power", {row.entity}, "terminating")) {
    const Reply reply =
        world_.request("terminate-machine", {row.entity}, "compute instances.delete");
    if (!reply.accepted()) return not_ready(name, reply.refusals.front());
  }
  return accept("delete", target, zone_path(), context, End::kInModel, action);
}

ComputeStatus ComputeBackend::check_disks(const json& disks) const {
  if (!disks.is_array() || disks.empty())
    return invalid("resource.disks", "at least one disk is needed");
  if (!flag_in(disks.front(), "boot", false))
    return invalid("resource.disks[0]", "the first disk must be the boot disk");
  for (const json& each : disks) {
    if (const std::string source = text_in(each, "source"); !source.empty()) {
      const auto place = disks_.find(last_segment(source));
      if (place == disks_.end())
        return not_found("projects/" + project_ + "/" + zone_path() + "/disks/" +
                         last_segment(source));
      if (!attachment(place->second).empty())
        return ComputeError{400, "resourceInUseByAnotherResource",
                            "The disk resource '" + source + "' is already being used"};
      continue;
    }
    const json& made = member(each, "initializeParams");
    const std::string image = text_in(made, "sourceImage");
    const std::string snapshot = text_in(made, "sourceSnapshot");
    if (!image.empty() && last_segment(image) != image_)
      return not_found(
          image.substr(image.find("projects/") == std::string::npos ? 0 : image.find("projects/")));
    if (!snapshot.empty() && !snapshots_.contains(last_segment(snapshot)))
      return not_found("projects/" + project_ + "/global/snapshots/" + last_segment(snapshot));
    if (flag_in(each, "boot", false) && image.empty() && snapshot.empty())
      return invalid("resource.disks[0].initializeParams", "a boot disk needs an image");
  }
  return Fine{};
}

ComputeStatus ComputeBackend::check_instance(const json& body) const {
  const std::string name = text_in(body, "name");
  if (!is_name(name)) return invalid("resource.name", "'" + name + "'. Must be a match of regex");
  if (instances_.contains(name))
    return ComputeError{409, "alreadyExists",
                        "The resource 'projects/" + project_ + "/" + zone_path() + "/instances/" +
                            name + "' already exists"};
  if (text_in(body, "machineType").empty())
    return ComputeError{400, "required", "Required field 'resource.machineType' not specified"};
  const std::string subnet = last_segment(text_in(first_interface(body), "subnetwork"));
  if (!subnet.empty() && subnet != subnet_)
    return not_found("projects/" + project_ + "/" + region_path() + "/subnetworks/" + subnet);
  return check_disks(member(body, "disks"));
}

/// The new machine of the model that this insertion makes; empty for a user's own instance.
std::string ComputeBackend::entity_for_machine(const Labels& labels) const {
  const std::string entity = label_of(labels, "rehydrate-entity");
  const bool is_ours = label_of(labels, "rehydrate-installation") ==
                       label_value(world_.installation().inventory.name);
  if (entity.empty() || !is_ours) return "";
  const auto& all = world_.installation().sorts.at("machine");
  for (const std::string& each : all)
    if (label_value(each) == entity && world_.exists("launch-machine", {each})) return each;
  return "";
}

void ComputeBackend::add_disks(const Instance& instance, const json& disks) {
  int number = 0;
  for (const json& each : disks) {
    const std::string device = text_in(each, "deviceName");
    const std::string default_device = "persistent-disk-" + std::to_string(number);
    const json& made = member(each, "initializeParams");
    Disk row;
    if (const std::string source = last_segment(text_in(each, "source")); !source.empty()) {
      row = disks_.at(source);
    } else {
      row.name = text_in(made, "diskName");
      if (row.name.empty())
        row.name = number == 0 ? instance.name : instance.name + "-" + std::to_string(number);
      row.size_gb = number_in(made, "diskSizeGb");
      if (row.size_gb == 0) row.size_gb = kBootSizeGb;
      row.image = last_segment(text_in(made, "sourceImage"));
      row.snapshot = last_segment(text_in(made, "sourceSnapshot"));
      if (const std::string type = last_segment(text_in(made, "diskType")); !type.empty())
        row.type = type;
      row.created = now();
      row.own = {"available", "", {}};
    }
    row.instance = instance.name;
    row.device = device.empty() ? default_device : device;
    row.goes_with_machine = flag_in(each, "autoDelete", false);
    row.is_boot = number == 0;
    row.own_attachment = {"attached", "", {}};
    disks_[row.name] = row;
    ++number;
  }
}

ComputeBackend::Accepted ComputeBackend::insert_instance(const json& body,
                                                         const ChangeContext& context) {
  if (const auto checked = check_instance(body); !checked) return checked.error();
  const auto labels = labels_in(body);
  if (!labels) return labels.error();
  const std::string name = text_in(body, "name");
  const std::string target = zone_path() + "/instances/" + name;
  const json& interface = first_interface(body);
  const std::string address = text_in(interface, "networkIP");
  if (!address.empty() && holder_of(address) != nullptr) {
    const Operation* failed = accept("insert", target, zone_path(), context, End::kSoon);
    operations_.back().error_code = "IP_IN_USE_BY_ANOTHER_RESOURCE";
    operations_.back().error_message =
        "IP '" + address + "' is already being used by another resource.";
    return failed;
  }
  Instance row;
  row.name = name;
  row.entity = entity_for_machine(labels.value());
  row.machine_type = last_segment(text_in(body, "machineType"));
  row.subnet = subnet_;
  row.description = text_in(body, "description");
  row.address = address.empty() ? free_address(name) : address;
  for (const json& each : member(interface, "aliasIpRanges"))
    row.aliases.push_back(with_mask(text_in(each, "ipCidrRange")));
  for (const json& each : member(member(body, "tags"), "items"))
    if (each.is_string()) row.network_tags.push_back(each.get<std::string>());
  for (const json& each : member(member(body, "metadata"), "items"))
    row.metadata[text_in(each, "key")] = text_in(each, "value");
  row.labels = labels.value();
  row.created = now();
  row.changed = now();
  row.own = {"pending", "running", now() + kBootTime};
  if (!row.entity.empty()) {
    const Reply reply = world_.request("launch-machine", {row.entity}, "compute instances.insert");
    if (!reply.accepted()) return not_ready(name, reply.refusals.front());
  }
  const Instance& kept = instances_[name] = row;
  add_disks(kept, member(body, "disks"));
  if (row.entity.empty()) return accept("insert", target, zone_path(), context, End::kSoon);
  return accept("insert", target, zone_path(), context, End::kInModel,
                "launch-machine " + row.entity);
}

/// The alias ranges of nic0 become `wanted`: what that means for the Platform's address is asked of
/// the model.
ComputeBackend::Accepted ComputeBackend::change_address(Instance& row,
                                                        const std::vector<std::string>& wanted,
                                                        const ChangeContext& context) {
  const std::string range = world_.installation().inventory.platform.address + "/32";
  const std::string target = zone_path() + "/instances/" + row.name;
  const char* door = "compute instances.updateNetworkInterface";
  const auto before = aliases_of(row);
  const bool had = std::ranges::find(before, range) != before.end();
  const bool has = std::ranges::find(wanted, range) != wanted.end();
  const bool is_platform = row.entity == "platform" || row.entity == "platform-new";
  std::vector<std::string> others = wanted;
  if (!models_address() || had == has || !is_platform) {
    const bool is_taken = !had && has && holder_of(range.substr(0, range.size() - 3)) != nullptr;
    if (is_taken)
      return ComputeError{400, "invalid", "Alias IP range " + range + " is already used"};
    if (models_address() && !had && has)
      world_.record_violation(door, "attach-address", "INV-21",
                              "the Platform's address is given to " + row.name);
    if (models_address() && is_platform) std::erase(others, range);
    row.aliases = others;
    return accept("updateNetworkInterface", target, zone_path(), context, End::kSoon);
  }
  if (had && row.entity == "platform-new")
    return ComputeError{400, "unsupportedOperation",
                        "The simulator cannot take the address from the new Platform again."};
  const std::string action = had                        ? "detach-address"
                             : row.entity == "platform" ? "return-address"
                                                        : "attach-address";
  if (has && holder_of(range.substr(0, range.size() - 3)) != nullptr)
    return ComputeError{400, "invalid", "Alias IP range " + range + " is already used"};
  const Reply reply = world_.request(action, {}, door);
  if (!reply.accepted()) return not_ready(row.name, reply.refusals.front());
  std::erase(others, range);
  row.aliases = others;
  return accept("updateNetworkInterface", target, zone_path(), context, End::kInModel, action);
}

ComputeBackend::Accepted ComputeBackend::update_interface(const std::string& instance,
                                                          const std::string& interface,
                                                          const json& body,
                                                          const ChangeContext& context) {
  const auto found = find_instance(instance);
  if (!found) return found.error();
  Instance& row = *found.value();
  if (interface != "nic0")
    return invalid("networkInterface", "'" + interface + "'. The instance has no such interface");
  if (text_in(body, "fingerprint").empty())
    return ComputeError{400, "required", "Required field 'resource.fingerprint' not specified"};
  if (text_in(body, "fingerprint") != fingerprint_of_interface(row))
    return ComputeError{412, "conditionNotMet",
                        "Invalid fingerprint: the interface has changed since it was read"};
  const std::string address = text_in(body, "networkIP");
  if (!address.empty() && address != row.address) {
    if (status(row) != "TERMINATED")
      return not_ready(instance, "its networkIP can be changed only while it is stopped");
    if (holder_of(address) != nullptr)
      return ComputeError{400, "invalid", "IP '" + address + "' is already being used"};
    row.address = address;
  }
  const auto ranges = body.find("aliasIpRanges");
  if (ranges == body.end() || !ranges->is_array())
    return accept("updateNetworkInterface", zone_path() + "/instances/" + instance, zone_path(),
                  context, End::kSoon);
  std::vector<std::string> wanted;
  for (const json& each : *ranges) wanted.push_back(with_mask(text_in(each, "ipCidrRange")));
  return change_address(row, wanted, context);
}

}  // namespace wme::simulators::gcp
