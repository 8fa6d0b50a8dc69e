#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "simulators/azure/arm_account.hpp"
#include "simulators/azure/arm_error.hpp"
#include "simulators/azure/arm_json.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators::azure {

/// A state that turns into another one when its time has come.
struct Passing {
  std::string state;
  std::string next;
  TimePoint due{};
  const std::string& at(TimePoint now) const { return next.empty() || now < due ? state : next; }
};

/// A row of any kind. `body` is the resource as it was asked for; whatever the server itself says
/// of it (id, state, who holds it) is put over it when it is read. `entity` names what the model
/// knows it as; its state is then the world's and never kept here.
struct Resource {
  std::string id;
  nlohmann::json body;
  TimePoint created{};
  std::string entity;
  Passing own;           ///< state of a resource without entity
  std::string failure;   ///< code of the last operation on it, when that has failed
  std::string holder;    ///< disks, interfaces: id of the machine, as far as the model has no word
  Passing held;          ///< "attaching", "attached", "detaching"; empty or "detached": by nobody
  bool is_made = false;  ///< machines: it has run once
  bool is_allocated = true;      ///< machines: a stopped one still has its host
  bool carries_address = false;  ///< interfaces: its attachment is the model's address()
};

/// What an operation under way has come to.
struct Progress {
  std::string status = "Succeeded";  ///< or "InProgress", "Failed"
  std::string code;
  std::string message;
};

struct Operation {
  std::string id;
  std::string resource;
  TimePoint started{};
  std::optional<TimePoint> ended;
  Progress progress;
  std::function<Progress()> look;
};

/// An accepted change: status of the answer, the resource where it has one, and the operation that
/// is to be asked for its end; empty when there is none.
struct Change {
  int status = 202;
  nlohmann::json body;
  std::string operation;
};

/// The rules and tables of a small subscription, no HTTP. What the model knows of a machine, disk,
/// snapshot or the address is asked of the world, and changed only through it. Not thread-safe:
/// hold World::enter() for the whole request.
class ArmBackend {
 public:
  ArmBackend(World& world, ArmAccount account);

  /// Brings the tables up to the world: what a machine that went had held is released. Call first.
  void settle();
  const ArmAccount& account() const { return account_; }
  World& world() { return world_; }

  /// Resources of one type ("Microsoft.Compute/disks"), by id; of one group, or of all (empty).
  ArmResult<nlohmann::json> get(const std::string& type, const std::string& id) const;
  std::vector<nlohmann::json> list(const std::string& type, const std::string& group) const;
  bool has_group(const std::string& group) const;
  ArmResult<nlohmann::json> instance_view(const std::string& id) const;

  // arm_machine_changes.cpp, arm_machines.cpp
  ArmResult<Change> put_machine(const std::string& id, const nlohmann::json& body);
  ArmResult<Change> patch_machine(const std::string& id, const nlohmann::json& body);
  ArmResult<Change> delete_machine(const std::string& id);
  enum class Power { kDeallocate, kPowerOff, kStart };
  ArmResult<Change> change_power(const std::string& id, Power power);
  ArmResult<Change> attach_detach(const std::string& id, const nlohmann::json& body);

  // arm_storage.cpp
  ArmResult<Change> put_disk(const std::string& id, const nlohmann::json& body);
  ArmResult<Change> delete_disk(const std::string& id);
  ArmResult<Change> put_snapshot(const std::string& id, const nlohmann::json& body);
  ArmResult<Change> delete_snapshot(const std::string& id);
  /// Tags and what else of a disk or snapshot can be written over.
  ArmResult<Change> patch_storage(const std::string& type, const std::string& id,
                                  const nlohmann::json& body);

  // arm_interfaces.cpp
  ArmResult<Change> put_interface(const std::string& id, const nlohmann::json& body);
  ArmResult<Change> patch_interface(const std::string& id, const nlohmann::json& body);
  ArmResult<Change> delete_interface(const std::string& id);

  const Operation* operation(const std::string& id) const;

 private:
  using Table = std::map<std::string, Resource>;  ///< by id in lower case

  // Seeding (arm_seed.cpp).
  void seed_statics();
  void seed_machine(const std::string& entity, const std::string& name, const std::string& size,
                    const nlohmann::json& interfaces);
  Resource& seed_disk(const std::string& name, int size_gb, const std::string& holder);
  std::string seed_interface(const std::string& name, const std::string& address);
  void seed_platform();
  void seed_instances();
  void seed_snapshots();

  // States (arm_backend.cpp).
  struct MachineState {
    std::string power;         ///< "running", "deallocated"; empty: none yet
    std::string provisioning;  ///< "Succeeded"
    bool is_gone = false;
  };
  MachineState own_state_of(const Resource& machine) const;
  MachineState state_of(const Resource& machine) const;
  static bool is_steady(const MachineState& state) {
    return state.provisioning == "Succeeded" || state.provisioning == "Failed";
  }
  std::string disk_state(const Resource& disk) const;  ///< in the model's words
  std::string snapshot_state(const Resource& snapshot) const;
  struct Holding {
    std::string machine;     ///< id; empty: nobody
    std::string attachment;  ///< "attaching", "attached", "detaching"
  };
  Holding holding_of_disk(const Resource& disk) const;
  Holding holding_of_interface(const Resource& interface) const;
  bool models_address(const Resource& interface) const;
  std::set<std::string> changing_machines() const;
  bool is_gone(const std::string& type, const Resource& row) const;
  nlohmann::json shown(const std::string& type, const Resource& row) const;
  nlohmann::json named(const std::string& type, const Resource& row, nlohmann::json made) const;
  nlohmann::json machine_shown(const Resource& row, const MachineState& state) const;
  nlohmann::json disk_shown(const Resource& row) const;
  nlohmann::json snapshot_shown(const Resource& row) const;
  nlohmann::json interface_shown(const Resource& row) const;
  Resource* find(const std::string& type, const std::string& id);
  const Resource* find(const std::string& type, const std::string& id) const;
  const Resource* machine_of(const std::string& entity) const;
  Resource& add(const std::string& type, const std::string& id, nlohmann::json body);
  void release_holdings(const Resource& machine);
  TimePoint now() const { return world_.now(); }

  // Operations under way (arm_operations.cpp).
  Change begin(int status, const std::string& type, const std::string& id,
               std::function<Progress()> look);
  std::function<Progress()> until(const std::string& fluent, const std::string& entity,
                                  const std::vector<std::string>& on_the_way,
                                  const std::string& end, const std::string& failure);
  bool has_what_it_lists(const Resource& machine) const;
  std::function<Progress()> until_steady(const std::string& machine);

  // Machines.
  ArmStatus check_new_machine(const nlohmann::json& body) const;
  std::string entity_for_machine(const std::string& id, const nlohmann::json& body);
  ArmStatus change_disks(Resource& machine, const nlohmann::json& wanted);
  ArmStatus change_interfaces(Resource& machine, const nlohmann::json& wanted);
  ArmStatus attach_disk(Resource& machine, Resource& disk);
  ArmStatus detach_disk(Resource& machine, Resource& disk);
  ArmStatus check_interfaces(const Resource& machine, const nlohmann::json& wanted) const;
  void make_disks(Resource& machine);
  std::string entity_for_snapshot(const Resource& disk) const;
  std::string entity_for_disk(const nlohmann::json& body, const Resource& snapshot);
  bool is_address_taken(const std::string& address, const std::string& but_by) const;
  std::string free_address(const std::string& words) const;

  World& world_;
  const ArmAccount account_;
  std::map<std::string, Table> tables_;  ///< by type
  std::map<std::string, Operation> operations_;
  std::uint64_t operations_begun_ = 0;
};

/// A function of the installation: related(installation, "machine", "wm-data") is "platform".
std::string related(const model::Installation& installation, const std::string& function,
                    const std::string& entity);
ArmError not_found(const std::string& type, const std::string& id);

}  // namespace wme::simulators::azure
