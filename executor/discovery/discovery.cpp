#include "executor/discovery/discovery.hpp"

#include <algorithm>
#include <array>

#include "executor/discovery/notes.hpp"

namespace wme::executor {

namespace {

/// An inventory in which nothing is assumed: model::Inventory comes with usual values.
model::Inventory blank() {
  model::Inventory inventory;
  inventory.cidr.clear();
  inventory.lan.clear();
  inventory.backup_id.clear();
  inventory.backup_store.clear();
  inventory.platform.ssh_user.clear();
  inventory.platform.wm_data = {};
  inventory.platform.wm_runtime = {};
  return inventory;
}

/// What no system knows, because a person decides it or the vendor has it.
void for_people(discovery::Notes& notes) {
  const model::Inventory& inventory = notes.inventory;
  if (inventory.name.empty())
    notes.missing("installation.name", "no system knows what you call the installation",
                  "choose a name, or give --name: it is typed to confirm, and marks what a run "
                  "makes");
  notes.optional("installation.target_version", "only for an upgrade", "the version to go to");
  notes.optional("backup.id", "it is for you to choose; left out, it is backup-1",
                 "one name for each backup set");
  if (!model::has_volumes(inventory.provider))
    notes.missing("backup.store", "nothing shows where archives are copied to",
                  "the mount point of your backup store on the Platform; left out, it is /backup");
  notes.optional("platform.ssh_key_owner", "the installer does not show whether it got own keys",
                 "the user whose ssh keys were given at the first installation, if any were "
                 "(INV-35)");
  if (!inventory.instances.empty())
    notes.optional(
        "instances[].new_address",
        "where successors come up is for you to choose; left out, each gets the "
        "address of its predecessor",
        model::has_volumes(inventory.provider)
            ? "free addresses of the subnet: in a cloud the old machines keep theirs, so "
              "rotate and upgrade need them"
            : "free addresses of the network");
  for (const char* each : {"package", "rotation"})
    notes.optional(std::string("packages.") + each, "the installation does not keep its URL",
                   "url and sha1 from the vendor's mail; restore and rotate need them");
  notes.optional("packages.migrations", "only for an upgrade", "url and sha1 from the vendor");
}

/// The sections in the order of the file.
std::size_t rank_of(const std::string& path) {
  constexpr std::array<std::string_view, 8> kSections = {"installation", "license", "backup",
                                                         "platform",     "shards",  "instances",
                                                         "containers",   "packages"};
  for (std::size_t i = 0; i < kSections.size(); ++i)
    if (path.starts_with(kSections[i])) return i;
  return kSections.size();
}

}  // namespace

Result<std::string> platform_address(LaunchpadSurvey& launchpad) {
  const auto address = launchpad.vcs_address();
  if (!address) return address.error();
  if (address.value() && !address.value()->empty()) return *address.value();
  return Error{ErrorCode::kNotFound,
               "Launchpad lists no built-in VCS, whose address is the Platform's; give "
               "--platform-address"};
}

Discovery discover(const DiscoveryTask& task, const DiscoveryDoors& doors) {
  discovery::Notes notes(task);
  notes.inventory = blank();
  notes.inventory.name = task.name;
  notes.inventory.provider = task.provider;
  notes.inventory.access = task.access;
  notes.inventory.platform.address = task.platform_address;
  discovery::see_launchpad(doors.launchpad, notes);
  discovery::see_config_wizard(doors.config_wizard, notes);
  discovery::see_hosts(doors.hosts, notes);
  discovery::see_cloud(doors.cloud, notes);
  for_people(notes);
  std::ranges::stable_sort(notes.gaps, {}, [](const Gap& gap) { return rank_of(gap.path); });
  return {std::move(notes.inventory), std::move(notes.gaps)};
}

}  // namespace wme::executor
