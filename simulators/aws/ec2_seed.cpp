#include <string>
#include <tuple>
#include <utility>

#include "simulators/aws/ec2_backend.hpp"

/// What the account holds before the first request: the machines, disks, interfaces and backups of
/// the inventory, as the world has them.
namespace wme::simulators::aws {

namespace {

std::string or_else(const std::string& text, const std::string& other) {
  return text.empty() ? other : text;
}

constexpr int kRootSizeGb = 50;
/// Everything of today was made this long before the world begins.
constexpr std::chrono::hours kAge{24 * 90};

}  // namespace

Ec2Backend::Ec2Backend(World& world) : world_(world) {
  const auto lock = world_.enter();
  const model::Inventory& inventory = world_.installation().inventory;
  vpc_ = make_id("vpc-", inventory.name);
  subnet_ = or_else(inventory.launch.subnet, make_id("subnet-", inventory.name));
  zone_ = or_else(inventory.launch.zone, or_else(inventory.access.region, "us-east-1") + "a");
  seed_images();
  seed_platform();
  seed_instances();
  seed_snapshots();
}

void Ec2Backend::seed_images() {
  const model::Inventory& inventory = world_.installation().inventory;
  const TimePoint then = now() - kAge;
  const std::string newest = or_else(inventory.launch.image, make_id("ami-", "newest"));
  images_[newest] = {newest, "ubuntu/images/hvm-ssd/ubuntu-22.04-amd64-server", then};
  const std::string former = make_id("ami-", "former");
  images_[former] = {former, "ubuntu/images/hvm-ssd/ubuntu-20.04-amd64-server", then - kAge};
}

/// A new interface that comes with an instance.
Interface& Ec2Backend::add_interface(const Instance& instance, const LaunchInterface& wish) {
  Interface row;
  row.id = make_id("eni-", instance.id + "/" + std::to_string(wish.device_index));
  row.subnet = instance.subnet;
  row.zone = instance.zone;
  row.address = wish.address.empty() ? free_address(row.id) : wish.address;
  row.groups = wish.groups.empty() ? instance.groups : wish.groups;
  row.made = instance.launched;
  row.attachment = make_id("eni-attach-", row.id + instance.id);
  row.instance = instance.id;
  row.device_index = wish.device_index;
  row.attached_at = instance.launched;
  row.delete_on_termination = wish.delete_on_termination;
  row.own_attachment = {"attached", "", {}};
  return keep(std::move(row));
}

Instance& Ec2Backend::seed_machine(const std::string& entity, const std::string& cloud_id,
                                   const std::string& address, const std::string& type) {
  const model::Inventory& inventory = world_.installation().inventory;
  Instance row;
  row.id = or_else(cloud_id, make_id("i-", inventory.name + "/" + entity));
  row.entity = entity;
  row.reservation = make_id("r-", row.id);
  row.image = make_id("ami-", "former");
  row.type = or_else(type, "m5.2xlarge");
  row.subnet = subnet_;
  row.zone = zone_;
  row.key_name = inventory.launch.key_name;
  row.groups = inventory.launch.security_groups;
  row.launched = now() - kAge;
  row.tags = {{"Name", inventory.name + " " + entity}};
  instances_[row.id] = row;
  LaunchInterface primary;
  primary.address = address;
  add_interface(row, primary);
  seed_root_volume(row);
  return instances_.at(row.id);
}

void Ec2Backend::seed_root_volume(const Instance& instance) {
  Volume row;
  row.id = make_id("vol-", instance.id + "/root");
  row.size_gb = kRootSizeGb;
  row.zone = instance.zone;
  row.created = instance.launched;
  row.own = {"available", "", {}};
  row.instance = instance.id;
  row.device = "/dev/sda1";
  row.attached_at = instance.launched;
  row.delete_on_termination = true;
  row.is_root = true;
  row.own_attachment = {"attached", "", {}};
  volumes_[row.id] = row;
}

void Ec2Backend::seed_platform_volume(const std::string& entity, const std::string& cloud_id,
                                      int size_gb, const std::string& device) {
  const model::Inventory& inventory = world_.installation().inventory;
  Volume row;
  row.id = or_else(cloud_id, make_id("vol-", inventory.name + "/" + entity));
  row.entity = entity;
  row.size_gb = size_gb;
  row.zone = zone_;
  row.created = now() - kAge;
  row.tags = {{"Name", inventory.name + " " + entity}};
  row.own = {"available", "", {}};
  row.instance = instance_of("platform")->id;
  row.device = device;
  row.attached_at = row.created;
  volumes_[row.id] = row;
}

void Ec2Backend::seed_platform() {
  const model::Inventory& inventory = world_.installation().inventory;
  const model::Platform& platform = inventory.platform;
  const bool address_moves = !platform.interface.empty();
  seed_machine("platform", platform.cloud_id,
               address_moves ? free_address("platform") : platform.address,
               inventory.launch.platform_size);
  seed_platform_volume("wm-data", platform.wm_data.cloud_id, platform.wm_data.size_gb, "/dev/sdf");
  seed_platform_volume("wm-runtime", platform.wm_runtime.cloud_id, platform.wm_runtime.size_gb,
                       "/dev/sdg");
  if (!address_moves) return;
  Interface row;
  row.id = platform.interface;
  row.carries_platform_address = true;
  row.subnet = subnet_;
  row.zone = zone_;
  row.address = platform.address;
  row.description = "address of the Platform";
  row.groups = inventory.launch.security_groups;
  row.tags = {{"Name", inventory.name + " address"}};
  row.instance = instance_of("platform")->id;
  row.attachment = make_id("eni-attach-", row.id + row.instance);
  row.device_index = 1;
  row.attached_at = now() - kAge;
  row.own_attachment = {models_address(row) ? "" : "attached", "", {}};
  keep(std::move(row));
}

void Ec2Backend::seed_instances() {
  const model::Inventory& inventory = world_.installation().inventory;
  for (const model::Instance& each : inventory.instances) {
    const Instance& machine =
        seed_machine(each.name, each.cloud_id, each.address, inventory.launch.instance_size);
    Volume data;
    data.id = make_id("vol-", machine.id + "/data");
    data.size_gb = each.data_gb;
    data.zone = zone_;
    data.created = machine.launched;
    data.tags = {{"Name", inventory.name + " " + each.name + " /data"}};
    data.own = {"available", "", {}};
    data.instance = machine.id;
    data.device = "/dev/sdf";
    data.attached_at = machine.launched;
    data.delete_on_termination = true;  // as the vendor's templates make it (INV-15)
    data.own_attachment = {"attached", "", {}};
    volumes_[data.id] = data;
  }
}

/// Backups that the world begins with carry the tags that making them would have left.
void Ec2Backend::seed_snapshots() {
  const model::Installation& installation = world_.installation();
  const auto sort = installation.sorts.find("snapshot");
  if (sort == installation.sorts.end()) return;
  for (const std::string& entity : sort->second) {
    if (world_.is("snapshot", {entity}, "absent")) continue;
    const std::string saved = installation.functions.at("store").at(entity);
    Snapshot row;
    row.id = make_id("snap-", installation.inventory.name + "/" + entity);
    row.entity = entity;
    for (const auto& [id, volume] : volumes_)
      if (volume.entity == saved) std::tie(row.volume, row.size_gb) = std::tie(id, volume.size_gb);
    row.description = installation.inventory.name + ": " + entity;
    row.started = now() - std::chrono::hours(2);
    row.tags = {{"rehydrate:installation", installation.inventory.name},
                {"rehydrate:entity", entity},
                {"rehydrate:backup", installation.inventory.backup_id}};
    snapshots_[row.id] = row;
  }
}

}  // namespace wme::simulators::aws
