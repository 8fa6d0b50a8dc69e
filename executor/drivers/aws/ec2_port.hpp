#pragma once

#include <string>
#include <vector>

#include "executor/drivers/aws/ec2_client.hpp"
#include "executor/drivers/aws/ec2_reader.hpp"
#include "executor/ports/system_port.hpp"
#include "model/inventory.hpp"

namespace wme::executor::aws {

/// The cloud door on AWS. Serves every action of that door and the fluents power(m), volume(v),
/// snapshot(s) and address(). Keeps no state: each call reads afresh what it needs.
///
/// Asking again with the same token is safe: launches and volumes carry it as ClientToken, a
/// snapshot is looked up by its tag first, stop, start and terminate are idempotent in EC2, and
/// what attach and detach find done already counts as done.
/// Source: EC2 API Reference; "Ensuring idempotency in Amazon EC2 API requests".
class Ec2Port : public SystemPort {
 public:
  Ec2Port(const model::Inventory& inventory, Ec2Client& client);

  Result<std::string> perform(const Call& call) override;
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) override;
  /// Of a launch: EC2 terminates at once what it cannot start, and may never show it pending.
  Result<std::optional<std::string>> failure_of(const Call& call) override;

 private:
  using Handler = Result<std::string> (Ec2Port::*)(const Call& call);
  struct Entry {
    std::string_view action;
    std::size_t arguments;
    Handler handler;
  };
  static const std::vector<Entry>& entries();

  Result<std::string> stop_machine(const Call& call);
  Result<std::string> start_machine(const Call& call);
  Result<std::string> terminate_machine(const Call& call);
  Result<std::string> launch_machine(const Call& call);
  Result<std::string> take_snapshot(const Call& call);
  Result<std::string> delete_snapshot(const Call& call);
  Result<std::string> create_volume(const Call& call);
  Result<std::string> attach_volume(const Call& call);
  Result<std::string> detach_volume(const Call& call);
  Result<std::string> delete_volume(const Call& call);
  Result<std::string> detach_address(const Call& call);
  Result<std::string> attach_address(const Call& call);
  Result<std::string> return_address(const Call& call);
  Result<std::string> give_address_to(const std::string& machine);

  Result<std::string> change_power(const std::string& operation, const Call& call);
  Result<std::string> machine_id(const std::string& machine);
  Result<CloudRecord> existing_volume(const std::string& volume);
  Result<CloudRecord> existing_snapshot(const std::string& snapshot);
  bool may_be_new(const InterfaceRecord& interface) const;
  Result<Observation> observed_address(const Result<InterfaceRecord>& found,
                                       const Ec2Reader::Records& machines) const;

  model::Inventory inventory_;
  Ec2Client& client_;
  Ec2Reader reader_;
};

}  // namespace wme::executor::aws
