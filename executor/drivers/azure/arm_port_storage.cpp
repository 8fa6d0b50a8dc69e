#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "executor/drivers/azure/arm_port.hpp"
#include "executor/drivers/azure/json_fields.hpp"

/// What of ArmPort makes and moves managed disks and snapshots.
namespace wme::executor::azure {

using nlohmann::json;

namespace {

json copy_of(const std::string& source) {
  return {{"createOption", "Copy"}, {"sourceResourceId", source}};
}

json disks(const json& entries) {
  return {{"properties", {{"storageProfile", {{"dataDisks", entries}}}}}};
}

/// The number that the disk is to have, or the next free one.
int free_lun(const std::vector<json>& entries, int wanted) {
  std::set<long> taken;
  for (const json& each : entries) taken.insert(number_at(each, "lun"));
  while (taken.contains(wanted)) ++wanted;
  return wanted;
}

std::vector<json> data_disks(const json& machine) {
  return items_at(machine, "properties/storageProfile/dataDisks");
}

}  // namespace

Result<std::string> ArmPort::take_snapshot(const Call& call) {
  const std::string& entity = call.arguments.front();
  const std::string snapshot = id(kSnapshots, new_name(inventory_, entity, call.token));
  // A second request would be as good as none by its name; but what it catches would be asked anew.
  const auto made = is_made(kSnapshots, snapshot);
  if (!made) return made.error();
  if (made.value()) return snapshot + " (made by an earlier try)";
  const auto disk = existing("volume", model::saved_volume(entity));
  if (!disk) return disk.error();
  json body = resource_of(call);
  body["tags"][std::string(kBackupTag)] = inventory_.backup_id;
  body["sku"]["name"] = "Standard_LRS";
  body["properties"] = {{"incremental", true}, {"creationData", copy_of(disk.value().id)}};
  return changed("PUT", kSnapshots, snapshot, body);
}

Result<std::string> ArmPort::delete_snapshot(const Call& call) {
  const auto snapshot = existing("snapshot", call.arguments.front());
  if (!snapshot) return snapshot.error();
  return changed("DELETE", kSnapshots, snapshot.value().id, nullptr);
}

Result<std::string> ArmPort::create_volume(const Call& call) {
  const std::string& entity = call.arguments.front();
  const model::Volume* today = model::volume_of_today(inventory_, entity);
  if (today == nullptr || !model::is_new(entity))
    return Error{ErrorCode::kInvalid, "Azure create-volume " + entity +
                                          ": only wm-data-new and wm-runtime-new are made"};
  const std::string disk = id(kDisks, new_name(inventory_, entity, call.token));
  const auto made = is_made(kDisks, disk);
  if (!made) return made.error();
  if (made.value()) return disk + " (made by an earlier try)";
  const auto snapshot = existing("snapshot", model::source_snapshot(entity));
  if (!snapshot) return snapshot.error();
  json body = resource_of(call);
  if (const std::string zone = zone_number(client_.place(), inventory_); !zone.empty())
    body["zones"] = json::array({zone});
  body["sku"]["name"] = "Premium_LRS";
  // INV-30: never smaller than what it is made from.
  const long size =
      std::max<long>(today->size_gb, number_at(snapshot.value().resource, "properties/diskSizeGB"));
  body["properties"] = {{"creationData", copy_of(snapshot.value().id)}, {"diskSizeGB", size}};
  return changed("PUT", kDisks, disk, body);
}

Result<std::string> ArmPort::attach_volume(const Call& call) {
  const std::scoped_lock lock(lists_);
  const std::string& entity = call.arguments.front();
  const auto disk = existing("volume", entity);
  if (!disk) return disk.error();
  const auto machine = existing("power", model::machine_of(entity));
  if (!machine) return machine.error();
  const bool is_listed = lists_disk(machine.value().resource, disk.value().id);
  if (is_listed && disk.value().state != "available") return disk.value().id + " (on it already)";
  const auto current = changeable(model::machine_of(entity));
  if (!current) return current.error();
  json entries = data_disks(current.value());
  // Listed and not there: the last try has failed, and the same list is asked for again.
  if (!is_listed)
    entries.push_back({{"lun", free_lun(entries, lun_of(entity))},
                       {"name", name_in(disk.value().id)},
                       {"createOption", "Attach"},
                       {"caching", "None"},
                       {"managedDisk", {{"id", disk.value().id}}},
                       {"deleteOption", "Detach"}});
  return changed("PATCH", kMachines, machine.value().id, disks(entries));
}

Result<std::string> ArmPort::detach_volume(const Call& call) {
  const std::scoped_lock lock(lists_);
  const auto disk = existing("volume", call.arguments.front());
  if (!disk) return disk.error();
  const auto machine = existing("power", model::machine_of(call.arguments.front()));
  if (!machine) return machine.error();
  if (disk.value().state != "attached") return disk.value().id + " (on it no more)";
  const auto current = changeable(model::machine_of(call.arguments.front()));
  if (!current) return current.error();
  json entries = json::array();
  for (json& each : data_disks(current.value()))
    if (!same_id(text_at(each, "managedDisk/id"), disk.value().id))
      entries.push_back(std::move(each));
  return changed("PATCH", kMachines, machine.value().id, disks(entries));
}

Result<std::string> ArmPort::delete_volume(const Call& call) {
  const auto disk = existing("volume", call.arguments.front());
  if (!disk) return disk.error();
  return changed("DELETE", kDisks, disk.value().id, nullptr);
}

}  // namespace wme::executor::azure
