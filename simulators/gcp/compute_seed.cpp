#include <string>
#include <utility>

#include "simulators/gcp/compute_backend.hpp"

/// What the project holds before the first request: the machines, disks, addresses and backups of
/// the inventory, as the world has them.
namespace wme::simulators::gcp {

namespace {

constexpr int kBootSizeGb = 50;
/// Everything of today was made this long before the world begins.
constexpr std::chrono::hours kAge{24 * 90};
constexpr const char* kProject = "wme-simulated";

std::string or_else(const std::string& text, const std::string& other) {
  return text.empty() ? other : text;
}

/// "p" of "projects/p/zones/…"; empty when the text is only a name.
std::string project_in(const std::string& path) {
  constexpr std::string_view kProjects = "projects/";
  const auto at = path.find(kProjects);
  if (at == std::string::npos) return "";
  const std::string rest = path.substr(at + kProjects.size());
  return rest.substr(0, rest.find('/'));
}

}  // namespace

ComputeBackend::ComputeBackend(World& world) : world_(world) {
  const auto lock = world_.enter();
  const model::Inventory& inventory = world_.installation().inventory;
  project_ = or_else(project_in(inventory.platform.cloud_id),
                     or_else(project_in(inventory.launch.subnet), kProject));
  zone_ = or_else(inventory.launch.zone, or_else(inventory.access.region, "europe-west1") + "-b");
  region_ = zone_.substr(0, zone_.rfind('-'));
  subnet_ = or_else(last_segment(inventory.launch.subnet), "default");
  image_ = or_else(last_segment(inventory.launch.image), "ubuntu-2204-lts");
  seed_platform();
  seed_instances();
  seed_snapshots();
  settle();
}

void ComputeBackend::add_boot_disk(const Instance& instance) {
  Disk row;
  row.name = instance.name;
  row.size_gb = kBootSizeGb;
  row.image = image_;
  row.created = instance.created;
  row.own = {"available", "", {}};
  row.instance = instance.name;
  row.device = "persistent-disk-0";
  row.goes_with_machine = true;
  row.is_boot = true;
  row.own_attachment = {"attached", "", {}};
  disks_[row.name] = row;
}

void ComputeBackend::seed_machine(const std::string& entity, const std::string& cloud_id,
                                  const std::string& address, const std::string& type) {
  const model::Inventory& inventory = world_.installation().inventory;
  Instance row;
  row.name = or_else(last_segment(cloud_id), inventory.name + "-" + entity);
  row.entity = entity;
  row.machine_type = or_else(type, "n2-standard-8");
  row.subnet = subnet_;
  row.description = inventory.name + " " + entity;
  row.address = address;
  row.network_tags = inventory.launch.security_groups;
  row.created = now() - kAge;
  row.changed = row.created;
  instances_[row.name] = row;
  add_boot_disk(row);
}

void ComputeBackend::seed_platform_disk(const std::string& entity, const std::string& cloud_id,
                                        int size_gb) {
  const model::Inventory& inventory = world_.installation().inventory;
  Disk row;
  row.name = or_else(last_segment(cloud_id), inventory.name + "-" + entity);
  row.entity = entity;
  row.size_gb = size_gb;
  row.description = inventory.name + " " + entity;
  row.created = now() - kAge;
  row.own = {"available", "", {}};
  row.instance = instance_of("platform")->name;
  row.device = entity;
  disks_[row.name] = row;
}

void ComputeBackend::seed_platform() {
  const model::Inventory& inventory = world_.installation().inventory;
  const model::Platform& platform = inventory.platform;
  const bool is_alias = !platform.interface.empty();
  seed_machine("platform", platform.cloud_id,
               is_alias ? free_address("platform") : platform.address,
               inventory.launch.platform_size);
  seed_platform_disk("wm-data", platform.wm_data.cloud_id, platform.wm_data.size_gb);
  seed_platform_disk("wm-runtime", platform.wm_runtime.cloud_id, platform.wm_runtime.size_gb);
  // Without steps for it, the address stays where it is: an alias like any other.
  if (is_alias && !models_address())
    instances_.at(instance_of("platform")->name).aliases.push_back(platform.address);
  Address reserved;
  reserved.name = instance_of("platform")->name + "-address";
  reserved.address = platform.address;
  reserved.description = "address of the Platform";
  reserved.purpose = "GCE_ENDPOINT";
  reserved.subnet = subnet_;
  reserved.created = now() - kAge;
  addresses_[reserved.name] = reserved;
}

void ComputeBackend::seed_instances() {
  const model::Inventory& inventory = world_.installation().inventory;
  for (const model::Instance& each : inventory.instances) {
    seed_machine(each.name, each.cloud_id, each.address, inventory.launch.instance_size);
    const Instance& machine = *instance_of(each.name);
    Disk data;
    data.name = machine.name + "-data";
    data.size_gb = each.data_gb;
    data.description = inventory.name + " " + each.name + " /data";
    data.created = machine.created;
    data.own = {"available", "", {}};
    data.instance = machine.name;
    data.device = "data";
    data.goes_with_machine = true;  // somebody has not looked (INV-15)
    data.own_attachment = {"attached", "", {}};
    disks_[data.name] = data;
  }
}

/// Backups that the world begins with carry the labels that making them would have left.
void ComputeBackend::seed_snapshots() {
  const model::Installation& installation = world_.installation();
  const auto sort = installation.sorts.find("snapshot");
  if (sort == installation.sorts.end()) return;
  for (const std::string& entity : sort->second) {
    if (world_.is("snapshot", {entity}, "absent")) continue;
    const std::string saved = installation.functions.at("store").at(entity);
    Snapshot row;
    row.name = instance_of("platform") == nullptr ? entity : "wme-" + entity;
    row.entity = entity;
    for (const auto& [name, disk] : disks_)
      if (disk.entity == saved) {
        row.disk = name;
        row.size_gb = disk.size_gb;
      }
    row.description = installation.inventory.name + ": " + entity;
    row.created = now() - std::chrono::hours(2);
    row.labels = {{"rehydrate-installation", label_value(installation.inventory.name)},
                  {"rehydrate-entity", label_value(entity)},
                  {"rehydrate-backup", label_value(installation.inventory.backup_id)}};
    snapshots_[row.name] = row;
  }
}

}  // namespace wme::simulators::gcp
