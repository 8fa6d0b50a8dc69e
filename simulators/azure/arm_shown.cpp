#include <utility>

#include "simulators/azure/arm_backend.hpp"

/// What is read: a resource as it was asked for, and over it what the server itself says of it.
namespace wme::simulators::azure {

using nlohmann::json;

namespace {

json status_entry(const std::string& code, const std::string& display, const std::string& message) {
  json entry = {{"code", code}, {"level", "Info"}, {"displayStatus", display}};
  if (!message.empty()) {
    entry["level"] = "Error";
    entry["message"] = message;
  }
  return entry;
}

}  // namespace

json ArmBackend::shown(const std::string& type, const Resource& row) const {
  json made = row.body;
  if (type == kMachineType) made = machine_shown(row, state_of(row));
  if (type == kDiskType) made = disk_shown(row);
  if (type == kSnapshotType) made = snapshot_shown(row);
  if (type == kInterfaceType) made = interface_shown(row);
  return named(type, row, std::move(made));
}

json ArmBackend::named(const std::string& type, const Resource& row, json made) const {
  made["id"] = row.id;
  made["name"] = name_in(row.id);
  made["type"] = type;
  if (!made.contains("location")) made["location"] = account_.location;
  return made;
}

json ArmBackend::machine_shown(const Resource& row, const MachineState& state) const {
  json made = row.body;
  json& properties = made["properties"];
  properties["vmId"] = guid_of(row.id);
  properties["provisioningState"] = state.provisioning;
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
  const bool is_off = machine != nullptr && own_state_of(*machine).power == "deallocated";
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

}  // namespace wme::simulators::azure
