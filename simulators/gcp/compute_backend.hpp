#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "simulators/core/world.hpp"
#include "simulators/gcp/compute_error.hpp"
#include "simulators/gcp/compute_resources.hpp"

namespace wme::simulators::gcp {

/// What a change comes with besides its parameters.
struct ChangeContext {
  std::string request_id;
  std::string request;  ///< method and path: what a requestId was used for
};

/// The rules and tables of a small Compute Engine: one project, one zone, one subnetwork; no HTTP.
/// What the model knows of a machine, disk, snapshot or the address is asked of the world, and
/// changed only through it. Not thread-safe: hold World::enter() for the whole request. Every
/// change gives the Operation that it was accepted as.
class ComputeBackend {
 public:
  explicit ComputeBackend(World& world);

  /// Brings the tables up to the world: operations end, deleted machines go. Call it first.
  void settle();
  TimePoint now() const { return world_.now(); }
  const World& world() const { return world_; }

  const std::string& project() const { return project_; }
  const std::string& zone() const { return zone_; }
  const std::string& region() const { return region_; }
  const std::string& subnet() const { return subnet_; }
  /// The image family of the inventory and what it stands for: "ubuntu-2204-lts".
  const std::string& image() const { return image_; }
  std::string zone_path() const { return "zones/" + zone_; }
  std::string region_path() const { return "regions/" + region_; }

  // All rows that are there now, by name.
  const std::map<std::string, Instance>& instances() const { return instances_; }
  std::vector<const Disk*> disks() const;
  std::vector<const Snapshot*> snapshots() const;
  const std::map<std::string, Address>& addresses() const { return addresses_; }
  const std::vector<Operation>& operations() const { return operations_; }
  // Their states of this instant, in Compute Engine's words.
  std::string status(const Instance& row) const;
  std::string status(const Disk& row) const;
  std::string status(const Snapshot& row) const;
  std::string status(const Address& row) const;
  /// Attached to its instance, so that it is listed as its user.
  bool is_used(const Disk& row) const;
  std::vector<const Disk*> disks_of(const std::string& instance) const;
  /// Alias ranges of nic0, the Platform's address among them while it is there.
  std::vector<std::string> aliases_of(const Instance& row) const;
  std::string fingerprint_of_interface(const Instance& row) const;
  /// The instance that has an address; none: nobody.
  const Instance* holder_of(const std::string& address) const;

  /// The operation that this requestId was accepted as before; none: it is new.
  ComputeResult<const Operation*> repeated(const ChangeContext& context) const;

  using Accepted = ComputeResult<const Operation*>;
  Accepted insert_instance(const nlohmann::json& body, const ChangeContext& context);
  Accepted delete_instance(const std::string& name, const ChangeContext& context);
  Accepted stop_instance(const std::string& name, const ChangeContext& context);
  Accepted start_instance(const std::string& name, const ChangeContext& context);
  Accepted attach_disk(const std::string& instance, const nlohmann::json& body,
                       const ChangeContext& context);
  Accepted detach_disk(const std::string& instance, const std::string& device,
                       const ChangeContext& context);
  Accepted set_disk_auto_delete(const std::string& instance, const std::string& device, bool goes,
                                const ChangeContext& context);
  Accepted update_interface(const std::string& instance, const std::string& interface,
                            const nlohmann::json& body, const ChangeContext& context);
  Accepted insert_disk(const nlohmann::json& body, const ChangeContext& context);
  Accepted delete_disk(const std::string& name, const ChangeContext& context);
  /// `scope`: of the operation, which depends on the method that was used.
  Accepted insert_snapshot(const std::string& disk, const nlohmann::json& body,
                           const std::string& scope, const ChangeContext& context);
  Accepted delete_snapshot(const std::string& name, const ChangeContext& context);
  Accepted insert_address(const nlohmann::json& body, const ChangeContext& context);
  Accepted delete_address(const std::string& name, const ChangeContext& context);
  /// `target`: "zones/z/instances/i", "global/snapshots/s" ...
  Accepted set_labels(const std::string& target, const nlohmann::json& body,
                      const ChangeContext& context);

 private:
  // Seeding (compute_seed.cpp).
  void seed_machine(const std::string& entity, const std::string& cloud_id,
                    const std::string& address, const std::string& type);
  void seed_platform();
  void seed_platform_disk(const std::string& entity, const std::string& cloud_id, int size_gb);
  void seed_instances();
  void seed_snapshots();
  void add_boot_disk(const Instance& instance);

  // States and look-ups (compute_backend.cpp).
  std::string attachment(const Disk& row) const;
  std::string volume_state(const Disk& row) const;
  std::string snapshot_state(const Snapshot& row) const;
  bool models_address() const;
  /// Whether the Platform's address is on this machine of the model now.
  bool has_platform_address(const std::string& entity) const;
  ComputeResult<Instance*> find_instance(const std::string& name);
  ComputeResult<Disk*> find_disk(const std::string& name);
  ComputeResult<Snapshot*> find_snapshot(const std::string& name);
  const Instance* instance_of(const std::string& entity) const;
  std::string free_address(const std::string& words) const;
  void release_holdings(const Instance& instance, bool was_launched_in_vain);

  // Operations (compute_operations.cpp).
  enum class End { kSoon, kInModel, kNow };
  const Operation* accept(const std::string& type, const std::string& target,
                          const std::string& scope, const ChangeContext& context, End end,
                          const std::string& action = "");
  void settle(Operation& operation);

  // Machines (compute_instances.cpp).
  ComputeStatus check_instance(const nlohmann::json& body) const;
  ComputeStatus check_disks(const nlohmann::json& disks) const;
  void add_disks(const Instance& instance, const nlohmann::json& disks);
  std::string entity_for_machine(const Labels& labels) const;
  std::string entity_for_disk(const Labels& labels, const std::string& snapshot);
  Accepted change_address(Instance& row, const std::vector<std::string>& wanted,
                          const ChangeContext& context);

  World& world_;
  std::string project_;
  std::string zone_;
  std::string region_;
  std::string subnet_;
  std::string image_;
  std::map<std::string, Instance> instances_;
  std::map<std::string, Disk> disks_;
  std::map<std::string, Snapshot> snapshots_;
  std::map<std::string, Address> addresses_;
  std::vector<Operation> operations_;
};

/// A text member of an object, "" where there is none.
std::string text_in(const nlohmann::json& object, const std::string& key);
bool flag_in(const nlohmann::json& object, const std::string& key, bool otherwise);
/// A number that comes as a string ("150"), as 64-bit integers do, or as a number; 0: none.
int number_in(const nlohmann::json& object, const std::string& key);
/// The labels of a body; a refusal for what can be none.
ComputeResult<Labels> labels_in(const nlohmann::json& body);

}  // namespace wme::simulators::gcp
