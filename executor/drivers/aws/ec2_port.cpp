#include "executor/drivers/aws/ec2_port.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "executor/drivers/aws/ec2_names.hpp"

namespace wme::executor::aws {

namespace {

constexpr std::string_view kNewPlatform = "platform-new";

Error not_there(const std::string& entity, const std::string& detail) {
  return {ErrorCode::kNotFound, "EC2 has no " + entity + " (" + detail + ")"};
}

Observation seen(const Variable& variable, const CloudRecord& record) {
  return {variable, record.state, record.detail};
}

}  // namespace

Ec2Port::Ec2Port(const model::Inventory& inventory, Ec2Client& client)
    : inventory_(inventory), client_(client), reader_(inventory_, client) {}

const std::vector<Ec2Port::Entry>& Ec2Port::entries() {
  static const std::vector<Entry> all = {
      {"take-snapshot", 1, &Ec2Port::take_snapshot},
      {"stop-machine", 1, &Ec2Port::stop_machine},
      {"start-machine", 1, &Ec2Port::start_machine},
      {"terminate-machine", 1, &Ec2Port::terminate_machine},
      {"launch-machine", 1, &Ec2Port::launch_machine},
      {"detach-address", 0, &Ec2Port::detach_address},
      {"attach-address", 0, &Ec2Port::attach_address},
      {"return-address", 0, &Ec2Port::return_address},
      {"create-volume", 1, &Ec2Port::create_volume},
      {"attach-volume", 1, &Ec2Port::attach_volume},
      {"detach-volume", 1, &Ec2Port::detach_volume},
      {"delete-volume", 1, &Ec2Port::delete_volume},
      {"delete-snapshot", 1, &Ec2Port::delete_snapshot},
  };
  return all;
}

Result<std::string> Ec2Port::perform(const Call& call) {
  const auto same = [&](const Entry& entry) { return entry.action == call.action; };
  const auto entry = std::ranges::find_if(entries(), same);
  if (entry == entries().end())
    return Error{ErrorCode::kInvalid, "EC2 has no action " + call.action};
  if (call.arguments.size() != entry->arguments)
    return Error{ErrorCode::kInvalid, call.action + " takes " + std::to_string(entry->arguments) +
                                          " arguments, not " +
                                          std::to_string(call.arguments.size())};
  return (this->*entry->handler)(call);
}

Result<std::optional<std::string>> Ec2Port::failure_of(const Call& call) {
  if (call.action != "launch-machine") return std::optional<std::string>();
  return reader_.end_of_launch(client_token(call.token));
}

Result<std::vector<Observation>> Ec2Port::observe(const std::vector<Variable>& variables) {
  using Reading = Result<Ec2Reader::Records> (Ec2Reader::*)(const std::vector<std::string>&);
  static const std::map<std::string_view, Reading> readings = {{"power", &Ec2Reader::machines},
                                                               {"volume", &Ec2Reader::volumes},
                                                               {"snapshot", &Ec2Reader::snapshots}};
  std::map<std::string, std::vector<std::string>> asked;
  bool has_address = false;
  for (const Variable& variable : variables) {
    const bool is_address = variable.fluent == "address" && variable.arguments.empty();
    const bool is_known = readings.contains(variable.fluent) && variable.arguments.size() == 1;
    if (!is_address && !is_known)
      return Error{ErrorCode::kInvalid, "EC2 cannot see the variable " + variable.fluent};
    if (is_known) asked[variable.fluent].push_back(variable.arguments.front());
    has_address = has_address || is_address;
  }
  std::optional<Result<InterfaceRecord>> interface;
  if (has_address) interface = reader_.address_interface();
  // Whose address it is: one look at the machines for that and for what else is asked of them.
  if (interface && *interface && may_be_new(interface->value()))
    asked["power"].emplace_back(kNewPlatform);
  std::map<std::string, Ec2Reader::Records> read;
  for (const auto& [fluent, entities] : asked) {
    auto records = (reader_.*readings.at(fluent))(entities);
    if (!records) return records.error();
    read.emplace(fluent, std::move(records).value());
  }
  std::vector<Observation> observations;
  for (const Variable& variable : variables) {
    if (variable.fluent != "address") {
      observations.push_back(
          seen(variable, read.at(variable.fluent).at(variable.arguments.front())));
      continue;
    }
    auto address = observed_address(*interface, read["power"]);
    if (!address) return address.error();
    observations.push_back(std::move(address).value());
  }
  return observations;
}

/// The old Platform's id is in the inventory; the new one's has to be looked up.
bool Ec2Port::may_be_new(const InterfaceRecord& interface) const {
  return !interface.attached_to.empty() && interface.attached_to != inventory_.platform.cloud_id;
}

Result<Observation> Ec2Port::observed_address(const Result<InterfaceRecord>& found,
                                              const Ec2Reader::Records& machines) const {
  Observation observation{{"address", {}}, std::nullopt, ""};
  if (!found &&
      (found.error().code == ErrorCode::kNotFound || found.error().code == ErrorCode::kInvalid)) {
    observation.detail = found.error().message;
    return observation;
  }
  if (!found) return found.error();
  const InterfaceRecord& interface = found.value();
  const std::string& status = interface.attachment_status;
  observation.detail = interface.id + " " + interface.status;
  if (status.empty() || status == "detached") {
    if (interface.status == "available") observation.value = "free";
    return observation;
  }
  observation.detail += ", " + status + " to " + interface.attached_to;
  if (status == "detaching") observation.value = "detaching";
  const bool is_old = !interface.attached_to.empty() && !may_be_new(interface);
  const bool is_new =
      may_be_new(interface) && interface.attached_to == machines.at(std::string(kNewPlatform)).id;
  if (!is_new && !is_old) observation.detail += ", which is neither the old Platform nor the new";
  if (status == "attached" && is_old) observation.value = "old-platform";
  if (status == "attached" && is_new) observation.value = "new-platform";
  if (status == "attaching" && (is_new || is_old)) observation.value = "attaching";
  return observation;
}

Result<std::string> Ec2Port::machine_id(const std::string& machine) {
  const auto records = reader_.machines({machine});
  if (!records) return records.error();
  const CloudRecord& record = records.value().at(machine);
  if (record.id.empty()) return not_there(machine, record.detail);
  return record.id;
}

Result<CloudRecord> Ec2Port::existing_volume(const std::string& volume) {
  const auto records = reader_.volumes({volume});
  if (!records) return records.error();
  const CloudRecord& record = records.value().at(volume);
  if (record.id.empty()) return not_there(volume, record.detail);
  return record;
}

Result<CloudRecord> Ec2Port::existing_snapshot(const std::string& snapshot) {
  const auto records = reader_.snapshots({snapshot});
  if (!records) return records.error();
  const CloudRecord& record = records.value().at(snapshot);
  if (record.id.empty())
    return not_there(snapshot + " of backup " + inventory_.backup_id, record.detail);
  return record;
}

Result<std::string> Ec2Port::change_power(const std::string& operation, const Call& call) {
  const auto id = machine_id(call.arguments.front());
  if (!id) return id.error();
  const auto answer = client_.call(operation, {{"InstanceId.1", id.value()}});
  if (!answer) return answer.error();
  return id.value();
}

Result<std::string> Ec2Port::stop_machine(const Call& call) {
  return change_power("StopInstances", call);
}

Result<std::string> Ec2Port::start_machine(const Call& call) {
  return change_power("StartInstances", call);
}

Result<std::string> Ec2Port::terminate_machine(const Call& call) {
  return change_power("TerminateInstances", call);
}

Result<std::string> Ec2Port::detach_address(const Call&) {
  const auto found = reader_.address_interface();
  if (!found) return found.error();
  const InterfaceRecord& interface = found.value();
  const bool is_done = interface.attachment_id.empty() ||
                       interface.attachment_status == "detaching" ||
                       interface.attachment_status == "detached";
  if (is_done) return interface.id + " is detached already";
  const auto answer =
      client_.call("DetachNetworkInterface", {{"AttachmentId", interface.attachment_id}});
  if (!answer) return answer.error();
  return interface.id + " " + interface.attachment_id;
}

Result<std::string> Ec2Port::attach_address(const Call&) { return give_address_to("platform-new"); }

Result<std::string> Ec2Port::return_address(const Call&) { return give_address_to("platform"); }

Result<std::string> Ec2Port::give_address_to(const std::string& machine) {
  const auto found = reader_.address_interface();
  if (!found) return found.error();
  const auto instance = machine_id(machine);
  if (!instance) return instance.error();
  const InterfaceRecord& interface = found.value();
  const bool is_held = !interface.attachment_id.empty() &&
                       interface.attachment_status != "detaching" &&
                       interface.attachment_status != "detached";
  if (is_held && interface.attached_to == instance.value())
    return interface.id + " " + interface.attachment_id;
  const auto answer =
      client_.call("AttachNetworkInterface", {{"NetworkInterfaceId", interface.id},
                                              {"InstanceId", instance.value()},
                                              {"DeviceIndex", std::string(kAddressDeviceIndex)}});
  if (!answer) return answer.error();
  return interface.id + " " + answer.value().value("attachmentId");
}

}  // namespace wme::executor::aws
