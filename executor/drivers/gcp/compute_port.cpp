#include "executor/drivers/gcp/compute_port.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "executor/drivers/gcp/compute_names.hpp"

namespace wme::executor::gcp {

namespace {

using nlohmann::json;

/// The fixed primary address of a new machine; empty lets the subnet choose one.
std::string primary_address(const model::Inventory& inventory, const model::Instance* instance) {
  if (instance != nullptr)
    return instance->new_address.empty() ? instance->address : instance->new_address;
  const auto& platform = inventory.platform;
  if (!platform.new_address.empty()) return platform.new_address;
  // The kept address comes as an alias, beside one of the machine's own.
  return platform.interface.empty() ? platform.address : std::string();
}

/// The name of a subnetwork or its path, as a path.
std::string subnetwork_path(const ComputePlace& place, const std::string& subnet) {
  if (subnet.find('/') != std::string::npos) return subnet;
  return place.region_path() + "/subnetworks/" + subnet;
}

json network_interface(const ComputePlace& place, const model::Inventory& inventory,
                       const model::Instance* instance) {
  json interface = json::object();
  if (!inventory.launch.subnet.empty())
    interface["subnetwork"] = subnetwork_path(place, inventory.launch.subnet);
  if (const std::string address = primary_address(inventory, instance); !address.empty())
    interface["networkIP"] = address;
  return interface;
}

json data_disk(const ComputePlace& place, const std::string& machine,
               const model::Instance& instance) {
  // Users' work is on it until it is parked: it must outlive an instance that is ended by mistake.
  return {{"deviceName", "data"},
          {"mode", "READ_WRITE"},
          {"type", "PERSISTENT"},
          {"boot", false},
          {"autoDelete", false},
          {"initializeParams",
           {{"diskName", machine + "-data"},
            {"diskSizeGb", std::to_string(instance.data_gb)},
            {"diskType", place.zone_path() + "/diskTypes/pd-balanced"}}}};
}

}  // namespace

ComputePort::ComputePort(const model::Inventory& inventory, ComputeClient& client)
    : inventory_(inventory), client_(client), reader_(inventory_, client) {}

const std::vector<ComputePort::Entry>& ComputePort::entries() {
  static const std::vector<Entry> all = {
      {"take-snapshot", 1, &ComputePort::take_snapshot},
      {"stop-machine", 1, &ComputePort::stop_machine},
      {"start-machine", 1, &ComputePort::start_machine},
      {"terminate-machine", 1, &ComputePort::terminate_machine},
      {"launch-machine", 1, &ComputePort::launch_machine},
      {"detach-address", 0, &ComputePort::detach_address},
      {"attach-address", 0, &ComputePort::attach_address},
      {"return-address", 0, &ComputePort::return_address},
      {"create-volume", 1, &ComputePort::create_volume},
      {"attach-volume", 1, &ComputePort::attach_volume},
      {"detach-volume", 1, &ComputePort::detach_volume},
      {"delete-volume", 1, &ComputePort::delete_volume},
      {"delete-snapshot", 1, &ComputePort::delete_snapshot},
  };
  return all;
}

Result<std::string> ComputePort::perform(const Call& call) {
  const auto entry = std::ranges::find(entries(), call.action, &Entry::action);
  if (entry == entries().end())
    return Error{ErrorCode::kInvalid, "Compute Engine has no action " + call.action};
  if (call.arguments.size() != entry->arguments)
    return Error{ErrorCode::kInvalid, call.action + " takes " + std::to_string(entry->arguments) +
                                          " arguments, not " +
                                          std::to_string(call.arguments.size())};
  return (this->*entry->handler)(call);
}

Result<std::vector<Observation>> ComputePort::observe(const std::vector<Variable>& variables) {
  using Reading =
      Result<ComputeReader::Records> (ComputeReader::*)(const std::vector<std::string>&);
  static const std::map<std::string_view, Reading> readings = {
      {"power", &ComputeReader::machines},
      {"volume", &ComputeReader::volumes},
      {"snapshot", &ComputeReader::snapshots}};
  std::map<std::string, std::vector<std::string>> asked;
  for (const Variable& variable : variables) {
    const bool is_address = variable.fluent == "address" && variable.arguments.empty();
    const bool is_known = readings.contains(variable.fluent) && variable.arguments.size() == 1;
    if (!is_address && !is_known)
      return Error{ErrorCode::kInvalid,
                   "Compute Engine cannot see the variable " + variable.fluent};
    if (is_known) asked[variable.fluent].push_back(variable.arguments.front());
  }
  std::map<std::string, ComputeReader::Records> read;
  for (const auto& [fluent, entities] : asked) {
    auto records = (reader_.*readings.at(fluent))(entities);
    if (!records) return records.error();
    read.emplace(fluent, std::move(records).value());
  }
  std::vector<Observation> observations;
  for (const Variable& variable : variables) {
    if (variable.fluent == "address") {
      auto address = observed_address();
      if (!address) return address.error();
      observations.push_back(std::move(address).value());
      continue;
    }
    const CloudRecord& record = read.at(variable.fluent).at(variable.arguments.front());
    observations.push_back({variable, record.state, record.detail});
  }
  return observations;
}

Result<std::optional<std::string>> ComputePort::failure_of(const Call& call) {
  return reader_.failure_of(request_id(call.token, call.action));
}

Result<CloudRecord> ComputePort::existing_machine(const std::string& machine) {
  const auto records = reader_.machines({machine});
  if (!records) return records.error();
  const CloudRecord& record = records.value().at(machine);
  if (record.name.empty())
    return Error{ErrorCode::kNotFound,
                 "Compute Engine has no " + machine + " (" + record.detail + ")"};
  return record;
}

Result<std::string> ComputePort::stop_machine(const Call& call) {
  const auto machine = existing_machine(call.arguments.front());
  if (!machine) return machine.error();
  const auto operation = client_.change(
      "POST", client_.place().zone_path() + "/instances/" + machine.value().name + "/stop", {},
      request_id(call.token, call.action));
  if (!operation) return operation.error();
  return machine.value().name + " " + text(operation.value(), "name");
}

Result<std::string> ComputePort::start_machine(const Call& call) {
  const auto machine = existing_machine(call.arguments.front());
  if (!machine) return machine.error();
  const auto operation = client_.change(
      "POST", client_.place().zone_path() + "/instances/" + machine.value().name + "/start", {},
      request_id(call.token, call.action));
  if (!operation) return operation.error();
  return machine.value().name + " " + text(operation.value(), "name");
}

Result<std::string> ComputePort::terminate_machine(const Call& call) {
  const auto machine = existing_machine(call.arguments.front());
  if (!machine) return machine.error();
  const std::string path = client_.place().zone_path() + "/instances/" + machine.value().name;
  std::string kept;
  for (const AttachedDisk& each : machine.value().disks) {
    if (each.is_boot || !each.goes_with_machine) continue;
    const auto changed = client_.change("POST", path + "/setDiskAutoDelete",
                                        {{"autoDelete", "false"}, {"deviceName", each.device}},
                                        request_id(call.token, "keep " + each.device));
    if (!changed) return changed.error();
    kept += (kept.empty() ? "" : ", ") + each.disk;
  }
  // INV-15. It takes a moment, and nothing here waits for operations: the executor asks again.
  if (!kept.empty())
    return Error{ErrorCode::kBlocked, "Compute Engine " + machine.value().name + ": " + kept +
                                          " would have been deleted with it; that is being "
                                          "changed first"};
  const auto operation = client_.change("DELETE", path, {}, request_id(call.token, call.action));
  if (!operation) return operation.error();
  return machine.value().name + " " + text(operation.value(), "name");
}

Result<std::string> ComputePort::launch_machine(const Call& call) {
  const std::string& machine = call.arguments.front();
  const model::Instance* instance = model::external_instance(inventory_, machine);
  if (!model::is_new(machine) || (instance == nullptr && machine != "platform-new"))
    return Error{ErrorCode::kInvalid, "Compute Engine launch-machine " + machine +
                                          ": only new machines of the inventory are launched"};
  const model::Launch& launch = inventory_.launch;
  const std::string& size = instance == nullptr ? launch.platform_size : launch.instance_size;
  if (launch.image.empty() || size.empty())
    return Error{ErrorCode::kInvalid, "Compute Engine launch-machine " + machine +
                                          ": the inventory's launch section lacks image or size"};
  const ComputePlace& place = client_.place();
  const std::string name = new_name(inventory_, call);
  json disks = json::array({{{"boot", true},
                             {"autoDelete", true},
                             {"mode", "READ_WRITE"},
                             {"type", "PERSISTENT"},
                             {"initializeParams", {{"sourceImage", launch.image}}}}});
  if (instance != nullptr) disks.push_back(data_disk(place, name, *instance));
  json body = {{"name", name},
               {"machineType", place.zone_path() + "/machineTypes/" + size},
               {"description", inventory_.name + " " + machine},
               {"disks", std::move(disks)},
               {"networkInterfaces", json::array({network_interface(place, inventory_, instance)})},
               {"labels", labels_of(inventory_, call)}};
  // Firewall rules find their machines by network tags.
  if (!launch.security_groups.empty()) body["tags"] = {{"items", launch.security_groups}};
  return make("instances", place.zone_path() + "/instances", body, call);
}

Result<std::string> ComputePort::make(const std::string& collection, const std::string& path,
                                      const json& body, const Call& call) {
  const std::string name = text(body, "name");
  const auto operation =
      client_.change("POST", path, {}, request_id(call.token, call.action), body);
  if (operation) return name + " " + text(operation.value(), "name");
  if (operation.error().code != ErrorCode::kBlocked) return operation.error();
  // alreadyExists of our own making is what was wanted: a lost answer.
  const std::string of =
      collection == "snapshots" ? client_.place().global_path() : client_.place().zone_path();
  const auto there = client_.get(of + "/" + collection + "/" + name);
  if (there && text(part(there.value(), "labels"), std::string(kTokenLabel).c_str()) ==
                   label_value(call.token))
    return name;
  return operation.error();
}

}  // namespace wme::executor::gcp
