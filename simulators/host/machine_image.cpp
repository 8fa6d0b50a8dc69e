#include "simulators/host/machine_image.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "simulators/host/checksum.hpp"
#include "simulators/host/tarball.hpp"

namespace wme::simulators {

namespace {

using model::Provider;

/// Far more parked containers than this only make each copy of the tree slow: the procedures never
/// look at a single one.
constexpr std::size_t kShownContainersMax = 200;

const model::Instance* find_instance(const model::Inventory& inventory, std::string_view name) {
  for (const model::Instance& each : inventory.instances)
    if (each.name == name) return &each;
  return nullptr;
}

std::string shard_id(const model::Inventory& inventory, const std::string& shard) {
  for (const model::Shard& each : inventory.shards)
    if (each.name == shard) return each.id;
  return shard;
}

bool is_successor(std::string_view name) { return name.ends_with("-new"); }

std::string without_generation(std::string_view name) {
  return std::string(is_successor(name) ? name.substr(0, name.size() - 4) : name);
}

std::string new_identity(const model::Inventory& inventory, const std::string& name) {
  std::string hex = uuid_from("machine " + inventory.name + name);
  std::erase(hex, '-');
  if (inventory.provider == Provider::kAws) return "i-0" + hex.substr(0, 16);
  return inventory.name + "-" + name;
}

void put_member(std::vector<TarMember>& members, const std::string& name,
                const std::string& content, const std::string& entity = "") {
  FileNode node;
  node.content = content;
  node.size = content.size();
  node.entity = entity;
  members.push_back({name, std::move(node)});
}

void put_script(std::vector<TarMember>& members, const std::string& name) {
  put_member(members, name, "#!/bin/bash\n# " + name_of(name) + " of WaveMaker Enterprise\n");
}

}  // namespace

Machine described_machine(const model::Installation& installation, const std::string& name) {
  const model::Inventory& inventory = installation.inventory;
  const std::string old_name = without_generation(name);
  const bool is_new = is_successor(name);
  Machine machine;
  machine.name = name;
  std::string cloud_id;
  if (const model::Instance* instance = find_instance(inventory, old_name)) {
    machine.address =
        is_new && !instance->new_address.empty() ? instance->new_address : instance->address;
    cloud_id = instance->cloud_id;
    machine.docker_installed = !is_new;
  } else {
    const model::Platform& platform = inventory.platform;
    machine.address =
        is_new && !platform.new_address.empty() ? platform.new_address : platform.address;
    cloud_id = platform.cloud_id;
  }
  if (cloud_id.empty()) cloud_id = old_name;
  machine.identity = is_new ? new_identity(inventory, name) : cloud_id;
  machine.hostname = machine.identity;
  if (inventory.provider == Provider::kAws) {
    machine.hostname = "ip-" + machine.address;
    std::ranges::replace(machine.hostname, '.', '-');
  }
  constexpr std::array<std::pair<Provider, const char*>, 5> kInterfaces = {
      {{Provider::kAws, "ens5"},
       {Provider::kAzure, "eth0"},
       {Provider::kGcp, "ens4"},
       {Provider::kEsxi, "ens192"},
       {Provider::kHyperV, "eth0"}}};
  for (const auto& [provider, interface] : kInterfaces)
    if (provider == inventory.provider) machine.interface = interface;
  return machine;
}

void install_system(Machine& machine, const model::Installation& installation, bool one_disk) {
  const model::Inventory& inventory = installation.inventory;
  FileTree& root = machine.files.root;
  for (const char* directory :
       {"/dev", "/etc/apt/preferences.d", "/home", "/mnt", "/proc", "/root", "/run", "/tmp",
        "/usr/local/content", "/usr/local/bin", "/var/log", "/var/tmp", "/opt"})
    root.make_directories(directory);
  const model::Instance* instance = find_instance(inventory, without_generation(machine.name));
  const std::string& user = instance != nullptr ? instance->ssh_user : inventory.platform.ssh_user;
  root.make_directories("/home/" + user);
  if (!inventory.platform.ssh_key_owner.empty())
    root.write("/home/" + inventory.platform.ssh_key_owner + "/.ssh/id_rsa", "(a private key)\n");
  root.write("/etc/hostname", machine.hostname + "\n");
  root.write("/etc/hosts", "127.0.0.1 localhost\n");
  root.write(
      "/etc/os-release",
      "PRETTY_NAME=\"Ubuntu 22.04.4 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"22.04\"\nID=ubuntu\n");
  root.write("/etc/fstab", "LABEL=cloudimg-rootfs / ext4 discard,errors=remount-ro 0 1\n");
  const std::string dmi = "/sys/class/dmi/id/";
  const bool aws = inventory.provider == Provider::kAws;
  root.write(dmi + "board_asset_tag", (aws ? machine.identity : "Not Specified") + "\n");
  root.write(dmi + "product_serial", (aws ? uuid_from(machine.identity) : machine.identity) + "\n");
  root.write(dmi + "product_uuid", uuid_from(machine.identity) + "\n");
  // One disk: the trees of WME are directories of it (wme.md 1.1).
  if (one_disk) {
    const bool platform = instance == nullptr;
    if (platform) root.make_directories("/wm-data");
    if (platform) root.make_directories("/wm-runtime");
    if (!platform) root.make_directories("/data");
  }
}

Disk store_disk(const model::Inventory& inventory, const std::string& store,
                const std::string& role) {
  Disk disk;
  disk.entity = store;
  disk.fstype = "ext4";
  disk.uuid = uuid_from(inventory.name + " " + role);
  const bool data = role == "wm-data";
  disk.size_gb = data ? inventory.platform.wm_data.size_gb : inventory.platform.wm_runtime.size_gb;
  FileTree& tree = disk.tree;
  tree.make_directories("/lost+found");
  if (data) {
    const std::string parked = "/volumes/passivation-server/backup-snapshots";
    tree.make_directories(parked);
    tree.write("/volumes/gitlab/data/VERSION", "14.0\n");
    tree.write("/volumes/postgres/data/PG_VERSION", "12\n");
    std::size_t shown = 0;
    for (const model::Container& each : inventory.containers) {
      if (each.state != model::ContainerState::kPassivated || ++shown > kShownContainersMax)
        continue;
      const std::string id = each.id.empty() ? each.name : each.id;
      tree.write(parked + "/" + shard_id(inventory, each.shard) + "/read-write/" + id +
                     "/rootfs/var/lib/wavemaker/work",
                 "last saved work of " + each.owner + "\n");
    }
  } else {
    tree.write("/conf/config-wizard/config/setup-env.json",
               "{\n  \"cidr\": \"" + inventory.cidr + "\",\n  \"hostIp\": \"" +
                   inventory.platform.address + "\",\n  \"version\": \"" + inventory.version +
                   "\"\n}\n");
    tree.write("/system-env/http-proxy.env", "");
    tree.make_directories("/setup/setup-registry-server/registry");
  }
  return disk;
}

Disk data_disk(const model::Inventory& inventory, const std::string& instance) {
  Disk disk;
  disk.entity = "data " + instance;
  const model::Instance* found = find_instance(inventory, without_generation(instance));
  disk.size_gb = found == nullptr ? 150 : found->data_gb;
  disk.tree.make_directories("/lost+found");
  return disk;
}

std::string backup_path(const model::Inventory& inventory, std::string_view archive) {
  return "/" + inventory.backup_id + "/" +
         (archive.ends_with("wm-data") ? "data.tar" : "wm-runtime.tar");
}

void put_backup(Disk& backup_store, const model::Inventory& inventory, const std::string& archive,
                const Disk& store) {
  Filesystem files;
  const std::string role = archive.substr(archive.find('-') + 1);
  for (const auto& [path, node] : store.tree.nodes())
    files.root.put(absolute_path("/" + role, "." + path), node);
  FileNode node;
  node.entity = archive;
  node.content = pack(members_of(files, "/" + role, "/"));
  node.size = node.content.size();
  const std::string path = backup_path(inventory, archive);
  backup_store.tree.write(path + ".sha256", digest("sha256", node) + "  " + name_of(path) + "\n");
  backup_store.tree.put(path, std::move(node));
}

std::string device_name(const model::Installation& installation, const std::string& machine,
                        const std::string& what) {
  const bool is_new = is_successor(machine);
  const bool data = what.starts_with("wm-data");
  // On the machine of today /wm-data comes first, on its successor second: a letter proves nothing.
  const bool first = !what.starts_with("wm-") || data != is_new;
  switch (installation.inventory.provider) {
    case Provider::kAws:
      return first ? "nvme1n1" : "nvme2n1";
    case Provider::kAzure:
      return first ? "sdc" : "sdd";
    case Provider::kGcp:
      return first ? "sdb" : "sdc";
    case Provider::kEsxi:
    case Provider::kHyperV:
      return first ? "sdb" : "sdc";
  }
  return "sdb";
}

std::string volume_serial(const model::Inventory& inventory, const std::string& store) {
  // Persistent disks of Google show the name of the device as their serial.
  if (inventory.provider == Provider::kGcp) return without_generation(store);
  const model::Volume& volume =
      store.starts_with("wm-data") ? inventory.platform.wm_data : inventory.platform.wm_runtime;
  std::string id = is_successor(store) ? "vol-0" + uuid_from(store).substr(0, 8) : volume.cloud_id;
  std::erase(id, '-');
  return id;
}

std::string artefact_content(std::string_view artefact) {
  std::vector<TarMember> members;
  if (artefact == "package") {
    for (const char* name :
         {"wme-installer.sh", "wme-utility.sh", "check_nonpassivate_ctnrs.sh",
          "docker_configure.sh", "docker_setup_rhel.sh", "wme-data-tar.sh", "wme-data-untar.sh",
          "configwizardstatus.sh", "resources/executesql.sh",
          "resources/update_vcs_ips_in_backupserver.sh"})
      put_script(members, name);
    put_member(members, "resources/update_vcs_ips_in_db.sql",
               "UPDATE vcs_config SET base_url = replace(base_url, :'old', :'new');\n");
  } else if (artefact == "migrations") {
    put_member(members, "wme_migrations/gitlab.tar", "gitlab steps\n", "migrations");
    put_member(members, "wme_migrations/postgres.tar", "postgres steps\n", "migrations");
  } else {
    put_script(members, "wme-rotate.sh");
  }
  return pack(members);
}

std::uint64_t artefact_bytes(std::string_view artefact) {
  return artefact == "package"      ? 10206617600ULL
         : artefact == "migrations" ? 2147483648ULL
                                    : 52428800ULL;
}

}  // namespace wme::simulators
