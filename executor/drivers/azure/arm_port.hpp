#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "executor/drivers/azure/arm_client.hpp"
#include "executor/drivers/azure/arm_reader.hpp"
#include "executor/ports/system_port.hpp"
#include "model/inventory.hpp"

namespace wme::executor::azure {

/// The cloud door on Azure. Serves every action of that door and the fluents power(m), volume(v),
/// snapshot(s) and address(). Reads afresh what it needs for each call, and waits for nothing: the
/// end of an operation is seen in the resource.
///
/// Asking again with the same token is safe: whatever is made has a name that follows from the
/// token, and is looked up by it first; deallocate, start and delete are idempotent in Resource
/// Manager; what attaching and detaching find done already counts as done.
///
/// The Platform's address is a network interface of its own. A machine takes one only when it is
/// made or while it is deallocated, so that it comes with the launch of the new Platform (model,
/// "address-comes"). As a machine keeps at least one, whoever has only this one gets a stand-in.
/// Source: Azure REST API, Compute 2022-08-01, Network 2022-07-01; "Add network interfaces to or
/// remove network interfaces from virtual machines".
class ArmPort : public SystemPort {
 public:
  ArmPort(const model::Inventory& inventory, ArmClient& client);

  Result<std::string> perform(const Call& call) override;
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) override;

 private:
  using Handler = Result<std::string> (ArmPort::*)(const Call& call);
  struct Entry {
    std::string_view action;
    std::size_t arguments;
    Handler handler;
  };
  static const std::vector<Entry>& entries();

  // arm_port_machines.cpp
  Result<std::string> stop_machine(const Call& call);
  Result<std::string> start_machine(const Call& call);
  Result<std::string> terminate_machine(const Call& call);
  Result<std::string> detach_address(const Call& call);
  Result<std::string> attach_address(const Call& call);
  Result<std::string> return_address(const Call& call);
  Result<nlohmann::json> stand_in(const nlohmann::json& machine, const nlohmann::json& kept);
  Status make_room_for(const nlohmann::json& interface, const std::string& wanted_by);

  // arm_port_launch.cpp
  Result<std::string> launch_machine(const Call& call);
  Result<std::string> interface_for(const Call& call, const std::string& name);
  Result<std::string> new_interface(const Call& call, const std::string& name,
                                    const std::string& address, const std::string& group);
  Result<nlohmann::json> machine_body(const Call& call, const std::string& name,
                                      const std::string& interface);
  Result<std::string> public_key();

  // arm_port_storage.cpp
  Result<std::string> take_snapshot(const Call& call);
  Result<std::string> delete_snapshot(const Call& call);
  Result<std::string> create_volume(const Call& call);
  Result<std::string> attach_volume(const Call& call);
  Result<std::string> detach_volume(const Call& call);
  Result<std::string> delete_volume(const Call& call);

  Result<CloudRecord> existing(const std::string& fluent, const std::string& entity);
  /// The machine as it is to be, when no other change of it is under way.
  Result<nlohmann::json> changeable(const std::string& machine);
  Result<std::string> changed(const std::string& method, const ResourceType& type,
                              const std::string& id, const nlohmann::json& body);
  /// Made before with the same name, by an earlier try of the same step.
  Result<bool> is_made(const ResourceType& type, const std::string& id);
  nlohmann::json resource_of(const Call& call) const;
  std::string id(const ResourceType& type, const std::string& name) const;

  model::Inventory inventory_;
  ArmClient& client_;
  ArmReader reader_;
  /// A list of disks or interfaces is read, changed and written back: one at a time.
  std::mutex lists_;
};

}  // namespace wme::executor::azure
