#include <algorithm>
#include <string>
#include <utility>

#include "simulators/azure/arm_backend.hpp"

/// What of ArmBackend makes machines, switches them and takes them away.
namespace wme::simulators::azure {

using nlohmann::json;

namespace {

constexpr std::chrono::seconds kBootTime{30};
constexpr std::chrono::seconds kShutdownTime{40};
constexpr const char* kOsDisk = "properties/storageProfile/osDisk";

ArmError conflict(const std::string& id) {
  return {409, "Conflict",
          "The request failed due to conflict with a concurrent request on '" + name_in(id) +
              "'. To resolve it, please refer to https://aka.ms/activitylog to get more details on "
              "the conflicting requests."};
}

std::string door(ArmBackend::Power power) {
  switch (power) {
    case ArmBackend::Power::kDeallocate:
      return "arm VirtualMachines_Deallocate";
    case ArmBackend::Power::kPowerOff:
      return "arm VirtualMachines_PowerOff";
    case ArmBackend::Power::kStart:
      break;
  }
  return "arm VirtualMachines_Start";
}

}  // namespace

/// The new machine of the model that this is; empty for a user's own.
std::string ArmBackend::entity_for_machine(const std::string& id, const json& body) {
  const std::string entity = text_at(body, "tags/rehydrate:entity");
  const bool is_ours =
      text_at(body, "tags/rehydrate:installation") == world_.installation().inventory.name;
  if (entity.empty() || !is_ours || !world_.exists("launch-machine", {entity})) return "";
  if (entity != "platform-new") return entity;
  const model::Platform& platform = world_.installation().inventory.platform;
  const bool comes_with_address =
      world_.exists("detach-address", {}) && !platform.interface.empty();
  if (!comes_with_address) return entity;
  const std::string kept = whole_id(account_, kInterfaceType, platform.interface);
  for (const json& each : items_at(body, kInterfaces))
    if (same_id(text_at(each, "id"), kept)) return entity;
  world_.record_violation("arm VirtualMachines_CreateOrUpdate", "launch-machine platform-new",
                          "INV-21", name_in(id) + " is made without the Platform's address");
  return "";
}

ArmStatus ArmBackend::check_new_machine(const json& body) const {
  if (text_at(body, "location").empty())
    return ArmError{400, "LocationRequired",
                    "The location property is required for this definition."};
  if (text_at(body, "properties/hardwareProfile/vmSize").empty())
    return invalid("hardwareProfile.vmSize", "it is missing");
  const std::string option = text_at(body, std::string(kOsDisk) + "/createOption");
  const bool has_profile = body["properties"].contains("osProfile");
  if (option != "Attach" && option != "FromImage")
    return invalid("osDisk.createOption", "'" + option + "'");
  if (option == "Attach" && has_profile)
    return invalid("osProfile", "it is not allowed when an existing disk is attached as OS disk");
  if (option == "FromImage" && !has_profile) return invalid("osProfile", "it is missing");
  if (option == "Attach" &&
      find(kDiskType, text_at(body, std::string(kOsDisk) + "/managedDisk/id")) == nullptr)
    return ArmError{404, "NotFound", "The OS disk of the machine was not found."};
  for (const json& each : items_at(body, kDataDisks)) {
    if (text_at(each, "createOption") != "Attach") continue;
    const Resource* disk = find(kDiskType, text_at(each, "managedDisk/id"));
    if (disk == nullptr)
      return ArmError{404, "NotFound",
                      "Disk " + text_at(each, "managedDisk/id") + " is not found."};
    if (!holding_of_disk(*disk).machine.empty() || !disk->entity.empty())
      return ArmError{409, "AttachDiskWhileBeingDetached",
                      "Cannot attach data disk '" + name_in(disk->id) +
                          "' while the machine is made (the simulator attaches it afterwards)."};
  }
  const auto interfaces = items_at(body, kInterfaces);
  if (interfaces.empty()) return invalid("networkProfile", "a machine has at least one interface");
  Resource nobody;
  return check_interfaces(nobody, interfaces);
}

/// Disks that the machine is made with, and names for what has none.
void ArmBackend::make_disks(Resource& machine) {
  const std::string name = name_in(machine.id);
  const auto made = [&](json& entry, const std::string& default_name, int default_size) {
    if (text_at(entry, "createOption") != "Attach") {
      if (!entry.contains("name")) entry["name"] = default_name;
      const std::string id = "/subscriptions/" + account_.subscription + "/resourceGroups/" +
                             group_in(machine.id) + "/providers/" + kDiskType + "/" +
                             text_at(entry, "name");
      Resource& disk = seed_disk(id, number_at(entry, "diskSizeGB", default_size), machine.id);
      disk.body["properties"]["creationData"]["createOption"] = text_at(entry, "createOption");
      disk.body["tags"] = machine.body.value("tags", json::object());
      disk.body["tags"].erase("rehydrate:entity");
      entry["managedDisk"]["id"] = id;
      entry["diskSizeGB"] = number_at(entry, "diskSizeGB", default_size);
    } else if (Resource* disk = find(kDiskType, text_at(entry, "managedDisk/id"))) {
      disk->holder = machine.id;
      disk->held = {"attached", "", {}};
      entry["name"] = name_in(disk->id);
    }
    if (!entry.contains("deleteOption")) entry["deleteOption"] = "Detach";
  };
  constexpr int kOsSizeGb = 30;
  json& os = child(machine.body, kOsDisk);
  made(os, name + "_OsDisk_1_" + guid_of(machine.id).substr(0, 8), kOsSizeGb);
  os["osType"] = "Linux";
  int lun = 0;
  for (json& each : child(machine.body, kDataDisks)) {
    made(each, name + "_disk" + std::to_string(lun + 2), kOsSizeGb);
    each["toBeDetached"] = false;
    lun++;
  }
}

ArmResult<Change> ArmBackend::put_machine(const std::string& id, const json& body) {
  if (const Resource* there = find(kMachineType, id)) {
    const bool has_failed_to_launch = there->entity.empty() && there->own.state == "absent";
    if (!has_failed_to_launch) return patch_machine(id, body);
    Resource gone = *there;  // asked for once more, it is made once more
    tables_[kMachineType].erase(lower(id));
    release_holdings(gone);
  }
  if (!body.is_object() || !body.contains("properties") || !body["properties"].is_object())
    return ArmError{400, "InvalidRequestContent", "The request content was invalid."};
  if (const auto fit = check_new_machine(body); !fit) return fit.error();
  const std::string entity = entity_for_machine(id, body);
  if (!entity.empty()) {
    const Reply reply =
        world_.request("launch-machine", {entity}, "arm VirtualMachines_CreateOrUpdate");
    if (!reply.accepted()) return ArmError{409, "Conflict", reply.refusals.front()};
  }
  Resource& row = add(kMachineType, id, body);
  row.entity = entity;
  row.own = {"pending", "running", now() + kBootTime};
  if (!row.body["properties"]["storageProfile"].contains("dataDisks"))
    row.body["properties"]["storageProfile"]["dataDisks"] = json::array();
  make_disks(row);
  for (json& each : child(row.body, kInterfaces)) {
    Resource* interface = find(kInterfaceType, text_at(each, "id"));
    if (interface->carries_address && entity != "platform-new" && models_address(*interface))
      world_.record_violation("arm VirtualMachines_CreateOrUpdate", "attach-address", "INV-21",
                              "the Platform's address is given to " + name_in(id));
    if (models_address(*interface)) continue;
    interface->holder = id;
    interface->held = {"attached", "", {}};
  }
  if (entity.empty()) return begin(201, kMachineType, id, until_steady(id));
  return begin(201, kMachineType, id,
               until("power", entity, {"pending"}, "running", "AllocationFailed"));
}

ArmResult<Change> ArmBackend::delete_machine(const std::string& id) {
  Resource* row = find(kMachineType, id);
  if (row == nullptr) return Change{204, nullptr, ""};
  if (row->entity.empty()) {
    row->own = {"terminating", "terminated", now() + kShutdownTime};
    return begin(202, kMachineType, id, until_steady(id));
  }
  const std::string entity = row->entity;
  if (!world_.is("power", {entity}, "terminating")) {
    const Reply reply = world_.request("terminate-machine", {entity}, "arm VirtualMachines_Delete");
    if (!reply.accepted()) return ArmError{409, "Conflict", reply.refusals.front()};
  }
  return begin(202, kMachineType, id,
               until("power", entity, {"terminating"}, "terminated", "InternalExecutionError"));
}

ArmResult<Change> ArmBackend::change_power(const std::string& id, Power power) {
  Resource* row = find(kMachineType, id);
  if (row == nullptr) return not_found(kMachineType, id);
  const MachineState state = state_of(*row);
  const bool starts = power == Power::kStart;
  const bool is_off = state.power == "stopped" || state.power == "deallocated";
  const bool is_going_off = state.power == "stopping" || state.power == "deallocating";
  const bool is_there =
      starts ? state.power == "running" || state.power == "starting" : is_off || is_going_off;
  const bool may_change = starts ? is_off : state.power == "running";
  if (!is_there && !may_change) return conflict(id);
  if (starts) row->is_allocated = true;
  if (power == Power::kDeallocate) row->is_allocated = false;
  const std::string transient = starts ? "pending" : "stopping";
  const std::string done = starts ? "running" : "stopped";
  if (may_change && row->entity.empty()) {
    row->own = {transient, done, now() + (starts ? kBootTime : kShutdownTime)};
  } else if (may_change) {
    const Reply reply =
        world_.request(starts ? "start-machine" : "stop-machine", {row->entity}, door(power));
    if (!reply.accepted()) return conflict(id);
  }
  const char* failure = starts ? "AllocationFailed" : "InternalExecutionError";
  Change change =
      row->entity.empty()
          ? begin(202, kMachineType, id, until_steady(id))
          : begin(202, kMachineType, id, until("power", row->entity, {transient}, done, failure));
  change.body = nullptr;
  return change;
}

}  // namespace wme::simulators::azure
