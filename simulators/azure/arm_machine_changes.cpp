#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "simulators/azure/arm_backend.hpp"

/// What of ArmBackend gives a machine other disks and interfaces.
namespace wme::simulators::azure {

using nlohmann::json;

namespace {

constexpr std::chrono::seconds kAttachTime{5};

bool is_among(const json& entries, const char* id_path, const std::string& id) {
  return std::ranges::any_of(entries, [&](const json& each) {
    return same_id(text_at(each, id_path), id) && text_at(each, "toBeDetached") != "true";
  });
}

/// The lists are written over as wholes, everything else name by name.
void merge(json& body, const json& patch) {
  for (const auto& [name, value] : patch.items()) {
    if (value.is_object() && body.contains(name) && body[name].is_object() && name != "tags")
      merge(body[name], value);
    else if (name != "dataDisks" && name != "networkInterfaces")
      body[name] = value;
  }
}

}  // namespace

ArmStatus ArmBackend::attach_disk(Resource& machine, Resource& disk) {
  const std::string owner = related(world_.installation(), "machine", disk.entity);
  if (!disk.entity.empty() && machine.entity == owner) {
    const Reply reply =
        world_.request("attach-volume", {disk.entity}, "arm VirtualMachines_Update");
    if (!reply.accepted())
      return ArmError{
          409, "AttachDiskWhileBeingDetached",
          "Cannot attach data disk '" + name_in(disk.id) + "': " + reply.refusals.front()};
  } else {
    if (!disk.entity.empty())
      world_.record_violation(
          "arm VirtualMachines_Update", "attach-volume " + disk.entity, "",
          disk.entity + " is attached to " + name_in(machine.id) + " instead of " + owner);
    disk.held = {"attaching", "attached", now() + kAttachTime};
  }
  disk.holder = machine.id;
  return Nothing{};
}

ArmStatus ArmBackend::detach_disk(Resource& machine, Resource& disk) {
  const std::string& own = disk.held.at(now());
  if (disk.entity.empty() || own == "attached") {
    disk.held = {"detaching", "detached", now() + kAttachTime};
    return Nothing{};
  }
  const Reply reply = world_.request("detach-volume", {disk.entity}, "arm VirtualMachines_Update");
  if (!reply.accepted())
    return ArmError{
        409, "Conflict",
        name_in(disk.id) + " on " + name_in(machine.id) + ": " + reply.refusals.front()};
  return Nothing{};
}

ArmStatus ArmBackend::change_disks(Resource& machine, const json& wanted) {
  std::set<int> luns;
  for (const json& each : wanted) {
    if (!luns.insert(number_at(each, "lun", -1)).second || luns.contains(-1))
      return ArmError{
          400, "InvalidParameter",
          "The value of parameter dataDisk.lun is invalid: it is missing or used twice."};
    const std::string id = text_at(each, "managedDisk/id");
    const Resource* present = find(kDiskType, id);
    if (present != nullptr && same_id(holding_of_disk(*present).machine, machine.id)) continue;
    if (text_at(each, "createOption") != "Attach")
      return ArmError{400, "InvalidParameter",
                      "The simulator adds existing disks only: createOption Attach."};
    const Resource* disk = find(kDiskType, id);
    if (disk == nullptr) return ArmError{404, "NotFound", "Disk " + id + " is not found."};
    if (!holding_of_disk(*disk).machine.empty())
      return ArmError{409, "AttachDiskWhileBeingDetached",
                      "Cannot attach data disk '" + name_in(id) + "' to VM '" +
                          name_in(machine.id) + "' because the disk is currently owned by VM '" +
                          name_in(holding_of_disk(*disk).machine) + "'."};
    if (disk_state(*disk) != "available")
      return ArmError{409, "Conflict", "Disk '" + name_in(id) + "' is not ready."};
  }
  const std::string os_disk =
      text_at(machine.body, "properties/storageProfile/osDisk/managedDisk/id");
  for (auto& [disk_id, disk] : tables_[kDiskType]) {
    const bool is_held = same_id(holding_of_disk(disk).machine, machine.id);
    if (!is_held || same_id(disk_id, os_disk) || is_among(wanted, "managedDisk/id", disk.id))
      continue;
    if (const auto done = detach_disk(machine, disk); !done) return done;
  }
  json kept = json::array();
  for (json each : wanted) {
    Resource* disk = find(kDiskType, text_at(each, "managedDisk/id"));
    if (disk == nullptr || text_at(each, "toBeDetached") == "true") continue;
    if (holding_of_disk(*disk).machine.empty())
      if (const auto done = attach_disk(machine, *disk); !done) return done;
    each["name"] = name_in(disk->id);
    each["managedDisk"]["id"] = disk->id;
    each["diskSizeGB"] = number_at(disk->body, "properties/diskSizeGB", 0);
    each["toBeDetached"] = false;
    if (!each.contains("deleteOption")) each["deleteOption"] = "Detach";
    kept.push_back(std::move(each));
  }
  child(machine.body, kDataDisks) = std::move(kept);
  return Nothing{};
}

ArmStatus ArmBackend::check_interfaces(const Resource& machine, const json& wanted) const {
  if (wanted.empty())
    return ArmError{400, "InvalidParameter",
                    "The value of parameter networkProfile.networkInterfaces is invalid: a machine "
                    "has at least one."};
  int primaries = 0;
  for (const json& each : wanted) {
    const std::string id = text_at(each, "id");
    const Resource* interface = find(kInterfaceType, id);
    if (interface == nullptr)
      return ArmError{400, "InvalidResourceReference",
                      "Resource " + id + " referenced by the machine was not found."};
    const Holding held = holding_of_interface(*interface);
    if (!held.machine.empty() && !same_id(held.machine, machine.id))
      return ArmError{
          400, "NicInUse",
          "Network Interface " + id + " is used by existing resource " + held.machine + "."};
    if (text_at(each, "properties/primary") == "true") ++primaries;
  }
  if (wanted.size() > 1 && primaries != 1)
    return ArmError{400, "InvalidParameter",
                    "Exactly one of several network interfaces must be primary."};
  return Nothing{};
}

ArmStatus ArmBackend::change_interfaces(Resource& machine, const json& wanted) {
  if (const auto fit = check_interfaces(machine, wanted); !fit) return fit;
  json& present = child(machine.body, kInterfaces);
  std::vector<Resource*> removed;
  std::vector<Resource*> added;
  const auto is_held = [&](const Resource& interface) {
    return same_id(holding_of_interface(interface).machine, machine.id);
  };
  for (auto& [interface_id, interface] : tables_[kInterfaceType])
    if (is_held(interface) && !is_among(wanted, "id", interface_id)) removed.push_back(&interface);
  for (const json& each : wanted)
    if (Resource* interface = find(kInterfaceType, text_at(each, "id")); !is_held(*interface))
      added.push_back(interface);
  if (removed.empty() && added.empty()) {
    present = wanted;
    return Nothing{};
  }
  if (state_of(machine).power != "deallocated")
    return ArmError{
        409, "AddingOrDeletingNetworkInterfacesOnARunningVirtualMachineNotSupported",
        "Secondary network interfaces cannot be added or deleted from a running virtual "
        "machine '" +
            name_in(machine.id) + "'."};
  for (Resource* each : removed) {
    if (models_address(*each) && machine.entity == "platform") {
      const Reply reply = world_.request("detach-address", {}, "arm VirtualMachines_Update");
      if (!reply.accepted()) return ArmError{409, "Conflict", reply.refusals.front()};
    } else if (models_address(*each) && machine.entity == "platform-new") {
      return ArmError{409, "Conflict",
                      "The simulator cannot take the address from the new Platform again."};
    } else {
      each->held = {"detaching", "detached", now() + kAttachTime};
    }
  }
  for (Resource* each : added) {
    if (models_address(*each) && machine.entity == "platform") {
      const Reply reply = world_.request("return-address", {}, "arm VirtualMachines_Update");
      if (!reply.accepted()) return ArmError{409, "Conflict", reply.refusals.front()};
      continue;
    }
    if (each->carries_address)
      world_.record_violation("arm VirtualMachines_Update", "attach-address", "INV-21",
                              "the Platform's address is given to " + name_in(machine.id));
    each->holder = machine.id;
    each->held = {"attaching", "attached", now() + kAttachTime};
  }
  present = wanted;
  return Nothing{};
}

ArmResult<Change> ArmBackend::patch_machine(const std::string& id, const json& body) {
  Resource* row = find(kMachineType, id);
  if (row == nullptr) return not_found(kMachineType, id);
  if (!body.is_object())
    return ArmError{400, "InvalidRequestContent", "The request content was invalid."};
  const MachineState state = state_of(*row);
  if (state.provisioning != "Succeeded" && state.provisioning != "Failed")
    return ArmError{
        409, "Conflict",
        "The request failed due to conflict with a concurrent request on '" + name_in(id) + "'."};
  const std::string size = text_at(body, "properties/hardwareProfile/vmSize");
  if (!size.empty() && size != text_at(row->body, "properties/hardwareProfile/vmSize") &&
      state.power != "deallocated")
    return ArmError{409, "OperationNotAllowed", "The simulator resizes deallocated machines only."};
  for (const char* fixed :
       {"properties/osProfile/computerName", "properties/osProfile/adminUsername",
        "properties/storageProfile/osDisk/name"})
    if (const std::string wanted = text_at(body, fixed);
        !wanted.empty() && wanted != text_at(row->body, fixed))
      return ArmError{409, "PropertyChangeNotAllowed",
                      "Changing property '" + std::string(fixed).substr(11) + "' is not allowed."};
  const json properties = body.value("properties", json::object());
  const json disks = properties.value("storageProfile", json::object()).value("dataDisks", json());
  const json interfaces =
      properties.value("networkProfile", json::object()).value("networkInterfaces", json());
  if (interfaces.is_array())
    if (const auto done = change_interfaces(*row, interfaces); !done) return done.error();
  if (disks.is_array())
    if (const auto done = change_disks(*row, disks); !done) return done.error();
  merge(row->body, body);
  return begin(200, kMachineType, id, until_steady(id));
}

ArmResult<Change> ArmBackend::attach_detach(const std::string& id, const json& body) {
  Resource* row = find(kMachineType, id);
  if (row == nullptr) return not_found(kMachineType, id);
  json wanted = json::array();
  const auto detached = items_at(body, "dataDisksToDetach");
  std::set<int> luns;
  for (const json& each : child(row->body, kDataDisks)) {
    if (is_among(detached, "diskId", text_at(each, "managedDisk/id"))) continue;
    luns.insert(number_at(each, "lun", -1));
    wanted.push_back(each);
  }
  for (const json& each : items_at(body, "dataDisksToAttach")) {
    int lun = number_at(each, "lun", 0);
    while (!each.contains("lun") && luns.contains(lun)) ++lun;
    luns.insert(lun);
    wanted.push_back({{"lun", lun},
                      {"createOption", "Attach"},
                      {"managedDisk", {{"id", text_at(each, "diskId")}}}});
  }
  return patch_machine(id, {{"properties", {{"storageProfile", {{"dataDisks", wanted}}}}}});
}

}  // namespace wme::simulators::azure
