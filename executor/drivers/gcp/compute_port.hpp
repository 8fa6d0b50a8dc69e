#pragma once

#include <string>
#include <vector>

#include "executor/drivers/gcp/compute_client.hpp"
#include "executor/drivers/gcp/compute_reader.hpp"
#include "executor/ports/system_port.hpp"
#include "model/inventory.hpp"

namespace wme::executor::gcp {

/// The cloud door on Compute Engine. Serves every action of that door and the fluents power(m),
/// volume(v), snapshot(s) and address(). Keeps no state: each call reads afresh what it needs, and
/// none waits for the end of an operation.
///
/// The Platform's address is an alias IP range of the interface that the inventory names ("nic0"):
/// the only address that can be taken from a machine and given to another while both exist and the
/// new one runs. It must be reserved in the region, so that nobody else gets it while it is free
/// (INV-18): without a reservation it is not detached.
///
/// Asking again with the same token is safe: every change has a requestId that follows from it, and
/// what is made has a name that does.
/// Source: Compute Engine API v1; "Configure alias IP ranges"; requestId in the API reference.
class ComputePort : public SystemPort {
 public:
  ComputePort(const model::Inventory& inventory, ComputeClient& client);

  Result<std::string> perform(const Call& call) override;
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) override;
  Result<std::optional<std::string>> failure_of(const Call& call) override;

 private:
  using Handler = Result<std::string> (ComputePort::*)(const Call& call);
  struct Entry {
    std::string_view action;
    std::size_t arguments;
    Handler handler;
  };
  static const std::vector<Entry>& entries();

  // Machines (compute_port.cpp).
  Result<std::string> stop_machine(const Call& call);
  Result<std::string> start_machine(const Call& call);
  Result<std::string> terminate_machine(const Call& call);
  Result<std::string> launch_machine(const Call& call);
  Result<CloudRecord> existing_machine(const std::string& machine);

  // Disks and snapshots (compute_port_storage.cpp).
  Result<std::string> take_snapshot(const Call& call);
  Result<std::string> delete_snapshot(const Call& call);
  Result<std::string> create_volume(const Call& call);
  Result<std::string> attach_volume(const Call& call);
  Result<std::string> detach_volume(const Call& call);
  Result<std::string> delete_volume(const Call& call);
  Result<CloudRecord> existing_volume(const std::string& volume);
  Result<CloudRecord> existing_snapshot(const std::string& snapshot);

  // The Platform's address (compute_port_address.cpp).
  Result<std::string> detach_address(const Call& call);
  Result<std::string> attach_address(const Call& call);
  Result<std::string> return_address(const Call& call);
  Result<std::string> give_address_to(const std::string& machine, const Call& call);
  Result<std::string> set_aliases(const CloudRecord& machine, const std::vector<std::string>& all,
                                  const Call& call);
  Result<CloudRecord> machine_with_interface(const std::string& machine);
  Result<Observation> observed_address();

  /// Sends what makes `name` in `collection`; one that is there already and carries the token of
  /// this call was made by an earlier try.
  Result<std::string> make(const std::string& collection, const std::string& path,
                           const nlohmann::json& body, const Call& call);

  model::Inventory inventory_;
  ComputeClient& client_;
  ComputeReader reader_;
};

}  // namespace wme::executor::gcp
