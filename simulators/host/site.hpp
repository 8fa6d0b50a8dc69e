#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulators/core/world.hpp"
#include "simulators/host/commands/command.hpp"
#include "simulators/host/machine.hpp"

namespace wme::simulators {

/// The Linux machines of one installation and the disks that move between them. The model's part of
/// the truth stands in the world, the files here; `reconcile` is the one place that keeps the two
/// in step. Not locked: its owner (HostFront) holds the world's lock.
class HostSite {
 public:
  explicit HostSite(World& world);

  Machine* machine(std::string_view name);
  /// Up, and reachable by its own name.
  bool is_up(std::string_view name) const;
  /// The machine that answers at this address now, or that has this name; none when nobody does.
  std::optional<std::string> resolve(std::string_view name_or_address) const;

  /// Brings machines, devices, mounts and captured snapshots up to the world's state. Trees change
  /// by commands only, so that looking before each command is as good as being told.
  void reconcile();
  /// Resumes what waits in the background; until nothing moves.
  void run_jobs();

  // What commands use.

  /// Whether the model has this action here at all: no mounts of volumes on a machine of one disk.
  bool possible(std::string_view action, const std::vector<std::string>& arguments) const;

  /// Asks for an action of the model; a background job waits for its outcome, everybody else has it
  /// at once. For an action that this installation does not have: accepted, nothing happens.
  Reply ask(const Invocation& call, std::string_view action,
            const std::vector<std::string>& arguments);
  /// Ends the command with `finish` when the outcome is there.
  CommandEnd when_done(Invocation call, std::string_view action,
                       const std::vector<std::string>& arguments,
                       std::function<int(Invocation&)> finish);
  bool runs(const Pending& pending) const;
  /// Records a rule that a command broke, unless `already` says that the world did.
  void violation(const Invocation& call, const Reply& already, std::string_view rule,
                 std::string_view sentence);
  /// To be called when a tree is read as a whole, into a tarball or a copy, unless that is an
  /// action of the model: for each store of this machine that is in it, a backup taken now is
  /// judged.
  void tree_saved(const Invocation& call, const std::string& tree);
  /// To be called after a change of a file: /etc/fstab has a meaning.
  void file_changed(Machine& machine, const std::string& path);
  /// bash's /dev/tcp/<address>/<port>: the ports between a new instance and the new Platform.
  void port_tried(const Machine& machine, const std::string& path);

  World& world() { return world_; }
  const World& world() const { return world_; }
  const model::Inventory& inventory() const { return world_.installation().inventory; }
  /// "platform-new" of "wm-data-new", "wm-data" of role("wm-data-new"); empty if there is none.
  std::string function(std::string_view name, std::string_view argument) const;
  std::string attribute(std::string_view name, std::string_view argument) const;
  bool is_platform(std::string_view machine) const;
  bool is_new(std::string_view entity) const;
  bool one_disk() const;
  /// The store of this machine with this role ("wm-data"), "wm-data-new".
  std::string store_of(std::string_view machine, std::string_view role) const;
  /// The machine on whose disk this container is; empty when it is parked.
  std::string machine_of(const std::string& container) const;
  /// Where the store or data disk that this disk is belongs: "/wm-data", "/data"; empty if nowhere.
  std::string proper_target(const Machine& machine, const Disk& disk) const;
  /// The archive of this role: "tar-wm-data"; empty where there are none.
  std::string archive_of(std::string_view role) const;
  /// The full version that the installer of this machine has: "11.10.5.ee.10234p1".
  std::string version_of(std::string_view machine) const;
  std::string installer_directory(std::string_view machine) const;
  /// Puts what the package or a tarball contains into the installer directory.
  void install(Machine& machine, std::string_view artefact, const std::string& directory);

 private:
  void boot(Machine& machine);
  void shut_down(Machine& machine);
  void attach(Machine& machine, const std::string& name, std::shared_ptr<Disk> disk,
              const std::string& serial, bool present);
  void reconcile_platform(Machine& machine);
  void reconcile_instance(Machine& machine);
  void reconcile_mount(Machine& machine, const std::shared_ptr<Disk>& disk, bool mounted);
  void capture_snapshots();
  std::shared_ptr<Disk> disk_of_store(const std::string& store);
  void judge_fstab(Machine& machine);

  World& world_;
  std::map<std::string, Machine, std::less<>> machines_;
  std::map<std::string, std::shared_ptr<Disk>, std::less<>> stores_;  ///< by store
  std::map<std::string, std::shared_ptr<Disk>, std::less<>> data_;    ///< by instance
  std::map<std::string, Disk, std::less<>> captured_;                 ///< by snapshot
  std::shared_ptr<Disk> backup_store_;
  std::map<std::string, std::string> fstab_faults_;  ///< machine and store -> recorded already
};

}  // namespace wme::simulators
