#include <cstdlib>
#include <string>
#include <utility>

#include "simulators/azure/arm_backend.hpp"

/// What the subscription holds before the first request: the machines, disks, interfaces and
/// backups of the inventory, as the world has them.
namespace wme::simulators::azure {

using nlohmann::json;

namespace {

constexpr int kRootSizeGb = 50;
/// Everything of today was made this long before the world begins.
constexpr std::chrono::hours kAge{24 * 90};

std::string or_else(const std::string& text, const std::string& other) {
  return text.empty() ? other : text;
}

std::string public_key(const std::string& name) {
  return "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABsimulated " + name;
}

json interface_entry(const std::string& id, bool is_primary) {
  return {{"id", id}, {"properties", {{"primary", is_primary}, {"deleteOption", "Detach"}}}};
}

}  // namespace

ArmBackend::ArmBackend(World& world, ArmAccount account)
    : world_(world), account_(std::move(account)) {
  const auto lock = world_.enter();
  for (const char* type : {kMachineType, kDiskType, kSnapshotType, kInterfaceType, kNetworkType,
                           kGroupType, kSshKeyType})
    tables_[type];
  seed_statics();
  seed_platform();
  seed_instances();
  seed_snapshots();
  for (auto& [type, table] : tables_)
    for (auto& [id, row] : table) row.created = now() - kAge;
}

/// What machines are made with, and no procedure makes: network, groups, key.
void ArmBackend::seed_statics() {
  const model::Inventory& inventory = world_.installation().inventory;
  const std::string subnet = or_else(inventory.launch.subnet, "wme-vnet/wme-subnet");
  if (!subnet.starts_with('/')) {
    const std::string network =
        whole_id(account_, kNetworkType, subnet.substr(0, subnet.find('/')));
    const std::string name = subnet.find('/') == std::string::npos ? "default" : name_in(subnet);
    add(kNetworkType, network,
        {{"location", account_.location},
         {"properties",
          {{"provisioningState", "Succeeded"},
           {"addressSpace", {{"addressPrefixes", json::array({inventory.lan})}}},
           {"subnets", json::array({{{"id", network + "/subnets/" + name},
                                     {"name", name},
                                     {"properties",
                                      {{"addressPrefix", inventory.lan},
                                       {"provisioningState", "Succeeded"}}}}})}}}});
  }
  for (const std::string& group : inventory.launch.security_groups)
    add(kGroupType, whole_id(account_, kGroupType, group),
        {{"location", account_.location}, {"properties", {{"provisioningState", "Succeeded"}}}});
  const std::string& key = inventory.launch.key_name;
  if (!key.empty() && key.find(' ') == std::string::npos)
    add(kSshKeyType, whole_id(account_, kSshKeyType, key),
        {{"location", account_.location}, {"properties", {{"publicKey", public_key(key)}}}});
}

std::string ArmBackend::seed_interface(const std::string& name, const std::string& address) {
  const model::Inventory& inventory = world_.installation().inventory;
  const std::string id = whole_id(account_, kInterfaceType, name);
  const std::string subnet = or_else(inventory.launch.subnet, "wme-vnet/wme-subnet");
  const auto slash = subnet.find('/');
  const std::string subnet_id =
      subnet.starts_with('/')
          ? subnet
          : whole_id(account_, kNetworkType, subnet.substr(0, slash)) + "/subnets/" +
                (slash == std::string::npos ? "default" : subnet.substr(slash + 1));
  json properties = {{"enableIPForwarding", false},
                     {"ipConfigurations", json::array({{{"name", "ipconfig1"},
                                                        {"properties",
                                                         {{"primary", true},
                                                          {"privateIPAddress", address},
                                                          {"privateIPAllocationMethod", "Static"},
                                                          {"privateIPAddressVersion", "IPv4"},
                                                          {"subnet", {{"id", subnet_id}}}}}}})}};
  if (!inventory.launch.security_groups.empty())
    properties["networkSecurityGroup"]["id"] =
        whole_id(account_, kGroupType, inventory.launch.security_groups.front());
  add(kInterfaceType, id, {{"location", account_.location}, {"properties", properties}});
  return id;
}

Resource& ArmBackend::seed_disk(const std::string& name, int size_gb, const std::string& holder) {
  json body = {{"location", account_.location},
               {"sku", {{"name", "Premium_LRS"}, {"tier", "Premium"}}},
               {"properties",
                {{"creationData", {{"createOption", "Empty"}}},
                 {"diskSizeGB", size_gb},
                 {"encryption", {{"type", "EncryptionAtRestWithPlatformKey"}}}}}};
  if (!account_.zone.empty()) body["zones"] = json::array({account_.zone});
  Resource& row = add(kDiskType, whole_id(account_, kDiskType, name), std::move(body));
  row.own = {"available", "", {}};
  row.holder = holder;
  row.held = {"attached", "", {}};
  return row;
}

void ArmBackend::seed_machine(const std::string& entity, const std::string& name,
                              const std::string& size, const json& interfaces) {
  const model::Inventory& inventory = world_.installation().inventory;
  const std::string id = whole_id(account_, kMachineType, name);
  Resource& os = seed_disk(name_in(id) + "-os", kRootSizeGb, id);
  os.body["properties"]["osType"] = "Linux";
  json body = {{"location", account_.location},
               {"tags", {{"Name", inventory.name + " " + entity}}},
               {"properties",
                {{"hardwareProfile", {{"vmSize", or_else(size, "Standard_D8s_v5")}}},
                 {"storageProfile",
                  {{"imageReference",
                    {{"publisher", "Canonical"},
                     {"offer", "0001-com-ubuntu-server-focal"},
                     {"sku", "20_04-lts-gen2"},
                     {"version", "latest"}}},
                   {"osDisk",
                    {{"name", name_in(os.id)},
                     {"osType", "Linux"},
                     {"createOption", "FromImage"},
                     {"caching", "ReadWrite"},
                     {"managedDisk", {{"id", os.id}, {"storageAccountType", "Premium_LRS"}}},
                     {"diskSizeGB", kRootSizeGb},
                     {"deleteOption", "Detach"}}},
                   {"dataDisks", json::array()}}},
                 {"osProfile",
                  {{"computerName", name_in(id)},
                   {"adminUsername", inventory.platform.ssh_user},
                   {"linuxConfiguration",
                    {{"disablePasswordAuthentication", true},
                     {"ssh",
                      {{"publicKeys",
                        json::array({{{"path", "/home/ubuntu/.ssh/authorized_keys"},
                                      {"keyData", public_key(inventory.launch.key_name)}}})}}}}}}},
                 {"networkProfile", {{"networkInterfaces", interfaces}}}}}};
  if (!account_.zone.empty()) body["zones"] = json::array({account_.zone});
  Resource& row = add(kMachineType, id, std::move(body));
  row.entity = entity;
  row.is_made = true;
  for (const json& each : interfaces)
    if (Resource* interface = find(kInterfaceType, text_at(each, "id"))) {
      interface->holder = id;
      interface->held = {"attached", "", {}};
    }
}

void ArmBackend::seed_platform() {
  const model::Inventory& inventory = world_.installation().inventory;
  const model::Platform& platform = inventory.platform;
  const std::string name = or_else(platform.cloud_id, "platform");
  json interfaces = json::array();
  if (platform.interface.empty()) {
    interfaces.push_back(
        interface_entry(seed_interface(name_in(name) + "-nic", platform.address), true));
  } else {
    interfaces.push_back(
        interface_entry(seed_interface(name_in(name) + "-nic-0", free_address("platform")), true));
    const std::string kept = seed_interface(platform.interface, platform.address);
    find(kInterfaceType, kept)->carries_address = true;
    interfaces.push_back(interface_entry(kept, false));
  }
  seed_machine("platform", name, inventory.launch.platform_size, interfaces);
  // By its row: in a world that lost it, it is not to be found.
  Resource& machine = tables_[kMachineType].at(lower(whole_id(account_, kMachineType, name)));
  int lun = 0;
  for (const auto& [entity, volume] :
       {std::pair<std::string, const model::Volume*>("wm-data", &platform.wm_data),
        std::pair<std::string, const model::Volume*>("wm-runtime", &platform.wm_runtime)}) {
    Resource& disk = seed_disk(or_else(volume->cloud_id, name_in(name) + "-" + entity),
                               volume->size_gb, machine.id);
    disk.entity = entity;
    disk.held = {};
    child(machine.body, "properties/storageProfile/dataDisks")
        .push_back({{"lun", lun++},
                    {"name", name_in(disk.id)},
                    {"createOption", "Attach"},
                    {"caching", "None"},
                    {"managedDisk", {{"id", disk.id}, {"storageAccountType", "Premium_LRS"}}},
                    {"diskSizeGB", volume->size_gb},
                    {"deleteOption", "Detach"},
                    {"toBeDetached", false}});
  }
}

void ArmBackend::seed_instances() {
  const model::Inventory& inventory = world_.installation().inventory;
  for (const model::Instance& each : inventory.instances) {
    const std::string name = or_else(each.cloud_id, each.name);
    seed_machine(
        each.name, name, inventory.launch.instance_size,
        json::array({interface_entry(seed_interface(name_in(name) + "-nic", each.address), true)}));
    const std::string machine = whole_id(account_, kMachineType, name);
    const Resource& disk = seed_disk(name_in(name) + "-data", each.data_gb, machine);
    child(tables_[kMachineType].at(lower(machine)).body, "properties/storageProfile/dataDisks")
        .push_back({{"lun", 0},
                    {"name", name_in(disk.id)},
                    {"createOption", "Empty"},
                    {"caching", "None"},
                    {"managedDisk", {{"id", disk.id}, {"storageAccountType", "Premium_LRS"}}},
                    {"diskSizeGB", each.data_gb},
                    {"deleteOption", "Detach"},
                    {"toBeDetached", false}});
  }
}

/// Backups that the world begins with carry the tags that making them would have left.
void ArmBackend::seed_snapshots() {
  const model::Installation& installation = world_.installation();
  const model::Inventory& inventory = installation.inventory;
  const auto sort = installation.sorts.find("snapshot");
  if (sort == installation.sorts.end()) return;
  for (const std::string& entity : sort->second) {
    if (world_.is("snapshot", {entity}, "absent")) continue;
    const bool is_data = related(installation, "store", entity) == "wm-data";
    const model::Volume& volume =
        is_data ? inventory.platform.wm_data : inventory.platform.wm_runtime;
    Resource& row =
        add(kSnapshotType, whole_id(account_, kSnapshotType, lower(inventory.name) + "-" + entity),
            {{"location", account_.location},
             {"sku", {{"name", "Standard_LRS"}, {"tier", "Standard"}}},
             {"tags",
              {{"rehydrate:installation", inventory.name},
               {"rehydrate:entity", entity},
               {"rehydrate:backup", inventory.backup_id}}},
             {"properties",
              {{"incremental", true},
               {"diskSizeGB", volume.size_gb},
               {"creationData",
                {{"createOption", "Copy"},
                 {"sourceResourceId",
                  whole_id(account_, kDiskType, or_else(volume.cloud_id, entity))}}}}}});
    row.entity = entity;
  }
}

}  // namespace wme::simulators::azure
