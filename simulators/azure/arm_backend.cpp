#include "simulators/azure/arm_backend.hpp"

#include <algorithm>
#include <utility>

namespace wme::simulators::azure {

using nlohmann::json;

namespace {

bool lists(const json& machine, const char* path, const char* id_path, const std::string& id) {
  const auto items = items_at(machine, path);
  return std::ranges::any_of(items,
                             [&](const json& each) { return same_id(text_at(each, id_path), id); });
}

bool lists_interface(const json& machine, const std::string& id) {
  return lists(machine, "properties/networkProfile/networkInterfaces", "id", id);
}

bool holds(const std::string& attachment) {
  return !attachment.empty() && attachment != "detached";
}

}  // namespace

ArmError not_found(const std::string& type, const std::string& id) {
  return {
      404, "ResourceNotFound",
      "The Resource '" + type + "/" + name_in(id) + "' under resource group '" + group_in(id) +
          "' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"};
}

std::string related(const model::Installation& installation, const std::string& function,
                    const std::string& entity) {
  const auto map = installation.functions.find(function);
  if (map == installation.functions.end()) return "";
  const auto place = map->second.find(entity);
  return place == map->second.end() ? "" : place->second;
}

/// Without what moves to or from it: for that every disk has to be looked at.
ArmBackend::MachineState ArmBackend::own_state_of(const Resource& machine) const {
  const std::string stopped = machine.is_allocated ? "stopped" : "deallocated";
  const std::string power =
      machine.entity.empty() ? machine.own.at(now()) : world_.value("power", {machine.entity});
  MachineState state;
  state.provisioning = machine.failure.empty() ? "Succeeded" : "Failed";
  if (power == "pending") {
    state.provisioning = machine.is_made ? "Updating" : "Creating";
    if (machine.is_made) state.power = "starting";
  } else if (power == "stopping") {
    state.provisioning = "Updating";
    state.power = machine.is_allocated ? "stopping" : "deallocating";
  } else if (power == "terminating") {
    state.provisioning = "Deleting";
  } else if (power == "absent") {
    state.provisioning = "Failed";  // its launch failed: a name without a machine
  } else if (power == "terminated") {
    state.is_gone = true;
  } else {
    state.power = power == "stopped" ? stopped : power;
  }
  return state;
}

ArmBackend::MachineState ArmBackend::state_of(const Resource& machine) const {
  MachineState state = own_state_of(machine);
  if (is_steady(state) && changing_machines().contains(lower(machine.id)))
    state.provisioning = "Updating";
  return state;
}

/// Those that a disk or an interface is on its way to, or from.
std::set<std::string> ArmBackend::changing_machines() const {
  std::set<std::string> machines;
  const auto note = [&](const Holding& held) {
    if (!held.machine.empty() && held.attachment != "attached")
      machines.insert(lower(held.machine));
  };
  for (const auto& [id, disk] : tables_.at(kDiskType)) note(holding_of_disk(disk));
  for (const auto& [id, interface] : tables_.at(kInterfaceType))
    note(holding_of_interface(interface));
  return machines;
}

std::string ArmBackend::disk_state(const Resource& disk) const {
  return disk.entity.empty() ? disk.own.at(now()) : world_.value("volume", {disk.entity});
}

std::string ArmBackend::snapshot_state(const Resource& snapshot) const {
  return snapshot.entity.empty() ? snapshot.own.at(now())
                                 : world_.value("snapshot", {snapshot.entity});
}

ArmBackend::Holding ArmBackend::holding_of_disk(const Resource& disk) const {
  const std::string& own = disk.held.at(now());
  if (holds(own)) return {disk.holder, own};
  const std::string state = disk.entity.empty() ? "" : world_.value("volume", {disk.entity});
  if (state == "attaching" || state == "attached" || state == "detaching")
    return {disk.holder, state};
  return {};
}

/// The model has no word for an address that changes hands with an upgrade to another address.
bool ArmBackend::models_address(const Resource& interface) const {
  return interface.carries_address && world_.exists("detach-address", {});
}

ArmBackend::Holding ArmBackend::holding_of_interface(const Resource& interface) const {
  if (models_address(interface) && !world_.is("address", {}, "free")) {
    const std::string& address = world_.value("address", {});
    const Resource* machine = machine_of(address == "new-platform" ? "platform-new" : "platform");
    const bool is_moving = address == "attaching" || address == "detaching";
    return {machine == nullptr ? "" : machine->id, is_moving ? address : "attached"};
  }
  if (models_address(interface)) {
    // Of a machine that is being made with it, or of one that is no Platform.
    for (const auto& [id, machine] : tables_.at(kMachineType))
      if (machine.entity != "platform" && lists_interface(machine.body, interface.id))
        return {machine.id, "attached"};
    return {};
  }
  const std::string& own = interface.held.at(now());
  return holds(own) ? Holding{interface.holder, own} : Holding{};
}

bool ArmBackend::is_gone(const std::string& type, const Resource& row) const {
  if (type == kMachineType) return own_state_of(row).is_gone;
  if (type == kDiskType) {
    const std::string state = disk_state(row);
    return state == "deleted" || state == "absent";
  }
  return type == kSnapshotType && snapshot_state(row) == "absent";
}

Resource* ArmBackend::find(const std::string& type, const std::string& id) {
  return const_cast<Resource*>(std::as_const(*this).find(type, id));
}

const Resource* ArmBackend::find(const std::string& type, const std::string& id) const {
  const auto table = tables_.find(type);
  if (table == tables_.end()) return nullptr;
  const auto place = table->second.find(lower(id));
  if (place == table->second.end() || is_gone(type, place->second)) return nullptr;
  return &place->second;
}

const Resource* ArmBackend::machine_of(const std::string& entity) const {
  for (const auto& [id, row] : tables_.at(kMachineType))
    if (row.entity == entity) return &row;
  return nullptr;
}

Resource& ArmBackend::add(const std::string& type, const std::string& id, json body) {
  Resource row;
  row.id = id;
  row.body = std::move(body);
  row.created = now();
  return tables_[type][lower(id)] = std::move(row);
}

ArmResult<json> ArmBackend::get(const std::string& type, const std::string& id) const {
  const Resource* row = find(type, id);
  if (row == nullptr) return not_found(type, id);
  return shown(type, *row);
}

std::vector<json> ArmBackend::list(const std::string& type, const std::string& group) const {
  std::vector<json> all;
  const auto table = tables_.find(type);
  if (table == tables_.end()) return all;
  const bool are_machines = type == kMachineType;
  const std::set<std::string> changing =
      are_machines ? changing_machines() : std::set<std::string>();
  for (const auto& [id, row] : table->second) {
    if (is_gone(type, row) || (!group.empty() && !same_id(group_in(row.id), group))) continue;
    if (!are_machines) {
      all.push_back(shown(type, row));
      continue;
    }
    MachineState state = own_state_of(row);
    if (is_steady(state) && changing.contains(id)) state.provisioning = "Updating";
    all.push_back(named(type, row, machine_shown(row, state)));
  }
  return all;
}

bool ArmBackend::has_group(const std::string& group) const {
  if (same_id(group, account_.group)) return true;
  for (const auto& [type, table] : tables_)
    for (const auto& [id, row] : table)
      if (same_id(group_in(row.id), group)) return true;
  return false;
}

/// What a machine that is gone had held: it is free, or goes with it where that was asked for.
void ArmBackend::release_holdings(const Resource& machine) {
  const auto goes = [&](const char* list, const char* id_path, const char* option,
                        const std::string& id) {
    for (const json& each : items_at(machine.body, list))
      if (same_id(text_at(each, id_path), id)) return text_at(each, option) == "Delete";
    return false;
  };
  Table& disks = tables_[kDiskType];
  const std::string os_disk =
      text_at(machine.body, "properties/storageProfile/osDisk/managedDisk/id");
  for (auto place = disks.begin(); place != disks.end();) {
    Resource& disk = place->second;
    bool is_deleted = false;
    if (same_id(disk.holder, machine.id)) {
      is_deleted =
          same_id(disk.id, os_disk)
              ? text_at(machine.body, "properties/storageProfile/osDisk/deleteOption") == "Delete"
              : goes("properties/storageProfile/dataDisks", "managedDisk/id", "deleteOption",
                     disk.id);
      disk.held = {};
      disk.holder.clear();
      if (is_deleted && !disk.entity.empty() && world_.is("volume", {disk.entity}, "available"))
        world_.perform("delete-volume", {disk.entity}, "arm VirtualMachines_Delete");
    }
    place = is_deleted && disk.entity.empty() ? disks.erase(place) : std::next(place);
  }
  Table& interfaces = tables_[kInterfaceType];
  for (auto place = interfaces.begin(); place != interfaces.end();) {
    Resource& interface = place->second;
    const bool is_deleted = goes("properties/networkProfile/networkInterfaces", "id",
                                 "properties/deleteOption", interface.id);
    if (same_id(interface.holder, machine.id)) {
      interface.held = {};
      interface.holder.clear();
    }
    if (is_deleted && interface.carries_address)
      world_.record_violation("arm VirtualMachines_Delete", "delete " + name_in(interface.id),
                              "INV-21",
                              "the interface with the Platform's address is deleted with its "
                              "machine: the address is lost");
    place = is_deleted ? interfaces.erase(place) : std::next(place);
  }
}

void ArmBackend::settle() {
  Table& machines = tables_[kMachineType];
  for (auto place = machines.begin(); place != machines.end();) {
    Resource& row = place->second;
    const std::string power = row.entity.empty() ? "" : world_.value("power", {row.entity});
    if (row.entity.empty() ? row.own.at(now()) == "running" : power == "running")
      row.is_made = true;
    if (power == "absent") {
      // Its launch failed in the model's eyes: the model may launch that machine once more.
      row.own = {"absent", "", {}};
      row.failure = "AllocationFailed";
      row.entity.clear();
    }
    if (!own_state_of(row).is_gone) {
      ++place;
      continue;
    }
    const Resource gone = row;
    place = machines.erase(place);
    release_holdings(gone);
  }
  for (auto& [id, each] : operations_) {
    if (each.ended) continue;
    each.progress = each.look();
    if (each.progress.status == "InProgress") continue;
    each.ended = now();
    for (auto& [type, table] : tables_)
      if (const auto row = table.find(lower(each.resource)); row != table.end())
        row->second.failure = each.progress.status == "Failed" ? each.progress.code : "";
  }
}

}  // namespace wme::simulators::azure
