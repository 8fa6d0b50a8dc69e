#include "simulators/host/site.hpp"

#include <algorithm>
#include <utility>

#include "simulators/host/fstab.hpp"
#include "simulators/host/machine_image.hpp"
#include "simulators/host/shell.hpp"
#include "simulators/host/tarball.hpp"

namespace wme::simulators {

namespace {

const std::vector<std::string>& entities(const World& world, std::string_view sort) {
  static const std::vector<std::string> kNone;
  const auto& sorts = world.installation().sorts;
  const auto at = sorts.find(sort);
  return at == sorts.end() ? kNone : at->second;
}

template <class Facts>
std::string rigid(const Facts& facts, std::string_view name, std::string_view argument) {
  const auto of = facts.find(name);
  if (of == facts.end()) return "";
  const auto at = of->second.find(argument);
  return at == of->second.end() ? "" : at->second;
}

constexpr std::string_view kRoles[] = {"wm-data", "wm-runtime"};

}  // namespace

HostSite::HostSite(World& world) : world_(world) {
  for (const std::string& name : entities(world_, "machine"))
    machines_.emplace(name, described_machine(world_.installation(), name));
  for (const std::string& store : entities(world_, "store")) {
    const std::string role = attribute("role", store);
    if (is_new(store)) continue;
    stores_[store] = std::make_shared<Disk>(store_disk(inventory(), store, role));
  }
  backup_store_ = std::make_shared<Disk>();
  backup_store_->entity = "backup-store";
  backup_store_->fstype = "nfs4";
  backup_store_->size_gb = 2000;
  for (const std::string& archive : entities(world_, "archive"))
    if (world_.is("archive", {archive}, "verified") || world_.is("archive", {archive}, "copied"))
      put_backup(*backup_store_, inventory(), archive, *stores_.at(function("store", archive)));
  reconcile();
}

Machine* HostSite::machine(std::string_view name) {
  const auto at = machines_.find(name);
  return at == machines_.end() ? nullptr : &at->second;
}

bool HostSite::is_up(std::string_view name) const {
  return machines_.contains(name) && world_.is("power", {std::string(name)}, "running") &&
         !world_.conditions().cut_off.contains(std::string(name));
}

std::optional<std::string> HostSite::resolve(std::string_view name_or_address) const {
  if (machines_.contains(name_or_address)) {
    // The new Platform is found by its name only once it has the address that goes with it.
    const bool waits_for_address = is_new(name_or_address) && is_platform(name_or_address) &&
                                   attribute("address-changes", "") != "yes" &&
                                   !world_.is("address", {}, "new-platform");
    if (!is_up(name_or_address) || waits_for_address) return std::nullopt;
    return std::string(name_or_address);
  }
  std::optional<std::string> holder;
  for (const auto& [name, machine] : machines_) {
    if (machine.address != name_or_address || !is_up(name)) continue;
    if (is_platform(name) && attribute("address-changes", "") != "yes" &&
        !world_.is("address", {}, is_new(name) ? "new-platform" : "old-platform"))
      continue;
    // Two that claim one address: the one of today answered first.
    if (!holder || !is_new(name)) holder = name;
  }
  return holder;
}

void HostSite::boot(Machine& machine) {
  machine.up = true;
  const bool first = machine.files.root.empty();
  if (!first) return;
  install_system(machine, world_.installation(), one_disk());
  const bool platform = is_platform(machine.name);
  if (platform && one_disk()) {
    const std::string target = inventory().backup_store;
    machine.files.root.make_directories(target);
    machine.files.mounts.push_back({"backup:" + target, target, backup_store_, false});
  }
  if (platform && !is_new(machine.name)) {
    install(machine, "package", installer_directory(machine.name));
    if (one_disk())
      for (const std::string_view role : kRoles)
        for (const auto& [path, node] : stores_.at(store_of(machine.name, role))->tree.nodes())
          machine.files.root.put(absolute_path("/" + std::string(role), "." + path), node);
  }
}

void HostSite::shut_down(Machine& machine) {
  machine.up = false;
  machine.jobs.clear();
  std::erase_if(machine.files.mounts,
                [](const MountEntry& mount) { return mount.disk->entity != "backup-store"; });
  machine.files.root.erase("/run");
  machine.files.root.make_directories("/run");
}

void HostSite::attach(Machine& machine, const std::string& name, std::shared_ptr<Disk> disk,
                      const std::string& serial, bool present) {
  auto& devices = machine.files.devices;
  const auto at = std::ranges::find(devices, name, &Device::name);
  if (present && at == devices.end()) {
    devices.push_back({name, serial, std::move(disk)});
    std::ranges::sort(devices, {}, &Device::name);
    machine.files.root.write("/dev/" + name, "");
  } else if (present) {
    at->disk = std::move(disk);
    at->serial = serial;
  } else if (at != devices.end()) {
    const std::shared_ptr<Disk> gone = at->disk;
    std::erase_if(machine.files.mounts,
                  [&](const MountEntry& mount) { return mount.disk == gone; });
    devices.erase(at);
    machine.files.root.erase("/dev/" + name);
  }
}

void HostSite::capture_snapshots() {
  for (const std::string& snapshot : entities(world_, "snapshot")) {
    if (world_.is("snapshot", {snapshot}, "absent"))
      captured_.erase(snapshot);
    else if (!captured_.contains(snapshot))
      captured_.emplace(snapshot, *stores_.at(function("store", snapshot)));
  }
}

std::shared_ptr<Disk> HostSite::disk_of_store(const std::string& store) {
  auto& disk = stores_[store];
  if (disk == nullptr && is_new(store)) {
    // A volume from a snapshot has its source's tree, UUID and label.
    const auto captured = captured_.find(function("source", store));
    disk = std::make_shared<Disk>(captured == captured_.end() ? Disk{} : captured->second);
    disk->entity = store;
  }
  return disk;
}

void HostSite::reconcile_mount(Machine& machine, const std::shared_ptr<Disk>& disk, bool mounted) {
  const std::string target = proper_target(machine, *disk);
  auto& mounts = machine.files.mounts;
  const auto at = std::ranges::find_if(mounts, [&](const MountEntry& mount) {
    return mount.disk == disk && mount.target == target;
  });
  if (!mounted && at != mounts.end()) mounts.erase(at);
  if (!mounted || at != mounts.end()) return;
  for (const Device& device : machine.files.devices) {
    if (device.disk != disk) continue;
    machine.files.root.make_directories(target);
    mounts.push_back({"/dev/" + device.name, target, disk, false});
  }
}

void HostSite::reconcile_platform(Machine& machine) {
  for (const std::string& store : entities(world_, "volume")) {
    if (function("machine", store) != machine.name) continue;
    const std::string& state = world_.value("volume", {store});
    if (state == "absent" || state == "deleted" || state == "creating" || state == "error") {
      if (is_new(store)) stores_.erase(store);
      attach(machine, device_name(world_.installation(), machine.name, store), nullptr, "", false);
      continue;
    }
    const auto disk = disk_of_store(store);
    attach(machine, device_name(world_.installation(), machine.name, store), disk,
           volume_serial(inventory(), store), state == "attached" || state == "detaching");
    reconcile_mount(machine, disk, world_.is("mounted", {store}, "yes"));
  }
}

void HostSite::reconcile_instance(Machine& machine) {
  const std::string& state = world_.value("data_disk", {machine.name});
  if (one_disk()) return;
  auto& disk = data_[machine.name];
  if (disk == nullptr) disk = std::make_shared<Disk>(data_disk(inventory(), machine.name));
  if (state == "blank" || state == "absent") {
    disk->fstype.clear();
  } else if (disk->fstype.empty()) {
    disk->fstype = "ext4";
    disk->uuid = uuid_from("data " + machine.name);
  }
  attach(machine, device_name(world_.installation(), machine.name, machine.name), disk, "",
         state != "absent");
  reconcile_mount(machine, disk, state == "mounted");
}

void HostSite::reconcile() {
  capture_snapshots();
  for (auto& [name, machine] : machines_) {
    const bool running = world_.is("power", {name}, "running");
    if (!running && machine.up) shut_down(machine);
    const bool boots = running && !machine.up;
    if (boots) boot(machine);
    if (!running) continue;
    if (is_platform(name))
      reconcile_platform(machine);
    else
      reconcile_instance(machine);
    // What the model calls valid when a machine is first seen stands in its file.
    if (boots) {
      std::string text = machine.files.find("/etc/fstab")->content;
      for (const MountEntry& mount : machine.files.mounts) {
        if (mount.disk->uuid.empty() || fault_of(text, mount.target, mount.disk->uuid).empty())
          continue;
        if (is_platform(name) && !world_.is("fstab", {mount.disk->entity}, "valid")) continue;
        text += "UUID=" + mount.disk->uuid + " " + mount.target + " ext4 defaults,nofail 0 2\n";
      }
      machine.files.root.write("/etc/fstab", text);
    }
    machine.docker_installed = machine.docker_installed || !is_new(name) || is_platform(name) ||
                               world_.is("prepared", {name}, "yes");
  }
}

void HostSite::run_jobs() {
  for (auto& [name, machine] : machines_) {
    bool moved = true;
    while (moved && machine.up) {
      moved = false;
      for (std::size_t i = 0; i < machine.jobs.size(); ++i) {
        const Job job = machine.jobs[i];
        if (!job.process->run()) continue;
        std::erase_if(machine.jobs, [&](const Job& each) { return each.pid == job.pid; });
        machine.files.root.erase("/proc/" + std::to_string(job.pid));
        moved = true;
        break;
      }
    }
    for (const Job& job : machine.jobs)
      machine.files.root.make_directories("/proc/" + std::to_string(job.pid));
  }
}

bool HostSite::possible(std::string_view action, const std::vector<std::string>& arguments) const {
  return world_.exists(action, arguments);
}

Reply HostSite::ask(const Invocation& call, std::string_view action,
                    const std::vector<std::string>& arguments) {
  if (!possible(action, arguments)) return {};
  if (call.frame.may_wait) return world_.begin(action, arguments, call.door());
  return world_.perform(action, arguments, call.door());
}

bool HostSite::runs(const Pending& pending) const {
  return world_.due(pending.action, pending.arguments).has_value();
}

CommandEnd HostSite::when_done(Invocation call, std::string_view action,
                               const std::vector<std::string>& arguments,
                               std::function<int(Invocation&)> finish) {
  Pending pending{std::string(action), arguments, {}};
  if (!possible(action, arguments) || !runs(pending)) return {finish(call), std::nullopt};
  pending.finish = [call = std::move(call), finish = std::move(finish)]() mutable {
    return finish(call);
  };
  return {0, std::move(pending)};
}

void HostSite::violation(const Invocation& call, const Reply& already, std::string_view rule,
                         std::string_view sentence) {
  const bool known = std::ranges::any_of(already.violations,
                                         [&](const Violation& each) { return each.rule == rule; });
  if (!known) world_.record_violation(call.door(), call.line(), rule, sentence);
}

void HostSite::tree_saved(const Invocation& call, const std::string& tree) {
  const Machine& machine = call.machine;
  for (const std::string_view role : kRoles) {
    const std::string place = "/" + std::string(role);
    if (tree != "/" && tree != place) continue;
    // With volumes it is the mounted one that counts: without, the tree is of the root disk.
    const MountEntry* mount = machine.files.mounted_at(place);
    const std::string store = one_disk()         ? store_of(machine.name, role)
                              : mount == nullptr ? std::string()
                                                 : mount->disk->entity;
    if (!attribute("role", store).empty()) world_.judge_archive(store, call.door());
  }
}

void HostSite::file_changed(Machine& machine, const std::string& path) {
  if (path == "/etc/fstab") judge_fstab(machine);
}

void HostSite::port_tried(const Machine& machine, const std::string& path) {
  // 8100 is the port that every 11.x needs from an external instance to the Platform.
  const Machine* platform = this->machine("platform-new");
  if (platform == nullptr || path != "/dev/tcp/" + platform->address + "/8100") return;
  if (possible("check-ports", {machine.name}) && world_.is("ports", {machine.name}, "unknown"))
    world_.perform("check-ports", {machine.name}, "ssh " + machine.name + ": " + path);
}

void HostSite::judge_fstab(Machine& machine) {
  const FileNode* file = machine.files.find("/etc/fstab");
  const std::string text = file == nullptr ? "" : file->content;
  for (const Device& device : machine.files.devices) {
    const std::string target = proper_target(machine, *device.disk);
    if (target.empty() || device.disk->fstype.empty()) continue;
    const std::string fault = fault_of(text, target, device.disk->uuid);
    const std::string key = machine.name + " " + target;
    const bool store = is_platform(machine.name);
    const std::string entity = store ? device.disk->entity : machine.name;
    const bool was_valid = store && world_.is("fstab", {entity}, "valid");
    const std::string door = "ssh " + machine.name + ": /etc/fstab";
    if (fault.empty()) {
      fstab_faults_.erase(key);
      // The model writes the line of a mounted store; a line before the mount counts at the mount.
      if (store && !was_valid && possible("write-fstab", {entity}) &&
          machine.files.mount_of(*device.disk) != nullptr)
        world_.perform("write-fstab", {entity}, door);
    } else if ((fault != "no line" || was_valid) && fstab_faults_[key] != fault) {
      fstab_faults_[key] = fault;
      world_.record_violation(door, "edit /etc/fstab", "INV-26", "/etc/fstab: " + fault);
    }
  }
}

std::string HostSite::function(std::string_view name, std::string_view argument) const {
  return rigid(world_.installation().functions, name, argument);
}

std::string HostSite::attribute(std::string_view name, std::string_view argument) const {
  return rigid(world_.installation().attributes, name, argument);
}

bool HostSite::is_platform(std::string_view machine) const {
  return attribute("kind", machine) == "platform";
}

bool HostSite::is_new(std::string_view entity) const {
  return attribute("generation", entity) == "new";
}

bool HostSite::one_disk() const { return !model::has_volumes(inventory().provider); }

std::string HostSite::store_of(std::string_view machine, std::string_view role) const {
  for (const std::string& store : entities(world_, "store"))
    if (function("machine", store) == machine && attribute("role", store) == role) return store;
  return "";
}

std::string HostSite::machine_of(const std::string& container) const {
  const std::string& place = world_.value("place", {container});
  if (place == "parked") return "";
  const std::string home = function("home", container);
  return place == "home" ? home : function("successor", home);
}

std::string HostSite::proper_target(const Machine& machine, const Disk& disk) const {
  const std::string role = attribute("role", disk.entity);
  if (!role.empty()) return "/" + role;
  return disk.entity == "data " + machine.name ? "/data" : "";
}

std::string HostSite::archive_of(std::string_view role) const {
  for (const std::string& archive : entities(world_, "archive"))
    if (attribute("role", archive) == role) return archive;
  return "";
}

std::string HostSite::version_of(std::string_view machine) const {
  const bool upgraded = is_new(machine) && attribute("version-changes", "") == "yes";
  return upgraded ? inventory().target_version : inventory().version;
}

std::string HostSite::installer_directory(std::string_view machine) const {
  return "/usr/local/content/wme/wme-installer/" + version_of(machine);
}

void HostSite::install(Machine& machine, std::string_view artefact, const std::string& directory) {
  const auto members = unpack(artefact_content(artefact));
  for (const TarMember& member : *members)
    machine.files.root.put(absolute_path(directory, member.name), member.node);
}

}  // namespace wme::simulators
