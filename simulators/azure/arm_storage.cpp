#include <algorithm>
#include <string>
#include <utility>

#include "simulators/azure/arm_backend.hpp"

/// What of ArmBackend is about managed disks and snapshots.
namespace wme::simulators::azure {

using nlohmann::json;

namespace {

constexpr std::chrono::seconds kCreateTime{10};
constexpr std::chrono::seconds kSnapshotTime{120};
constexpr int kSizeGbMax = 32767;  // Source: "Azure managed disk types"
constexpr const char* kSource = "properties/creationData/sourceResourceId";

/// Ids in bodies are written with and without a slash at the beginning.
std::string with_slash(std::string id) { return id.starts_with('/') ? id : "/" + id; }

std::function<Progress()> at_once() {
  return [] { return Progress{}; };
}

}  // namespace

/// By its tag, else by what it is made from; empty for a disk that the model has no word for.
std::string ArmBackend::entity_for_disk(const json& body, const Resource& snapshot) {
  if (snapshot.entity.empty()) return "";
  const std::string target = related(world_.installation(), "target", snapshot.entity);
  const std::string tagged = text_at(body, "tags/rehydrate:entity");
  if (!tagged.empty() && tagged != target && world_.exists("create-volume", {tagged})) {
    world_.record_violation(
        "arm Disks_CreateOrUpdate", "create-volume " + tagged, "INV-25",
        tagged + " is made from " + snapshot.entity + ", which is of another tree");
    return "";
  }
  return world_.is("volume", {target}, "absent") ? target : "";
}

ArmResult<Change> ArmBackend::put_disk(const std::string& id, const json& body) {
  const Resource* there = find(kDiskType, id);
  if (there != nullptr && disk_state(*there) != "error") return patch_storage(kDiskType, id, body);
  const std::string option = text_at(body, "properties/creationData/createOption");
  int size = number_at(body, "properties/diskSizeGB", 0);
  std::string entity;
  if (text_at(body, "location").empty())
    return ArmError{400, "LocationRequired",
                    "The location property is required for this definition."};
  if (option == "Copy") {
    const std::string source = with_slash(text_at(body, kSource));
    const Resource* snapshot = find(kSnapshotType, source);
    if (snapshot == nullptr)
      return ArmError{404, "ResourceNotFound", "The source " + source + " was not found."};
    if (snapshot_state(*snapshot) != "completed")
      return ArmError{409, "OperationNotAllowed",
                      "Cannot create disk '" + name_in(id) + "' because the snapshot '" +
                          name_in(source) + "' is not in a state from which it can be copied."};
    const int least = number_at(snapshot->body, "properties/diskSizeGB", 0);
    if (size == 0) size = least;
    if (size < least) return invalid("disk.diskSizeGB", "it is smaller than the snapshot");
    entity = entity_for_disk(body, *snapshot);
  } else if (option != "Empty") {
    return invalid("creationData.createOption", "the simulator makes Empty disks and copies");
  }
  if (size < 1 || size > kSizeGbMax) return invalid("disk.diskSizeGB", std::to_string(size));
  if (!entity.empty()) {
    const Reply reply = world_.request("create-volume", {entity}, "arm Disks_CreateOrUpdate");
    if (!reply.accepted()) return ArmError{409, "Conflict", reply.refusals.front()};
  }
  Resource& row = add(kDiskType, id, body);
  row.body["properties"]["diskSizeGB"] = size;
  row.entity = entity;
  row.own = {"creating", "available", now() + kCreateTime};
  if (entity.empty())
    return begin(202, kDiskType, id, [this, id]() -> Progress {
      const Resource* made = find(kDiskType, id);
      return {made != nullptr && disk_state(*made) == "creating" ? "InProgress" : "Succeeded", "",
              ""};
    });
  return begin(202, kDiskType, id,
               until("volume", entity, {"creating"}, "available", "InternalExecutionError"));
}

ArmResult<Change> ArmBackend::patch_storage(const std::string& type, const std::string& id,
                                            const json& body) {
  Resource* row = find(type, id);
  if (row == nullptr) return not_found(type, id);
  const std::string source = text_at(body, kSource);
  if (!source.empty() && !same_id(with_slash(source), with_slash(text_at(row->body, kSource))))
    return ArmError{409, "PropertyChangeNotAllowed",
                    "Changing property 'creationData.sourceResourceId' is not allowed."};
  const int size = number_at(body, "properties/diskSizeGB", 0);
  if (size != 0 && size < number_at(row->body, "properties/diskSizeGB", 0))
    return ArmError{409, "OperationNotAllowed", "A disk cannot be made smaller."};
  if (size != 0) row->body["properties"]["diskSizeGB"] = size;
  for (const char* name : {"tags", "sku"})
    if (body.contains(name)) row->body[name] = body[name];
  return begin(200, type, id, at_once());
}

ArmResult<Change> ArmBackend::delete_disk(const std::string& id) {
  Resource* row = find(kDiskType, id);
  if (row == nullptr) return Change{204, nullptr, ""};
  const Holding held = holding_of_disk(*row);
  if (!held.machine.empty())
    return ArmError{409, "OperationNotAllowed",
                    "Disk " + name_in(id) + " is attached to VM " + held.machine + "."};
  if (row->entity.empty()) {
    tables_[kDiskType].erase(lower(id));
  } else {
    const Reply reply = world_.request("delete-volume", {row->entity}, "arm Disks_Delete");
    if (!reply.accepted()) return ArmError{409, "OperationNotAllowed", reply.refusals.front()};
  }
  Change change = begin(202, kDiskType, id, at_once());
  change.body = nullptr;
  return change;
}

/// The backup of the model that saves this disk; empty if there is none.
std::string ArmBackend::entity_for_snapshot(const Resource& disk) const {
  const auto saves = world_.installation().functions.find("store");
  if (disk.entity.empty() || saves == world_.installation().functions.end()) return "";
  for (const auto& [backup, store] : saves->second)
    if (store == disk.entity) return backup;
  return "";
}

ArmResult<Change> ArmBackend::put_snapshot(const std::string& id, const json& body) {
  const char* door = "arm Snapshots_CreateOrUpdate";
  Resource* there = find(kSnapshotType, id);
  if (there != nullptr && snapshot_state(*there) != "error")
    return patch_storage(kSnapshotType, id, body);
  if (text_at(body, "location").empty())
    return ArmError{400, "LocationRequired",
                    "The location property is required for this definition."};
  if (text_at(body, "properties/creationData/createOption") != "Copy")
    return invalid("creationData.createOption", "the simulator makes copies of disks");
  const std::string source = with_slash(text_at(body, kSource));
  Resource* disk = find(kDiskType, source);
  if (disk == nullptr)
    return ArmError{404, "ResourceNotFound", "The source " + source + " was not found."};
  const std::string state = disk_state(*disk);
  if (state == "creating" || state == "error")
    return ArmError{409, "OperationNotAllowed", "The disk '" + name_in(source) + "' is not ready."};
  std::string entity = entity_for_snapshot(*disk);
  const bool is_taken = !entity.empty() && !world_.is("snapshot", {entity}, "absent") &&
                        !world_.is("snapshot", {entity}, "error");
  if (is_taken) {
    // One more than the model has a word for; taken at the wrong time it is as worthless.
    world_.judge("take-snapshot", {entity}, door);
    entity.clear();
  }
  if (!entity.empty()) {
    for (auto& [other_id, other] : tables_[kSnapshotType])
      if (other.entity == entity) {
        other.own = {snapshot_state(other), "", {}};
        other.entity.clear();
      }
    const Reply reply = world_.request("take-snapshot", {entity}, door);
    if (!reply.accepted()) return ArmError{409, "OperationNotAllowed", reply.refusals.front()};
  }
  const int size = number_at(disk->body, "properties/diskSizeGB", 0);
  Resource& row = add(kSnapshotType, id, body);
  row.body["properties"]["diskSizeGB"] = size;
  row.entity = entity;
  row.own = {"pending", "completed", now() + kSnapshotTime};
  if (entity.empty())
    return begin(202, kSnapshotType, id, [this, id]() -> Progress {
      const Resource* made = find(kSnapshotType, id);
      const bool pends = made != nullptr && snapshot_state(*made) == "pending";
      return {pends ? "InProgress" : "Succeeded", "", ""};
    });
  return begin(202, kSnapshotType, id,
               until("snapshot", entity, {"pending"}, "completed", "InternalExecutionError"));
}

ArmResult<Change> ArmBackend::delete_snapshot(const std::string& id) {
  Resource* row = find(kSnapshotType, id);
  if (row == nullptr) return Change{204, nullptr, ""};
  if (row->entity.empty()) {
    tables_[kSnapshotType].erase(lower(id));
  } else {
    const Reply reply = world_.perform("delete-snapshot", {row->entity}, "arm Snapshots_Delete");
    if (!reply.accepted()) return ArmError{409, "OperationNotAllowed", reply.refusals.front()};
  }
  Change change = begin(202, kSnapshotType, id, at_once());
  change.body = nullptr;
  return change;
}

}  // namespace wme::simulators::azure
