#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/json/api_profile.hpp"
#include "model/result.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators {

/// One external instance that Launchpad has a record of.
struct InstanceRow {
  std::string entity;  ///< "studio-1" or "studio-1-new"
  std::string id;
  std::string name;  ///< as it was typed when it was added
  std::string host;
  std::string user;
  std::string shard;   ///< "studio", "qa", "stage", "live"
  std::string record;  ///< value of record(i)
  std::string health;  ///< value of health(i)
  int slots = 0;
  int used = 0;
};

struct ContainerRow {
  const model::Container* container = nullptr;
  std::string run;                      ///< value of run(c)
  std::optional<std::string> instance;  ///< entity that holds it; none when it is parked
  std::string ip;                       ///< blank when it is parked
  int port = 0;
};

/// What somebody typed into "Add capacity".
struct InstanceForm {
  std::string name;
  std::string host;
  std::string user;
  std::string shard_id;
};

/// Launchpad's rules without HTTP: a view of the world, and requests to it. Call with the world
/// locked. Errors: kNotFound, kBlocked (the system says no, with its sentence), kThrottled (another
/// action is in progress), kInvalid, kUnreachable (no Platform serves).
class LaunchpadBackend {
 public:
  LaunchpadBackend(World& world, const model::SystemProfile& profile);

  /// The Platform whose services run; none: Launchpad does not answer.
  std::optional<std::string> serving_platform() const;
  const std::string& version() const;  ///< of the Platform that serves

  std::vector<InstanceRow> instances() const;
  Result<InstanceRow> instance(std::string_view id) const;
  /// Containers of a shard ("" for all) in inventory order.
  std::vector<const model::Container*> containers(std::string_view shard) const;
  ContainerRow row(const model::Container& container) const;
  std::optional<std::string> shard_name(std::string_view shard_id) const;
  /// The id that every answer shows for a shard that the inventory calls `shard`.
  std::string shard_id(std::string_view shard) const;
  std::string instance_id(std::string_view entity) const;

  /// Each returns the id of a task; the truth is the entity's state.
  Result<std::string> hibernate(std::string_view container_id, const std::string& door);
  Result<std::string> passivate(std::string_view container_id, const std::string& door);
  /// "Play": wakes a hibernated or a parked container.
  Result<std::string> activate(std::string_view container_id, const std::string& door);
  /// Hibernates every running container of the shard; how many were accepted.
  int hibernate_all(std::string_view shard, const std::string& door);

  Result<std::string> stop(const InstanceRow& instance, const std::string& door);
  Result<std::string> start(const InstanceRow& instance, const std::string& door);
  /// Parks every STOPPED container of the instance.
  Result<std::string> passivate_all(const InstanceRow& instance, const std::string& door);
  /// Patch and Sync bring a settled instance back to where it is. Assumption: nothing else changes.
  Result<std::string> refresh(const InstanceRow& instance, std::string_view what) const;
  /// What the health panel shows for each check: true is a tick.
  bool health(const InstanceRow& instance, const std::string& door);
  Status remove(const InstanceRow& instance, const std::string& door);
  void edit(const InstanceRow& instance, const InstanceForm& form);

  /// The Test button: an address where a machine answers. Returns the key file's token.
  Result<std::string> test(const InstanceForm& form) const;
  Status add(const InstanceForm& form, std::string_view token, const std::string& door);

  Status set_restriction(bool enabled, const std::string& door);
  /// Whether the license shows as active; reading it is the check B14.
  bool license_active(const std::string& door);
  /// Reading a shard's list is the check A07, when everything is as it should be.
  void shard_was_read(const std::string& shard, const std::string& door);

 private:
  const model::Container* find_container(std::string_view id) const;
  Result<std::string> ask(std::string_view action, const std::string& entity,
                          const std::string& task, const std::string& door);
  Result<std::string> ask_of_container(std::string_view action, std::string_view container_id,
                                       const std::string& door);
  Result<std::string> ask_of_instance(std::string_view action, const InstanceRow& instance,
                                      const std::string& door);
  InstanceRow row(const std::string& entity) const;
  std::optional<std::string> entity_for(const InstanceForm& form) const;
  std::string address_of(std::string_view entity) const;
  std::map<std::string, int, std::less<>> used_slots() const;
  std::string function(std::string_view name, const std::string& of) const;

  World& world_;
  const model::SystemProfile& profile_;
  std::map<std::string, const model::Container*, std::less<>> by_id_;
  std::map<std::string, std::vector<const model::Container*>, std::less<>> by_shard_;
  std::map<std::string, int, std::less<>> port_;                         ///< by container
  std::map<std::string, const model::Instance*, std::less<>> instance_;  ///< by entity
  std::map<std::string, InstanceForm, std::less<>> typed_;  ///< what add and edit said, by entity
};

}  // namespace wme::simulators
