#include <algorithm>
#include <string>
#include <utility>

#include "executor/drivers/azure/arm_port.hpp"
#include "executor/drivers/azure/json_fields.hpp"

/// What of ArmPort switches machines and moves the Platform's address.
namespace wme::executor::azure {

using nlohmann::json;

namespace {

json interface_entry(const std::string& id, bool is_primary) {
  return {{"id", id}, {"properties", {{"primary", is_primary}, {"deleteOption", "Detach"}}}};
}

json networks(const json& entries) {
  return {{"properties", {{"networkProfile", {{"networkInterfaces", entries}}}}}};
}

/// Of several interfaces exactly one is the primary one.
void name_a_primary(json& entries) {
  const auto is_primary = [](const json& each) {
    return text_at(each, "properties/primary") == "true";
  };
  if (!entries.empty() && std::ranges::none_of(entries, is_primary))
    entries.front()["properties"]["primary"] = true;
}

std::string stand_in_name(const json& machine) { return text_at(machine, "name") + "-stand-in"; }

}  // namespace

Result<std::string> ArmPort::stop_machine(const Call& call) {
  const auto machine = existing("power", call.arguments.front());
  if (!machine) return machine.error();
  // Powered off it would be paid for, and keep its interfaces.
  return changed("POST", kMachines, machine.value().id + "/deallocate", nullptr);
}

Result<std::string> ArmPort::start_machine(const Call& call) {
  const auto machine = existing("power", call.arguments.front());
  if (!machine) return machine.error();
  return changed("POST", kMachines, machine.value().id + "/start", nullptr);
}

Result<std::string> ArmPort::terminate_machine(const Call& call) {
  const auto machine = existing("power", call.arguments.front());
  if (!machine) return machine.error();
  return changed("DELETE", kMachines, machine.value().id, nullptr);
}

/// A machine keeps at least one interface: this one takes the place of the only one.
Result<json> ArmPort::stand_in(const json& machine, const json& kept) {
  const std::string name = id(kInterfaces, stand_in_name(machine));
  const auto configurations = items_at(kept, "properties/ipConfigurations");
  const std::string subnet =
      configurations.empty() ? "" : text_at(configurations.front(), "properties/subnet/id");
  const json body = {
      {"location", client_.place().location},
      {"tags", {{std::string(kInstallationTag), inventory_.name}}},
      {"properties",
       {{"ipConfigurations", json::array({{{"name", "ipconfig1"},
                                           {"properties",
                                            {{"primary", true},
                                             {"privateIPAllocationMethod", "Dynamic"},
                                             {"subnet", {{"id", subnet}}}}}}})}}}};
  const auto made = client_.change("PUT", name, kInterfaces.version, body);
  if (!made) return made.error();
  return interface_entry(name, true);
}

Result<std::string> ArmPort::detach_address(const Call&) {
  const std::scoped_lock lock(lists_);
  const auto interface = reader_.address_interface();
  if (!interface) return interface.error();
  const std::string kept = text_at(interface.value(), "id");
  if (text_at(interface.value(), "properties/virtualMachine/id").empty())
    return name_in(kept) + " is on no machine already";
  const auto present = reader_.address();
  if (!present) return present.error();
  if (present.value().state == "detaching") return name_in(kept) + " is being detached already";
  // Held and not listed, by a machine that nothing happens to: the last try has failed, and the
  // same list is asked for again.
  const auto machine = changeable("platform");
  if (!machine) return machine.error();
  json entries = json::array();
  for (json& each : items_at(machine.value(), "properties/networkProfile/networkInterfaces"))
    if (!same_id(text_at(each, "id"), kept)) entries.push_back(std::move(each));
  if (entries.empty()) {
    auto other = stand_in(machine.value(), interface.value());
    if (!other) return other.error();
    entries.push_back(std::move(other).value());
  }
  name_a_primary(entries);
  return changed("PATCH", kMachines, text_at(machine.value(), "id"), networks(entries));
}

/// In no plan for Azure: there the address comes with the launch.
Result<std::string> ArmPort::attach_address(const Call&) {
  return Error{ErrorCode::kInvalid,
               "Azure attach-address: a running machine takes no network interface; the new "
               "Platform is made with it"};
}

/// Whoever holds the interface must give it up; a machine whose launch failed is only a name.
Status ArmPort::make_room_for(const json& interface, const std::string& wanted_by) {
  const std::string holder = text_at(interface, "properties/virtualMachine/id");
  if (holder.empty() || same_id(holder, wanted_by)) return Done{};
  const auto machine = reader_.resource(kMachines, holder);
  if (!machine) return machine.error();
  const bool has_failed =
      machine.value() && tag_of(*machine.value(), kInstallationTag) == inventory_.name &&
      model::is_new(tag_of(*machine.value(), kEntityTag)) &&
      lower(text_at(*machine.value(), "properties/provisioningState")) == "failed";
  if (has_failed) {
    const auto deleted = changed("DELETE", kMachines, holder, nullptr);
    if (!deleted) return deleted.error();
  }
  return Error{ErrorCode::kBlocked, "Azure: the interface " + name_in(text_at(interface, "id")) +
                                        " is still on " + name_in(holder) +
                                        (has_failed ? ", which failed and is being deleted" : "")};
}

Result<std::string> ArmPort::return_address(const Call&) {
  const std::scoped_lock lock(lists_);
  const auto interface = reader_.address_interface();
  if (!interface) return interface.error();
  const std::string kept = text_at(interface.value(), "id");
  const auto present = reader_.address();
  if (!present) return present.error();
  if (present.value().state == "old-platform" || present.value().state == "attaching")
    return name_in(kept) + " is on it already";
  const auto machine = changeable("platform");
  if (!machine) return machine.error();
  const std::string holder = text_at(machine.value(), "id");
  if (Status free = make_room_for(interface.value(), holder); !free) return free.error();
  json entries = json::array();
  for (json& each : items_at(machine.value(), "properties/networkProfile/networkInterfaces"))
    if (!same_id(name_in(text_at(each, "id")), stand_in_name(machine.value())) &&
        !same_id(text_at(each, "id"), kept))
      entries.push_back(std::move(each));
  entries.push_back(interface_entry(kept, entries.empty()));
  return changed("PATCH", kMachines, holder, networks(entries));
}

}  // namespace wme::executor::azure
