#include "executor/drivers/azure/arm_port.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "executor/drivers/azure/json_fields.hpp"

namespace wme::executor::azure {

using nlohmann::json;

namespace {

using Reading = Result<ArmReader::Records> (ArmReader::*)(const std::vector<std::string>&);

const std::map<std::string_view, Reading>& readings() {
  static const std::map<std::string_view, Reading> all = {{"power", &ArmReader::machines},
                                                          {"volume", &ArmReader::volumes},
                                                          {"snapshot", &ArmReader::snapshots}};
  return all;
}

}  // namespace

ArmPort::ArmPort(const model::Inventory& inventory, ArmClient& client)
    : inventory_(inventory), client_(client), reader_(inventory_, client) {}

const std::vector<ArmPort::Entry>& ArmPort::entries() {
  static const std::vector<Entry> all = {
      {"take-snapshot", 1, &ArmPort::take_snapshot},
      {"stop-machine", 1, &ArmPort::stop_machine},
      {"start-machine", 1, &ArmPort::start_machine},
      {"terminate-machine", 1, &ArmPort::terminate_machine},
      {"launch-machine", 1, &ArmPort::launch_machine},
      {"detach-address", 0, &ArmPort::detach_address},
      {"attach-address", 0, &ArmPort::attach_address},
      {"return-address", 0, &ArmPort::return_address},
      {"create-volume", 1, &ArmPort::create_volume},
      {"attach-volume", 1, &ArmPort::attach_volume},
      {"detach-volume", 1, &ArmPort::detach_volume},
      {"delete-volume", 1, &ArmPort::delete_volume},
      {"delete-snapshot", 1, &ArmPort::delete_snapshot},
  };
  return all;
}

Result<std::string> ArmPort::perform(const Call& call) {
  const auto same = [&](const Entry& entry) { return entry.action == call.action; };
  const auto entry = std::ranges::find_if(entries(), same);
  if (entry == entries().end())
    return Error{ErrorCode::kInvalid, "Azure has no action " + call.action};
  if (call.arguments.size() != entry->arguments)
    return Error{ErrorCode::kInvalid, call.action + " takes " + std::to_string(entry->arguments) +
                                          " arguments, not " +
                                          std::to_string(call.arguments.size())};
  return (this->*entry->handler)(call);
}

Result<std::vector<Observation>> ArmPort::observe(const std::vector<Variable>& variables) {
  std::map<std::string, std::vector<std::string>> asked;
  for (const Variable& variable : variables) {
    const bool is_address = variable.fluent == "address" && variable.arguments.empty();
    const bool is_known = readings().contains(variable.fluent) && variable.arguments.size() == 1;
    if (!is_address && !is_known)
      return Error{ErrorCode::kInvalid, "Azure cannot see the variable " + variable.fluent};
    if (is_known) asked[variable.fluent].push_back(variable.arguments.front());
  }
  std::map<std::string, ArmReader::Records> read;
  for (const auto& [fluent, entities] : asked) {
    auto records = (reader_.*readings().at(fluent))(entities);
    if (!records) return records.error();
    read.emplace(fluent, std::move(records).value());
  }
  std::vector<Observation> observations;
  for (const Variable& variable : variables) {
    if (variable.fluent == "address") {
      auto address = reader_.address();
      if (!address) return address.error();
      observations.push_back({variable, address.value().state, address.value().detail});
      continue;
    }
    const CloudRecord& record = read.at(variable.fluent).at(variable.arguments.front());
    observations.push_back({variable, record.state, record.detail});
  }
  return observations;
}

std::string ArmPort::id(const ResourceType& type, const std::string& name) const {
  return id_of(client_.place(), type, name);
}

Result<CloudRecord> ArmPort::existing(const std::string& fluent, const std::string& entity) {
  auto records = (reader_.*readings().at(fluent))({entity});
  if (!records) return records.error();
  CloudRecord record = records.value().at(entity);
  if (record.id.empty())
    return Error{ErrorCode::kNotFound, "Azure has no " + entity + " (" + record.detail + ")"};
  return record;
}

/// A change of a machine that comes upon another one preempts it: Azure would end the first.
Result<json> ArmPort::changeable(const std::string& machine) {
  auto record = existing("power", machine);
  if (!record) return record.error();
  const std::string provisioning =
      lower(text_at(record.value().resource, "properties/provisioningState"));
  if (provisioning != "succeeded" && provisioning != "failed")
    return Error{ErrorCode::kBlocked, "Azure: another operation on " + record.value().detail +
                                          " is under way: it would be preempted"};
  return record.value().resource;
}

Result<std::string> ArmPort::changed(const std::string& method, const ResourceType& type,
                                     const std::string& id, const json& body) {
  const auto accepted = client_.change(method, id, type.version, body);
  if (!accepted) return accepted.error();
  return id + " (" + accepted.value().told + ")";
}

Result<bool> ArmPort::is_made(const ResourceType& type, const std::string& id) {
  const auto found = reader_.resource(type, id);
  if (!found) return found.error();
  return found.value() &&
         lower(text_at(*found.value(), "properties/provisioningState")) != "failed";
}

json ArmPort::resource_of(const Call& call) const {
  return {{"location", client_.place().location},
          {"tags",
           {{std::string(kInstallationTag), inventory_.name},
            {std::string(kEntityTag), call.arguments.front()},
            {std::string(kTokenTag), call.token}}}};
}

}  // namespace wme::executor::azure
