#include <algorithm>
#include <atomic>
#include <thread>

#include "executor/discovery/notes.hpp"

/// What the hosts and the cloud show.
namespace wme::executor::discovery {

namespace {

constexpr std::size_t kLookersMax = 8;
constexpr double kKbPerGb = 1024.0 * 1024.0;

int gigabytes(long long kilobytes) {
  return static_cast<int>(static_cast<double>(kilobytes) / kKbPerGb + 0.5);
}

const Space* space_of(const HostFacts& facts, const std::string& path) {
  const auto found = std::ranges::find(facts.spaces, path, &Space::path);
  return found == facts.spaces.end() ? nullptr : &*found;
}

struct Place {
  std::string name;
  std::string path;  ///< in the inventory
  std::string address;
  std::string user;
  std::vector<std::string> paths;
};

std::vector<Place> places_of(const Notes& notes) {
  std::vector<Place> places;
  const model::Inventory& inventory = notes.inventory;
  if (!inventory.platform.address.empty())
    places.push_back({"platform",
                      "platform",
                      inventory.platform.address,
                      notes.task.ssh_user,
                      {"/", "/wm-data", "/wm-runtime"}});
  for (const model::Instance& each : inventory.instances)
    if (!each.address.empty())
      places.push_back(
          {each.name, "instances[" + each.name + "]", each.address, each.ssh_user, {"/", "/data"}});
  return places;
}

/// A volume is known by what the disk says its serial is: "vol0a1b" is vol-0a1b; Google's disks say
/// the name of the device.
std::string without_dashes(std::string text) {
  std::erase(text, '-');
  return text;
}

const SeenDisk* disk_below(const std::vector<SeenDisk>& disks, const std::string& machine,
                           const HostFacts& facts, const std::string& target) {
  const auto serial = facts.serials.find(target);
  if (serial != facts.serials.end())
    for (const SeenDisk& each : disks)
      if (each.machine == machine &&
          (without_dashes(each.cloud_id) == without_dashes(serial->second) ||
           each.device == serial->second))
        return &each;
  // Without a serial the size decides, as long as one disk only is so large and no larger one is.
  const Space* space = space_of(facts, target);
  if (space == nullptr || space->mounted_on != target) return nullptr;
  const SeenDisk* found = nullptr;
  for (const SeenDisk& each : disks) {
    const int shown = gigabytes(space->total_kb);
    // A file system is smaller than its disk, by its own tables.
    const bool fits =
        each.machine == machine && each.size_gb >= shown && each.size_gb <= shown + shown / 10 + 1;
    if (fits && found != nullptr) return nullptr;
    if (fits) found = &each;
  }
  return found;
}

void see_platform_host(const HostFacts& facts, Notes& notes) {
  model::Inventory& inventory = notes.inventory;
  inventory.platform.ssh_user = notes.task.ssh_user;
  inventory.cidr = facts.cidr;
  if (inventory.version.empty() && facts.installers.size() == 1) {
    inventory.version = facts.installers.front();
    std::erase_if(notes.gaps, [](const Gap& gap) { return gap.path == "installation.version"; });
  }
  if (const Space* data = space_of(facts, "/wm-data"))
    inventory.platform.wm_data_used_gb =
        data->mounted_on == "/wm-data" ? gigabytes(data->used_kb) : 0;
  const auto size = [&](const char* target) {
    const Space* space = space_of(facts, target);
    return space == nullptr ? 0 : gigabytes(space->total_kb);
  };
  // Until the cloud tells better: a file system is a little smaller than its volume.
  inventory.platform.wm_data.size_gb = size("/wm-data");
  inventory.platform.wm_runtime.size_gb = size("/wm-runtime");
}

void see_platform_machine(const SeenMachine& machine, CloudSurvey& cloud, Notes& notes) {
  model::Inventory& inventory = notes.inventory;
  inventory.platform.cloud_id = machine.cloud_id;
  const auto interface = machine.movable_interfaces.find(inventory.platform.address);
  if (interface != machine.movable_interfaces.end())
    inventory.platform.interface = interface->second;
  else
    notes.optional("platform.interface",
                   inventory.platform.address +
                       " is on the machine's own first interface, which "
                       "cannot be moved",
                   "give the Platform a second interface that carries its address, or a "
                   "new_address");
  const auto tag = machine.tags.find("rehydrate:installation");
  if (inventory.name.empty() && tag != machine.tags.end()) inventory.name = tag->second;
  inventory.launch.platform_size = machine.size;
  inventory.launch.subnet = machine.subnet;
  inventory.launch.zone = machine.zone;
  inventory.launch.key_name = machine.key_name;
  inventory.launch.security_groups = machine.security_groups;
  notes.optional("launch.image", "new machines get the newest image, which is for you to choose",
                 "the Platform of today runs " + machine.image + "; restore and rotate need one");
  const auto range = cloud.range_of(machine.network);
  if (range && range.value())
    inventory.lan = *range.value();
  else
    notes.missing(
        "installation.lan",
        range ? "the cloud tells no range for network " + machine.network : range.error().message,
        "the network of the machines; left out, it is 10.0.0.0/16");
}

void see_disks(const std::vector<SeenDisk>& disks, Notes& notes) {
  model::Platform& platform = notes.inventory.platform;
  const auto host = notes.hosts.find("platform");
  for (const auto& [target, volume] :
       {std::pair("/wm-data", &platform.wm_data), std::pair("/wm-runtime", &platform.wm_runtime)}) {
    const SeenDisk* disk = host == notes.hosts.end()
                               ? nullptr
                               : disk_below(disks, platform.cloud_id, host->second, target);
    if (disk != nullptr) {
      *volume = {disk->cloud_id, disk->size_gb};
      continue;
    }
    const std::string path =
        std::string("platform.") + (volume == &platform.wm_data ? "wm_data" : "wm_runtime");
    notes.missing(path + ".cloud_id",
                  std::string("which volume is below ") + target +
                      " is not seen: the host shows no serial of it",
                  std::string("lsblk -o NAME,SERIAL,MOUNTPOINT on the Platform"));
  }
  for (model::Instance& each : notes.inventory.instances) {
    const auto facts = notes.hosts.find(each.name);
    if (facts == notes.hosts.end()) continue;
    if (const SeenDisk* disk = disk_below(disks, each.cloud_id, facts->second, "/data"))
      each.data_gb = disk->size_gb;
  }
}

void see_instance_sizes(const std::vector<SeenMachine>& machines, Notes& notes) {
  std::vector<std::string> sizes;
  for (model::Instance& each : notes.inventory.instances) {
    const auto machine = std::ranges::find_if(machines, [&](const SeenMachine& one) {
      return std::ranges::find(one.addresses, each.address) != one.addresses.end();
    });
    if (machine == machines.end()) {
      notes.missing("instances[" + each.name + "].cloud_id",
                    "the cloud lists no machine with the address " + each.address,
                    "the provider's console; is the region right?");
      continue;
    }
    each.cloud_id = machine->cloud_id;
    if (std::ranges::find(sizes, machine->size) == sizes.end()) sizes.push_back(machine->size);
  }
  if (sizes.size() == 1) notes.inventory.launch.instance_size = sizes.front();
  if (sizes.size() > 1)
    notes.missing("launch.instance_size", "the instances have several sizes",
                  "choose one; today there are " + sizes.front() + " and " + sizes.back());
}

void no_cloud(const Error& error, Notes& notes) {
  const std::string find = "the provider's console";
  notes.missing("installation.lan", error, "the network of the machines; left out, 10.0.0.0/16");
  notes.missing("platform.cloud_id", error, find);
  if (model::has_volumes(notes.inventory.provider))
    for (const char* path :
         {"platform.interface", "platform.wm_data.cloud_id", "platform.wm_runtime.cloud_id"})
      notes.missing(path, error, find);
  if (!notes.inventory.instances.empty()) notes.missing("instances[].cloud_id", error, find);
  for (const char* path :
       {"image", "platform_size", "instance_size", "subnet", "zone", "key_name", "security_groups"})
    notes.missing(std::string("launch.") + path, error, find);
}

}  // namespace

void see_hosts(HostSurvey& survey, Notes& notes) {
  if (notes.inventory.platform.address.empty())
    notes.missing("platform.address", "Launchpad does not tell where the Platform is",
                  "give --platform-address, the address that everything knows it by");
  const std::vector<Place> places = places_of(notes);
  std::vector<Result<HostFacts>> facts(places.size(),
                                       Error{ErrorCode::kUnreachable, "ssh: nobody was asked"});
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> lookers;
  for (std::size_t i = 0; i < std::min(kLookersMax, places.size()); ++i)
    lookers.emplace_back([&] {
      for (std::size_t at = next++; at < places.size(); at = next++)
        facts[at] = survey.look(places[at].address, places[at].user, places[at].paths);
    });
  for (std::thread& each : lookers) each.join();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Place& place = places[i];
    Result<HostFacts>& seen = facts[i];
    if (seen && !seen.value().root)
      seen = Error{ErrorCode::kRefused,
                   "ssh " + place.user + "@" + place.address + ": " + seen.value().why_not_root};
    if (seen) {
      notes.hosts[place.name] = seen.value();
      continue;
    }
    if (place.name != "platform") {
      notes.missing(place.path + ".data_gb", seen.error(), "df on " + place.name);
      continue;
    }
    notes.missing("platform.ssh_user", seen.error(), "give --ssh-user; left out, it is ubuntu");
    notes.missing("platform.wm_data.size_gb", seen.error(),
                  "df -h on the Platform; left out, it is 150");
    notes.missing("platform.wm_runtime.size_gb", seen.error(),
                  "df -h on the Platform; left out, it is 100");
  }
  const auto platform = notes.hosts.find("platform");
  if (platform != notes.hosts.end()) see_platform_host(platform->second, notes);
  if (notes.inventory.cidr.empty())
    notes.missing("installation.cidr", "the Platform does not show WME's docker network",
                  "cidr in /wm-runtime/conf/config-wizard/config/setup-env.json; left out, it is "
                  "10.2.1.1/24");
  for (model::Instance& each : notes.inventory.instances) {
    const auto host = notes.hosts.find(each.name);
    if (host == notes.hosts.end()) continue;
    const Space* data = space_of(host->second, "/data");
    if (data != nullptr)
      each.data_gb = gigabytes(data->total_kb);
    else
      notes.missing("instances[" + each.name + "].data_gb", "df shows no /data there",
                    "the size of its data disk; left out, it is 150");
  }
}

void see_cloud(const Result<CloudSurvey*>& door, Notes& notes) {
  if (!door) return no_cloud(door.error(), notes);
  CloudSurvey& cloud = *door.value();
  model::Inventory& inventory = notes.inventory;
  std::vector<std::string> addresses;
  if (!inventory.platform.address.empty()) addresses.push_back(inventory.platform.address);
  for (const model::Instance& each : inventory.instances)
    if (!each.address.empty()) addresses.push_back(each.address);
  const auto machines = cloud.machines(addresses, {});
  if (!machines) return no_cloud(machines.error(), notes);
  const auto platform = std::ranges::find_if(machines.value(), [&](const SeenMachine& each) {
    return std::ranges::find(each.addresses, inventory.platform.address) != each.addresses.end();
  });
  if (platform == machines.value().end())
    return no_cloud(
        {ErrorCode::kNotFound, cloud.where() + " lists no machine with the address " +
                                   inventory.platform.address + "; is the region right?"},
        notes);
  see_platform_machine(*platform, cloud, notes);
  see_instance_sizes(machines.value(), notes);
  std::vector<std::string> ids;
  for (const SeenMachine& each : machines.value()) ids.push_back(each.cloud_id);
  const auto disks = cloud.disks_of(ids);
  if (!disks) {
    for (const char* path : {"platform.wm_data.cloud_id", "platform.wm_runtime.cloud_id"})
      notes.missing(path, disks.error(), "the provider's console");
    return;
  }
  see_disks(disks.value(), notes);
}

}  // namespace wme::executor::discovery
