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

json status_entry(const std::string& code, const std::string& display, const std::string& message) {
  json entry = {{"code", code}, {"level", "Info"}, {"displayStatus", display}};
  if (!message.empty()) {
    entry["level"] = "Error";
    entry["message"] = message;
  }
  return entry;
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

ArmBackend::MachineState ArmBackend::state_of(const Resource& machine) const {
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
    if (is_changing(machine)) state.provisioning = "Updating";
  }
  return state;
}

/// A disk or an interface is on its way to it, or from it.
bool ArmBackend::is_changing(const Resource& machine) const {
  const auto moves = [&](const Holding& held) {
    return same_id(held.machine, machine.id) && held.attachment != "attached";
  };
  for (const auto& [id, disk] : tables_.at(kDiskType))
    if (moves(holding_of_disk(disk))) return true;
  for (const auto& [id, interface] : tables_.at(kInterfaceType))
    if (moves(holding_of_interface(interface))) return true;
  return false;
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
  if (type == kMachineType) return state_of(row).is_gone;
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

json ArmBackend::shown(const std::string& type, const Resource& row) const {
  json made = row.body;
  if (type == kMachineType) made = machine_shown(row);
  if (type == kDiskType) made = disk_shown(row);
  if (type == kSnapshotType) made = snapshot_shown(row);
  if (type == kInterfaceType) made = interface_shown(row);
  made["id"] = row.id;
  made["name"] = name_in(row.id);
  made["type"] = type;
  if (!made.contains("location")) made["location"] = account_.location;
  return made;
}

json ArmBackend::machine_shown(const Resource& row) const {
  json made = row.body;
  json& properties = made["properties"];
  properties["vmId"] = guid_of(row.id);
  properties["provisioningState"] = state_of(row).provisioning;
  properties["timeCreated"] = arm_time(row.created);
  json& profile = properties["osProfile"];
  if (profile.is_object() && profile.contains("adminPassword")) profile.erase("adminPassword");
  if (profile.is_null()) properties.erase("osProfile");
  return made;
}

json ArmBackend::disk_shown(const Resource& row) const {
  json made = row.body;
  json& properties = made["properties"];
  const std::string state = disk_state(row);
  const Holding held = holding_of_disk(row);
  const Resource* machine = held.machine.empty() ? nullptr : find(kMachineType, held.machine);
  const bool is_held = machine != nullptr && held.attachment != "attaching";
  const bool is_off = machine != nullptr && state_of(*machine).power == "deallocated";
  properties["provisioningState"] = state == "creating" ? "Updating"
                                    : state == "error"  ? "Failed"
                                                        : "Succeeded";
  properties["diskState"] = !is_held ? "Unattached" : is_off ? "Reserved" : "Attached";
  properties["timeCreated"] = arm_time(row.created);
  properties["uniqueId"] = guid_of(row.id);
  if (is_held) made["managedBy"] = machine->id;
  return made;
}

json ArmBackend::snapshot_shown(const Resource& row) const {
  json made = row.body;
  const std::string state = snapshot_state(row);
  json& properties = made["properties"];
  properties["provisioningState"] = state == "pending" ? "Updating"
                                    : state == "error" ? "Failed"
                                                       : "Succeeded";
  properties["diskState"] = "Unattached";
  properties["timeCreated"] = arm_time(row.created);
  properties["uniqueId"] = guid_of(row.id);
  return made;
}

json ArmBackend::interface_shown(const Resource& row) const {
  json made = row.body;
  json& properties = made["properties"];
  const Holding held = holding_of_interface(row);
  const bool is_held = !held.machine.empty() && held.attachment != "attaching";
  if (is_held) properties["virtualMachine"]["id"] = held.machine;
  properties["provisioningState"] = "Succeeded";
  const std::string digits = guid_of(row.id);
  properties["macAddress"] =
      "00-0D-3A-" + digits.substr(0, 2) + "-" + digits.substr(2, 2) + "-" + digits.substr(4, 2);
  properties["resourceGuid"] = digits;
  made["etag"] = "W/\"" + guid_of(row.id + row.body.dump() + held.machine) + "\"";
  for (json& each : properties["ipConfigurations"]) {
    each["id"] = row.id + "/ipConfigurations/" + text_at(each, "name");
    each["properties"]["provisioningState"] = "Succeeded";
  }
  return made;
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
  for (const auto& [id, row] : table->second)
    if (!is_gone(type, row) && (group.empty() || same_id(group_in(row.id), group)))
      all.push_back(shown(type, row));
  return all;
}

bool ArmBackend::has_group(const std::string& group) const {
  if (same_id(group, account_.group)) return true;
  for (const auto& [type, table] : tables_)
    for (const auto& [id, row] : table)
      if (same_id(group_in(row.id), group)) return true;
  return false;
}

ArmResult<json> ArmBackend::instance_view(const std::string& id) const {
  const Resource* row = find(kMachineType, id);
  if (row == nullptr) return not_found(kMachineType, id);
  const MachineState state = state_of(*row);
  json statuses = json::array();
  if (state.provisioning == "Failed")
    statuses.push_back(status_entry("ProvisioningState/failed/" + row->failure,
                                    "Provisioning failed", "The operation on it has failed."));
  else
    statuses.push_back(status_entry(
        "ProvisioningState/" + lower(state.provisioning),
        state.provisioning == "Succeeded" ? "Provisioning succeeded" : state.provisioning, ""));
  if (!state.power.empty())
    statuses.push_back(status_entry("PowerState/" + state.power, "VM " + state.power, ""));
  json view = {{"statuses", statuses}};
  if (state.power == "running")
    view["vmAgent"] = {
        {"vmAgentVersion", "2.9.1.1"},
        {"statuses", json::array({status_entry("ProvisioningState/succeeded", "Ready", "")})}};
  json disks = json::array();
  for (const json& each : items_at(row->body, "properties/storageProfile/dataDisks"))
    disks.push_back({{"name", text_at(each, "name")},
                     {"statuses", json::array({status_entry("ProvisioningState/succeeded",
                                                            "Provisioning succeeded", "")})}});
  view["disks"] = disks;
  return view;
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
    if (!state_of(row).is_gone) {
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
