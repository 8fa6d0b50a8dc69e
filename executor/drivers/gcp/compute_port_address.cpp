#include <algorithm>
#include <string>
#include <utility>

#include "executor/drivers/gcp/compute_names.hpp"
#include "executor/drivers/gcp/compute_port.hpp"

/// What of ComputePort moves the Platform's address: an alias IP range of a named interface.
namespace wme::executor::gcp {

namespace {

using nlohmann::json;

bool has_alias(const SeenInterface& interface, const std::string& address) {
  return std::ranges::find(interface.aliases, address) != interface.aliases.end();
}

/// Which of them has the address, on whatever interface.
bool holds(const CloudRecord& machine, const std::string& address) {
  return std::ranges::any_of(machine.interfaces, [&](const SeenInterface& each) {
    return each.address == address || has_alias(each, address);
  });
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& each : words) all += (all.empty() ? "" : ", ") + each;
  return all;
}

}  // namespace

Result<CloudRecord> ComputePort::machine_with_interface(const std::string& machine) {
  const model::Platform& platform = inventory_.platform;
  if (platform.interface.empty())
    return Error{ErrorCode::kInvalid,
                 "Compute Engine: the inventory gives no platform.interface: write down the name "
                 "of the interface (nic0) that has " +
                     platform.address +
                     " as alias IP range; an address that is the machine's own cannot be moved "
                     "while it exists: give new_address instead"};
  auto found = existing_machine(machine);
  if (!found) return found;
  if (found.value().interface(platform.interface) == nullptr)
    return Error{ErrorCode::kInvalid, "Compute Engine: " + found.value().name +
                                          " has no interface " + platform.interface +
                                          ": correct platform.interface in the inventory"};
  return found;
}

Result<std::string> ComputePort::set_aliases(const CloudRecord& machine,
                                             const std::vector<std::string>& all,
                                             const Call& call) {
  const std::string& interface = inventory_.platform.interface;
  json ranges = json::array();
  for (const std::string& each : all)
    ranges.push_back({{"ipCidrRange", each.find('/') == std::string::npos ? each + "/32" : each}});
  const json body = {{"fingerprint", machine.interface(interface)->fingerprint},
                     {"aliasIpRanges", std::move(ranges)}};
  const auto operation = client_.change(
      "PATCH",
      client_.place().zone_path() + "/instances/" + machine.name + "/updateNetworkInterface",
      {{"networkInterface", interface}}, request_id(call.token, call.action), body);
  if (!operation) return operation.error();
  return machine.name + " " + interface + " " + text(operation.value(), "name");
}

Result<std::string> ComputePort::detach_address(const Call& call) {
  const std::string& address = inventory_.platform.address;
  const auto machine = machine_with_interface("platform");
  if (!machine) return machine.error();
  const SeenInterface& interface = *machine.value().interface(inventory_.platform.interface);
  if (!has_alias(interface, address) && holds(machine.value(), address))
    return Error{ErrorCode::kInvalid,
                 "Compute Engine: " + address + " is an address of " + machine.value().name +
                     ", but no alias IP range of its " + inventory_.platform.interface +
                     ": it cannot be moved while the machine exists; make it an alias, or give "
                     "new_address in the inventory"};
  if (!has_alias(interface, address)) return address + " is detached already";
  const auto reserved = reader_.reservation();
  if (!reserved) return reserved.error();
  if (!reserved.value())
    return Error{ErrorCode::kInvalid,
                 "Compute Engine: " + address + " is not reserved in " + client_.place().region +
                     ", and anybody could get it once it is free (INV-18): reserve it with "
                     "'gcloud compute addresses create wme-platform --addresses=" +
                     address + " --region=" + client_.place().region + " --subnet=" +
                     (inventory_.launch.subnet.empty() ? "SUBNET" : inventory_.launch.subnet) +
                     "'"};
  std::vector<std::string> rest = interface.aliases;
  std::erase(rest, address);
  return set_aliases(machine.value(), rest, call);
}

Result<std::string> ComputePort::attach_address(const Call& call) {
  return give_address_to("platform-new", call);
}

Result<std::string> ComputePort::return_address(const Call& call) {
  return give_address_to("platform", call);
}

Result<std::string> ComputePort::give_address_to(const std::string& machine, const Call& call) {
  const std::string& address = inventory_.platform.address;
  const auto found = machine_with_interface(machine);
  if (!found) return found.error();
  const SeenInterface& interface = *found.value().interface(inventory_.platform.interface);
  if (has_alias(interface, address)) return address + " is on " + found.value().name + " already";
  std::vector<std::string> all = interface.aliases;
  all.push_back(address);
  return set_aliases(found.value(), all, call);
}

Result<Observation> ComputePort::observed_address() {
  const std::string& address = inventory_.platform.address;
  Observation observation{{"address", {}}, std::nullopt, ""};
  const auto machines = reader_.machines({"platform", "platform-new"});
  if (!machines) return machines.error();
  for (const auto& [machine, word] :
       {std::pair("platform", "old-platform"), std::pair("platform-new", "new-platform")}) {
    const CloudRecord& record = machines.value().at(machine);
    if (!holds(record, address)) continue;
    observation.value = word;
    observation.detail = address + " is on " + record.name;
    return observation;
  }
  const auto reserved = reader_.reservation();
  if (!reserved) return reserved.error();
  if (!reserved.value()) {
    observation.detail = address + " is on neither Platform, and not reserved in " +
                         client_.place().region + ": somebody else may have it";
    return observation;
  }
  const ReservedAddress& at = *reserved.value();
  observation.detail = at.name + " " + at.status;
  if (at.status == "RESERVED") observation.value = "free";
  if (!at.used_by.empty())
    observation.detail +=
        ", used by " + joined(at.used_by) + ", which is neither the old Platform nor the new";
  return observation;
}

}  // namespace wme::executor::gcp
