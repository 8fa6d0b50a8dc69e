#include <string>
#include <utility>

#include "executor/drivers/azure/arm_port.hpp"
#include "executor/drivers/azure/json_fields.hpp"

/// What of ArmPort makes machines.
namespace wme::executor::azure {

using nlohmann::json;

namespace {

/// "publisher:offer:sku:version", as the CLI writes it; else an image by name or whole id.
json image_reference(const ArmPlace& place, const std::string& image) {
  std::vector<std::string> parts(1);
  for (const char c : image)
    if (c == ':')
      parts.emplace_back();
    else
      parts.back() += c;
  if (parts.size() == 4)
    return {{"publisher", parts[0]}, {"offer", parts[1]}, {"sku", parts[2]}, {"version", parts[3]}};
  return {{"id", id_of(place, kImages, image)}};
}

/// "vnet/subnet" of the group, or a whole id.
std::string subnet_id(const ArmPlace& place, const std::string& subnet) {
  if (subnet.starts_with('/')) return subnet;
  const auto slash = subnet.find('/');
  return id_of(place, kNetworks, subnet.substr(0, slash)) + "/subnets/" +
         (slash == std::string::npos ? "default" : subnet.substr(slash + 1));
}

/// An interface takes one group: the first of the inventory is the Platform's, the last one that of
/// the external instances.
std::string group_for(const model::Launch& launch, bool is_platform) {
  if (launch.security_groups.empty()) return "";
  return is_platform ? launch.security_groups.front() : launch.security_groups.back();
}

json disk_of(const std::string& name, const char* option, const char* delete_option) {
  return {{"name", name},
          {"createOption", option},
          {"caching", "ReadWrite"},
          {"managedDisk", {{"storageAccountType", "Premium_LRS"}}},
          {"deleteOption", delete_option}};
}

json data_disk_of(const std::string& name, int size_gb) {
  // Users' work is on it until it is parked: it must outlive a machine that is deleted by mistake.
  json disk = disk_of(name, "Empty", "Detach");
  disk["lun"] = 0;
  disk["caching"] = "None";
  disk["diskSizeGB"] = size_gb;
  return disk;
}

bool has_address(const json& interface, const std::string& address) {
  for (const json& each : items_at(interface, "properties/ipConfigurations"))
    if (text_at(each, "properties/privateIPAddress") == address) return true;
  return false;
}

}  // namespace

Result<std::string> ArmPort::launch_machine(const Call& call) {
  const std::string& machine = call.arguments.front();
  const model::Instance* instance = model::external_instance(inventory_, machine);
  if (!model::is_new(machine) || (instance == nullptr && machine != "platform-new"))
    return Error{ErrorCode::kInvalid, "Azure launch-machine " + machine +
                                          ": only new machines of the inventory are launched"};
  const std::string name = new_name(inventory_, machine, call.token);
  const std::string machine_id = id(kMachines, name);
  const auto made = is_made(kMachines, machine_id);
  if (!made) return made.error();
  if (made.value()) return machine_id + " (made by an earlier try)";
  const auto interface = interface_for(call, name);
  if (!interface) return interface.error();
  const auto body = machine_body(call, name, interface.value());
  if (!body) return body.error();
  return changed("PUT", kMachines, machine_id, body.value());
}

/// The interface with the address that the machine is to have: kept from before, or new.
Result<std::string> ArmPort::interface_for(const Call& call, const std::string& name) {
  const model::Instance* instance = model::external_instance(inventory_, call.arguments.front());
  const model::Platform& platform = inventory_.platform;
  if (instance == nullptr && keeps_address(inventory_)) {
    const auto kept = reader_.address_interface();
    if (!kept) return kept.error();
    if (Status free = make_room_for(kept.value(), id(kMachines, name)); !free) return free.error();
    return text_at(kept.value(), "id");
  }
  const std::string address = instance == nullptr             ? platform.new_address
                              : instance->new_address.empty() ? instance->address
                                                              : instance->new_address;
  // The interface of a machine that was deleted stays, and its address with it.
  const auto all = client_.list(list_of(client_.place(), kInterfaces), kInterfaces.version);
  if (!all) return all.error();
  for (const json& each : all.value()) {
    if (!has_address(each, address)) continue;
    if (Status free = make_room_for(each, id(kMachines, name)); !free) return free.error();
    return text_at(each, "id");
  }
  return new_interface(call, name + "-nic", address,
                       group_for(inventory_.launch, instance == nullptr));
}

Result<std::string> ArmPort::new_interface(const Call& call, const std::string& name,
                                           const std::string& address, const std::string& group) {
  if (inventory_.launch.subnet.empty())
    return Error{ErrorCode::kInvalid, "Azure launch-machine " + call.arguments.front() +
                                          ": the inventory's launch section lacks the subnet"};
  const std::string interface = id(kInterfaces, name);
  json body = resource_of(call);
  body["properties"]["ipConfigurations"] = json::array(
      {{{"name", "ipconfig1"},
        {"properties",
         {{"primary", true},
          {"privateIPAddress", address},
          {"privateIPAllocationMethod", "Static"},
          {"privateIPAddressVersion", "IPv4"},
          {"subnet", {{"id", subnet_id(client_.place(), inventory_.launch.subnet)}}}}}}});
  if (!group.empty()) body["properties"]["networkSecurityGroup"]["id"] = id(kGroups, group);
  const auto made = client_.change("PUT", interface, kInterfaces.version, body);
  if (!made) return made.error();
  return interface;
}

/// The key itself, or the name of one that Azure keeps.
Result<std::string> ArmPort::public_key() {
  const std::string& name = inventory_.launch.key_name;
  if (name.empty())
    return Error{ErrorCode::kInvalid,
                 "Azure launch-machine: the inventory's launch section lacks key_name: the name of "
                 "an SSH public key resource, or the key itself"};
  if (name.find(' ') != std::string::npos) return name;
  const auto found = reader_.resource(kSshKeys, id(kSshKeys, name));
  if (!found) return found.error();
  const std::string key = found.value() ? text_at(*found.value(), "properties/publicKey") : "";
  if (key.empty())
    return Error{ErrorCode::kInvalid, "Azure has no SSH public key " + name +
                                          ": make it with `az sshkey create`, or write the key "
                                          "itself into launch.key_name"};
  return key;
}

Result<json> ArmPort::machine_body(const Call& call, const std::string& name,
                                   const std::string& interface) {
  const model::Launch& launch = inventory_.launch;
  const model::Instance* instance = model::external_instance(inventory_, call.arguments.front());
  const std::string& size = instance == nullptr ? launch.platform_size : launch.instance_size;
  if (launch.image.empty() || size.empty())
    return Error{ErrorCode::kInvalid, "Azure launch-machine " + call.arguments.front() +
                                          ": the inventory's launch section lacks image or size"};
  json body = resource_of(call);
  if (const std::string zone = zone_number(client_.place(), inventory_); !zone.empty())
    body["zones"] = json::array({zone});
  json& properties = body["properties"];
  properties["hardwareProfile"]["vmSize"] = size;
  json& storage = properties["storageProfile"];
  // A disk that is there already brings its users: then there must be no osProfile.
  const auto disk = parse_resource_id(launch.image);
  const bool boots_from_disk = disk && same_id(disk->type, kDisks.path);
  if (boots_from_disk) {
    storage["osDisk"] = {{"createOption", "Attach"},
                         {"osType", "Linux"},
                         {"managedDisk", {{"id", launch.image}}},
                         {"deleteOption", "Detach"}};
  } else {
    storage["imageReference"] = image_reference(client_.place(), launch.image);
    storage["osDisk"] = disk_of(name + "-os", "FromImage", "Delete");
    const std::string& user =
        instance == nullptr ? inventory_.platform.ssh_user : instance->ssh_user;
    const auto key = public_key();
    if (!key) return key.error();
    properties["osProfile"] = {
        {"computerName", name},
        {"adminUsername", user},
        {"linuxConfiguration",
         {{"disablePasswordAuthentication", true},
          {"ssh",
           {{"publicKeys", json::array({{{"path", "/home/" + user + "/.ssh/authorized_keys"},
                                         {"keyData", key.value()}}})}}}}}};
  }
  storage["dataDisks"] = json::array();
  if (instance != nullptr)
    storage["dataDisks"].push_back(data_disk_of(name + "-data", instance->data_gb));
  properties["networkProfile"]["networkInterfaces"] = json::array(
      {{{"id", interface}, {"properties", {{"primary", true}, {"deleteOption", "Detach"}}}}});
  return body;
}

}  // namespace wme::executor::azure
