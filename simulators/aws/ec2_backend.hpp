#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simulators/aws/ec2_error.hpp"
#include "simulators/aws/ec2_resources.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators::aws {

struct DiskRequest {
  std::string device;
  std::string snapshot;
  int size_gb = 0;  ///< 0: as the snapshot
  std::string type;
  bool delete_on_termination = true;
};

/// One interface of a launch: one that exists, or a new one.
struct LaunchInterface {
  std::string existing;  ///< its id; empty: a new one
  int device_index = 0;
  std::string address;  ///< of a new one; empty: the subnet chooses
  std::vector<std::string> groups;
  bool delete_on_termination = true;
};

struct RunRequest {
  std::string image;
  std::string type;
  std::string subnet;
  std::string zone;
  std::string key_name;
  std::vector<LaunchInterface> interfaces;  ///< one with the index 0 among them
  std::vector<std::string> groups;
  std::vector<DiskRequest> disks;
  int count_min = 1;
  int count_max = 1;
  std::string client_token;
  std::string fingerprint;  ///< of every other parameter: the same token asks for the same again
  Tags instance_tags;
  Tags volume_tags;
};

struct VolumeRequest {
  std::string zone;
  std::string snapshot;
  int size_gb = 0;
  std::string type;
  bool encrypted = false;
  std::string client_token;
  std::string fingerprint;
  Tags tags;
};

struct SnapshotsRequest {
  std::string instance;
  bool exclude_boot_volume = false;
  std::vector<std::string> excluded;
  std::string description;
  bool copy_tags = false;
  Tags tags;
};

struct InterfaceRequest {
  std::string subnet;
  std::string address;
  std::string description;
  std::vector<std::string> groups;
  std::string client_token;
  std::string fingerprint;
  Tags tags;
};

/// The rules and tables of a small EC2 with one account and one subnet, no HTTP. What the model
/// knows of a machine, volume, snapshot or the address is asked of the world, and changed only
/// through it. Not thread-safe: hold World::enter() for the whole request. `dry_run` makes each
/// change stop after its checks with DryRunOperation.
class Ec2Backend {
 public:
  explicit Ec2Backend(World& world);

  /// Brings the tables up to the world: what a terminated machine held is released. Call it first.
  void settle();
  TimePoint now() const { return world_.now(); }

  // All rows, in order of their ids.
  std::vector<InstanceView> instances() const;
  std::vector<VolumeView> volumes() const;
  std::vector<SnapshotView> snapshots() const;
  std::vector<InterfaceView> interfaces() const;
  std::vector<Image> images() const;
  /// The volumes and interfaces attached to one instance, by device and by index.
  std::vector<VolumeView> volumes_of(const std::string& instance) const;
  std::vector<InterfaceView> interfaces_of(const std::string& instance) const;
  /// The same of many instances (null: of all) in one pass: for whoever lists a fleet.
  Holdings holdings(const std::set<std::string>* instances = nullptr) const;
  std::string vpc() const { return vpc_; }
  /// Its range of addresses: "10.0.0.0/16".
  const std::string& network() const { return world_.installation().inventory.lan; }

  Ec2Result<std::vector<InstanceView>> run(const RunRequest& request, bool dry_run);
  Ec2Result<std::vector<StateChange>> stop(const std::vector<std::string>& ids, bool dry_run);
  Ec2Result<std::vector<StateChange>> start(const std::vector<std::string>& ids, bool dry_run);
  Ec2Result<std::vector<StateChange>> terminate(const std::vector<std::string>& ids, bool dry_run);

  /// What becomes of the volume at each of these devices when the instance is terminated.
  Ec2Status keep_volumes(const std::string& instance,
                         const std::vector<std::pair<std::string, bool>>& delete_on_termination,
                         bool dry_run);

  Ec2Result<VolumeView> create_volume(const VolumeRequest& request, bool dry_run);
  Ec2Result<VolumeView> attach_volume(const std::string& volume, const std::string& instance,
                                      const std::string& device, bool dry_run);
  /// Instance and device may be empty.
  Ec2Result<VolumeView> detach_volume(const std::string& volume, const std::string& instance,
                                      const std::string& device, bool dry_run);
  Ec2Status delete_volume(const std::string& volume, bool dry_run);
  Ec2Result<SnapshotView> create_snapshot(const std::string& volume, const std::string& description,
                                          const Tags& tags, bool dry_run);
  Ec2Result<std::vector<SnapshotView>> create_snapshots(const SnapshotsRequest& request,
                                                        bool dry_run);
  Ec2Status delete_snapshot(const std::string& snapshot, bool dry_run);

  Ec2Result<InterfaceView> create_interface(const InterfaceRequest& request, bool dry_run);
  Ec2Status delete_interface(const std::string& interface, bool dry_run);
  Ec2Result<InterfaceView> attach_interface(const std::string& interface,
                                            const std::string& instance, int device_index,
                                            bool dry_run);
  Ec2Status detach_interface(const std::string& attachment, bool dry_run);
  Ec2Status keep_interface(const std::string& interface, const std::string& attachment,
                           bool delete_on_termination, bool dry_run);

  Ec2Status create_tags(const std::vector<std::string>& resources, const Tags& tags, bool dry_run);
  /// A tag with an empty value in `tags` goes whatever its value is.
  Ec2Status delete_tags(const std::vector<std::string>& resources, const Tags& tags, bool dry_run);

 private:
  template <class Row>
  using Table = std::map<std::string, Row>;

  // Seeding (ec2_seed.cpp).
  Instance& seed_machine(const std::string& entity, const std::string& cloud_id,
                         const std::string& address, const std::string& type);
  void seed_root_volume(const Instance& instance);
  void seed_platform();
  void seed_platform_volume(const std::string& entity, const std::string& cloud_id, int size_gb,
                            const std::string& device);
  void seed_instances();
  void seed_snapshots();
  void seed_images();
  Interface& add_interface(const Instance& instance, const LaunchInterface& wish);

  // States and look-ups (ec2_backend.cpp).
  std::string state_of(const Instance& row) const;
  InstanceView view(const Instance& row) const;
  VolumeView view(const Volume& row) const;
  SnapshotView view(const Snapshot& row) const;
  InterfaceView view(const Interface& row) const;
  static bool is_gone(const VolumeView& volume);
  /// Reads lag writes: EC2 may not know for some seconds what it has just made.
  bool is_too_new(TimePoint made) const;
  const Instance* instance_of(const std::string& entity) const;
  bool models_address(const Interface& row) const;
  Ec2Result<Instance*> find_instance(const std::string& id);
  Ec2Result<Volume*> find_volume(const std::string& id);
  Ec2Result<Snapshot*> find_snapshot(const std::string& id);
  Ec2Result<Interface*> find_interface(const std::string& id);
  Tags* tags_of(const std::string& id);
  Interface& keep(Interface row);
  Table<Interface>::iterator erase(Table<Interface>::iterator place);
  bool has_free_addresses(int wanted) const;
  bool is_address_taken(const std::string& address) const;
  std::string free_address(const std::string& words) const;
  std::string next_words(const std::string& what);
  void release_holdings(Instance& instance);
  void delete_with_machine(const Volume& row);
  void unbind(Instance& row, const std::string& state);

  // Machines (ec2_instances.cpp).
  enum class PowerChange { kStop, kStart, kTerminate };
  Ec2Result<std::vector<StateChange>> change_power(const std::vector<std::string>& ids,
                                                   PowerChange change, bool dry_run);
  Ec2Status check_run(const RunRequest& request) const;
  Ec2Status check_interfaces(const RunRequest& request) const;
  std::string entity_for_machine(const RunRequest& request) const;
  Instance& add_instance(const RunRequest& request, const std::string& entity, int number);
  void add_disk(const Instance& instance, const DiskRequest& disk, const Tags& tags);

  // Storage (ec2_storage.cpp).
  std::string entity_for_volume(const VolumeRequest& request);
  Ec2Status check_attachable(const Volume& volume, const Instance& instance,
                             const std::string& device) const;
  Ec2Result<Snapshot*> take_snapshot(Volume& volume, const std::string& description,
                                     const Tags& tags, const std::string& door);
  std::string entity_for_snapshot(const Volume& volume) const;

  World& world_;
  std::string vpc_;
  std::string subnet_;
  std::string zone_;
  Table<Instance> instances_;
  Table<Volume> volumes_;
  Table<Snapshot> snapshots_;
  Table<Interface> interfaces_;
  std::multiset<std::string> addresses_;  ///< of all interfaces
  Table<Image> images_;
  std::map<std::string, int> made_;                  ///< how many ids these words gave already
  std::map<std::string, std::string> fingerprints_;  ///< by kind and client token
};

}  // namespace wme::simulators::aws
