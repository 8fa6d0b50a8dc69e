#include <algorithm>
#include <string>
#include <utility>

#include "simulators/gcp/compute_backend.hpp"

/// What of ComputeBackend is about disks, snapshots, reserved addresses and labels.
namespace wme::simulators::gcp {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds kCreateTime{10};
constexpr std::chrono::seconds kAttachTime{5};
constexpr std::chrono::seconds kSnapshotTime{120};
constexpr int kSizeGbMax = 65536;

ComputeError already_exists(const std::string& path) {
  return {409, "alreadyExists", "The resource '" + path + "' already exists"};
}

ComputeError not_ready(const std::string& path, const std::string& why) {
  return {400, "resourceNotReady", "The resource '" + path + "' is not ready: " + why};
}

ComputeError in_use(const std::string& path, const std::string& user) {
  return {400, "resourceInUseByAnotherResource",
          "The resource '" + path + "' is already being used by '" + user + "'"};
}

std::string related(const model::Installation& installation, const std::string& function,
                    const std::string& entity) {
  const auto map = installation.functions.find(function);
  if (map == installation.functions.end()) return "";
  const auto place = map->second.find(entity);
  return place == map->second.end() ? "" : place->second;
}

}  // namespace

/// By what it is made from; empty for a disk that the model has no word for.
std::string ComputeBackend::entity_for_disk(const Labels& labels, const std::string& snapshot) {
  const auto source = snapshots_.find(snapshot);
  const std::string made_from = source == snapshots_.end() ? "" : source->second.entity;
  if (made_from.empty()) return "";
  const std::string target = related(world_.installation(), "target", made_from);
  const auto labelled = labels.find("rehydrate-entity");
  const std::string said = labelled == labels.end() ? "" : labelled->second;
  if (!said.empty() && said != target && world_.exists("create-volume", {said})) {
    world_.record_violation("compute disks.insert", "create-volume " + said, "INV-25",
                            said + " is made from " + made_from + ", which is of another tree");
    return "";
  }
  return world_.is("volume", {target}, "absent") ? target : "";
}

ComputeBackend::Accepted ComputeBackend::insert_disk(const json& body,
                                                     const ChangeContext& context) {
  const std::string name = text_in(body, "name");
  const std::string path = "projects/" + project_ + "/" + zone_path() + "/disks/" + name;
  if (!is_name(name)) return invalid("resource.name", "'" + name + "'. Must be a match of regex");
  if (find_disk(name)) return already_exists(path);
  const auto labels = labels_in(body);
  if (!labels) return labels.error();
  const std::string source = last_segment(text_in(body, "sourceSnapshot"));
  int size = number_in(body, "sizeGb");
  if (!source.empty()) {
    const auto snapshot = find_snapshot(source);
    if (!snapshot) return snapshot.error();
    if (status(*snapshot.value()) != "READY")
      return not_ready("projects/" + project_ + "/global/snapshots/" + source,
                       "it is " + status(*snapshot.value()));
    if (size == 0) size = snapshot.value()->size_gb;
    if (size < snapshot.value()->size_gb)
      return invalid("resource.sizeGb", "'" + std::to_string(size) +
                                            "'. Requested disk size cannot be smaller than the "
                                            "snapshot size (" +
                                            std::to_string(snapshot.value()->size_gb) + " GB)");
  }
  if (size < 1 || size > kSizeGbMax)
    return invalid("resource.sizeGb", "'" + std::to_string(size) + "'. Out of bounds");
  Disk row;
  row.name = name;
  row.entity = entity_for_disk(labels.value(), source);
  row.size_gb = size;
  row.snapshot = source;
  if (const std::string type = last_segment(text_in(body, "type")); !type.empty()) row.type = type;
  row.description = text_in(body, "description");
  row.labels = labels.value();
  row.created = now();
  row.own = {"creating", "available", now() + kCreateTime};
  const std::string target = zone_path() + "/disks/" + name;
  if (!row.entity.empty()) {
    const Reply reply = world_.request("create-volume", {row.entity}, "compute disks.insert");
    if (!reply.accepted()) return not_ready(path, reply.refusals.front());
  }
  disks_[name] = row;
  if (row.entity.empty()) return accept("insert", target, zone_path(), context, End::kSoon);
  return accept("insert", target, zone_path(), context, End::kInModel,
                "create-volume " + row.entity);
}

ComputeBackend::Accepted ComputeBackend::delete_disk(const std::string& name,
                                                     const ChangeContext& context) {
  const auto found = find_disk(name);
  if (!found) return found.error();
  const Disk& row = *found.value();
  const std::string path = "projects/" + project_ + "/" + zone_path() + "/disks/" + name;
  if (!attachment(row).empty()) return in_use(path, row.instance);
  const std::string target = zone_path() + "/disks/" + name;
  if (row.entity.empty()) {
    disks_.erase(name);
    return accept("delete", target, zone_path(), context, End::kSoon);
  }
  const Reply reply = world_.perform("delete-volume", {row.entity}, "compute disks.delete");
  if (!reply.accepted()) return not_ready(path, reply.refusals.front());
  return accept("delete", target, zone_path(), context, End::kSoon);
}

ComputeBackend::Accepted ComputeBackend::attach_disk(const std::string& instance, const json& body,
                                                     const ChangeContext& context) {
  const auto machine = find_instance(instance);
  if (!machine) return machine.error();
  const std::string name = last_segment(text_in(body, "source"));
  if (name.empty())
    return ComputeError{400, "required", "Required field 'resource.source' not specified"};
  const auto found = find_disk(name);
  if (!found) return found.error();
  Disk& row = *found.value();
  const std::string path = "projects/" + project_ + "/" + zone_path() + "/disks/" + name;
  if (!attachment(row).empty()) return in_use(path, row.instance);
  if (status(row) != "READY") return not_ready(path, "it is " + status(row));
  const std::string state = status(*machine.value());
  if (state != "RUNNING" && state != "TERMINATED")
    return not_ready("projects/" + project_ + "/" + zone_path() + "/instances/" + instance,
                     "it is " + state);
  const auto attached = disks_of(instance);
  std::string device = text_in(body, "deviceName");
  if (device.empty()) device = "persistent-disk-" + std::to_string(attached.size());
  if (std::ranges::find(attached, device, &Disk::device) != attached.end())
    return invalid("resource.deviceName", "'" + device + "'. It is used by another disk");
  const std::string owner = related(world_.installation(), "machine", row.entity);
  const bool is_at_home = !row.entity.empty() && machine.value()->entity == owner;
  const char* door = "compute instances.attachDisk";
  if (is_at_home) {
    const Reply reply = world_.request("attach-volume", {row.entity}, door);
    if (!reply.accepted()) return not_ready(path, reply.refusals.front());
  } else {
    if (!row.entity.empty())
      world_.record_violation(door, "attach-volume " + row.entity, "",
                              row.entity + " is attached to " + instance + " instead of " + owner);
    row.own_attachment = {"attaching", "attached", now() + kAttachTime};
  }
  row.instance = instance;
  row.device = device;
  row.goes_with_machine = flag_in(body, "autoDelete", false);
  row.is_boot = flag_in(body, "boot", false);
  const std::string target = zone_path() + "/instances/" + instance;
  if (!is_at_home) return accept("attachDisk", target, zone_path(), context, End::kSoon);
  return accept("attachDisk", target, zone_path(), context, End::kInModel,
                "attach-volume " + row.entity);
}

ComputeBackend::Accepted ComputeBackend::detach_disk(const std::string& instance,
                                                     const std::string& device,
                                                     const ChangeContext& context) {
  const auto machine = find_instance(instance);
  if (!machine) return machine.error();
  const auto attached = disks_of(instance);
  const auto place = std::ranges::find(attached, device, &Disk::device);
  if (place == attached.end())
    return invalid("deviceName", "'" + device + "'. No attached disk found with device name");
  Disk& row = disks_.at((*place)->name);
  if (row.is_boot && status(*machine.value()) != "TERMINATED")
    return not_ready(instance, "a boot disk can be detached only from a stopped instance");
  const std::string target = zone_path() + "/instances/" + instance;
  row.goes_with_machine = false;
  const bool is_own = row.entity.empty() || row.own_attachment.at(now()) == "attached";
  if (is_own) {
    row.own_attachment = {"detaching", "detached", now() + kAttachTime};
    return accept("detachDisk", target, zone_path(), context, End::kSoon);
  }
  const Reply reply = world_.request("detach-volume", {row.entity}, "compute instances.detachDisk");
  if (!reply.accepted()) return not_ready(instance, reply.refusals.front());
  return accept("detachDisk", target, zone_path(), context, End::kInModel,
                "detach-volume " + row.entity);
}

ComputeBackend::Accepted ComputeBackend::set_disk_auto_delete(const std::string& instance,
                                                              const std::string& device, bool goes,
                                                              const ChangeContext& context) {
  const auto machine = find_instance(instance);
  if (!machine) return machine.error();
  const auto attached = disks_of(instance);
  const auto place = std::ranges::find(attached, device, &Disk::device);
  if (place == attached.end())
    return invalid("deviceName", "'" + device + "'. No attached disk found with device name");
  disks_.at((*place)->name).goes_with_machine = goes;
  return accept("setDiskAutoDelete", zone_path() + "/instances/" + instance, zone_path(), context,
                End::kSoon);
}

ComputeBackend::Accepted ComputeBackend::insert_snapshot(const std::string& disk, const json& body,
                                                         const std::string& scope,
                                                         const ChangeContext& context) {
  const auto found = find_disk(disk);
  if (!found) return found.error();
  const Disk& source = *found.value();
  const std::string name = text_in(body, "name");
  const std::string path = "projects/" + project_ + "/global/snapshots/" + name;
  if (!is_name(name)) return invalid("resource.name", "'" + name + "'. Must be a match of regex");
  if (find_snapshot(name)) return already_exists(path);
  const auto labels = labels_in(body);
  if (!labels) return labels.error();
  if (status(source) != "READY") return not_ready(disk, "it is " + status(source));
  const auto& saves = world_.installation().sorts.find("snapshot");
  std::string entity;
  if (saves != world_.installation().sorts.end() && !source.entity.empty())
    for (const std::string& each : saves->second)
      if (related(world_.installation(), "store", each) == source.entity) entity = each;
  const char* door = "compute disks.createSnapshot";
  const bool is_taken = !entity.empty() && !world_.is("snapshot", {entity}, "absent") &&
                        !world_.is("snapshot", {entity}, "error");
  if (is_taken) {
    // One more than the model has a word for; taken at the wrong time it is as worthless.
    world_.judge("take-snapshot", {entity}, door);
    entity.clear();
  }
  if (!entity.empty()) {
    for (auto& [other_name, other] : snapshots_)
      if (other.entity == entity) {
        other.own = {snapshot_state(other), "", {}};
        other.entity.clear();
      }
    const Reply reply = world_.request("take-snapshot", {entity}, door);
    if (!reply.accepted()) return not_ready(disk, reply.refusals.front());
  }
  Snapshot row;
  row.name = name;
  row.entity = entity;
  row.disk = disk;
  row.size_gb = source.size_gb;
  row.description = text_in(body, "description");
  const auto locations = body.find("storageLocations");
  if (locations != body.end() && locations->is_array())
    for (const json& each : *locations)
      if (each.is_string()) row.locations.push_back(each.get<std::string>());
  row.labels = labels.value();
  row.created = now();
  row.own = {"pending", "completed", now() + kSnapshotTime};
  snapshots_[name] = row;
  const bool is_zonal = scope != "global";
  const std::string target = is_zonal ? zone_path() + "/disks/" + disk : "global/snapshots/" + name;
  const std::string type = is_zonal ? "createSnapshot" : "insert";
  if (entity.empty()) return accept(type, target, scope, context, End::kSoon);
  return accept(type, target, scope, context, End::kInModel, "take-snapshot " + entity);
}

ComputeBackend::Accepted ComputeBackend::delete_snapshot(const std::string& name,
                                                         const ChangeContext& context) {
  const auto found = find_snapshot(name);
  if (!found) return found.error();
  const Snapshot& row = *found.value();
  const std::string target = "global/snapshots/" + name;
  if (row.entity.empty()) {
    snapshots_.erase(name);
    return accept("delete", target, "global", context, End::kSoon);
  }
  const Reply reply = world_.perform("delete-snapshot", {row.entity}, "compute snapshots.delete");
  if (!reply.accepted()) return not_ready(target, reply.refusals.front());
  return accept("delete", target, "global", context, End::kSoon);
}

ComputeBackend::Accepted ComputeBackend::insert_address(const json& body,
                                                        const ChangeContext& context) {
  Address row;
  row.name = text_in(body, "name");
  if (!is_name(row.name))
    return invalid("resource.name", "'" + row.name + "'. Must be a match of regex");
  const std::string target = region_path() + "/addresses/" + row.name;
  if (addresses_.contains(row.name)) return already_exists("projects/" + project_ + "/" + target);
  if (text_in(body, "addressType") != "INTERNAL")
    return ComputeError{400, "unsupportedOperation",
                        "The simulator has internal addresses only: give addressType INTERNAL"};
  row.address = text_in(body, "address");
  for (const auto& [name, other] : addresses_)
    if (!row.address.empty() && other.address == row.address)
      return invalid("resource.address", "'" + row.address +
                                             "'. Specified IP address is reserved "
                                             "already");
  if (row.address.empty()) row.address = free_address(row.name);
  row.description = text_in(body, "description");
  row.purpose = text_in(body, "purpose");
  if (row.purpose.empty()) row.purpose = "GCE_ENDPOINT";
  row.subnet = subnet_;
  row.created = now();
  addresses_[row.name] = row;
  return accept("insert", target, region_path(), context, End::kSoon);
}

ComputeBackend::Accepted ComputeBackend::delete_address(const std::string& name,
                                                        const ChangeContext& context) {
  const std::string target = region_path() + "/addresses/" + name;
  const auto place = addresses_.find(name);
  if (place == addresses_.end()) return not_found("projects/" + project_ + "/" + target);
  if (status(place->second) == "IN_USE")
    return in_use("projects/" + project_ + "/" + target, holder_of(place->second.address)->name);
  if (place->second.address == world_.installation().inventory.platform.address)
    world_.record_violation("compute addresses.delete", "delete " + name, "INV-18",
                            "the Platform's address is no longer reserved: somebody else may "
                            "get it");
  addresses_.erase(place);
  return accept("delete", target, region_path(), context, End::kSoon);
}

ComputeBackend::Accepted ComputeBackend::set_labels(const std::string& target, const json& body,
                                                    const ChangeContext& context) {
  const std::string name = last_segment(target);
  Labels* labels = nullptr;
  if (target.find("/instances/") != std::string::npos) {
    const auto found = find_instance(name);
    if (!found) return found.error();
    labels = &found.value()->labels;
  } else if (target.find("/disks/") != std::string::npos) {
    const auto found = find_disk(name);
    if (!found) return found.error();
    labels = &found.value()->labels;
  } else {
    const auto found = find_snapshot(name);
    if (!found) return found.error();
    labels = &found.value()->labels;
  }
  std::string seen = name;
  for (const auto& [key, value] : *labels) seen.append(key).append(value);
  if (text_in(body, "labelFingerprint") != fingerprint_of(seen))
    return ComputeError{412, "conditionNotMet",
                        "Labels fingerprint either invalid or resource "
                        "labels have changed"};
  const auto wanted = labels_in(body);
  if (!wanted) return wanted.error();
  *labels = wanted.value();
  const std::string scope = target.starts_with("global/") ? "global" : zone_path();
  return accept("setLabels", target, scope, context, End::kSoon);
}

}  // namespace wme::simulators::gcp
