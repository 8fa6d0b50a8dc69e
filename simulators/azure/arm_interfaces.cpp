#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "simulators/azure/arm_backend.hpp"

/// What of ArmBackend is about network interfaces.
namespace wme::simulators::azure {

using nlohmann::json;

namespace {

std::function<Progress()> done_already() {
  return [] { return Progress{}; };
}

}  // namespace

bool ArmBackend::is_address_taken(const std::string& address, const std::string& but_by) const {
  for (const auto& [id, interface] : tables_.at(kInterfaceType)) {
    if (same_id(id, but_by)) continue;
    for (const json& each : items_at(interface.body, "properties/ipConfigurations"))
      if (text_at(each, "properties/privateIPAddress") == address) return true;
  }
  return false;
}

/// An address of the machines' network that follows from the words, far from those that people
/// choose; the next free one where two agree.
std::string ArmBackend::free_address(const std::string& words) const {
  const std::string& lan = world_.installation().inventory.lan;
  const auto second_dot = lan.find('.', lan.find('.') + 1);
  const std::string network = second_dot == std::string::npos ? "10.0" : lan.substr(0, second_dot);
  const auto start =
      static_cast<unsigned>(std::strtoul(guid_of(words).substr(0, 7).c_str(), nullptr, 16));
  for (unsigned i = 0;; ++i) {
    const unsigned host = (start + i) % (55 * 250);
    const std::string address =
        network + "." + std::to_string(200 + host / 250) + "." + std::to_string(4 + host % 250);
    if (!is_address_taken(address, "")) return address;
  }
}

ArmResult<Change> ArmBackend::put_interface(const std::string& id, const json& body) {
  const bool is_new_one = find(kInterfaceType, id) == nullptr;
  auto configurations = items_at(body, "properties/ipConfigurations");
  if (text_at(body, "location").empty())
    return ArmError{400, "LocationRequired",
                    "The location property is required for this definition."};
  if (configurations.empty())
    return ArmError{400, "InvalidRequestFormat",
                    "A network interface has at least one IP configuration."};
  for (json& each : configurations) {
    json& properties = each["properties"];
    const std::string subnet = text_at(properties, "subnet/id");
    const std::string network = subnet.substr(0, lower(subnet).find("/subnets/"));
    if (find(kNetworkType, network) == nullptr)
      return ArmError{400, "InvalidResourceReference",
                      "Resource " + subnet + " referenced by resource " + id +
                          " was not found. Please make sure that the referenced resource exists."};
    std::string address = text_at(properties, "privateIPAddress");
    const bool is_static = text_at(properties, "privateIPAllocationMethod") == "Static";
    if (is_static && address.empty())
      return ArmError{400, "PrivateIPAddressIsRequired",
                      "A static configuration needs its privateIPAddress."};
    if (!address.empty() && is_address_taken(address, id))
      return ArmError{400, "PrivateIPAddressIsAllocated",
                      "IP configuration " + id + " is using the private IP address " + address +
                          " which is already allocated to another resource."};
    if (address.empty()) address = free_address(id + text_at(each, "name"));
    properties["privateIPAddress"] = address;
    if (!is_static) properties["privateIPAllocationMethod"] = "Dynamic";
    if (!properties.contains("privateIPAddressVersion"))
      properties["privateIPAddressVersion"] = "IPv4";
  }
  Resource& row = is_new_one ? add(kInterfaceType, id, body) : *find(kInterfaceType, id);
  row.body = body;
  row.body["properties"]["ipConfigurations"] = configurations;
  for (const char* read_only : {"provisioningState", "virtualMachine", "macAddress"})
    row.body["properties"].erase(read_only);
  return begin(is_new_one ? 201 : 200, kInterfaceType, id, done_already());
}

ArmResult<Change> ArmBackend::patch_interface(const std::string& id, const json& body) {
  Resource* row = find(kInterfaceType, id);
  if (row == nullptr) return not_found(kInterfaceType, id);
  if (body.contains("tags")) row->body["tags"] = body["tags"];
  return Change{200, shown(kInterfaceType, *row), ""};
}

ArmResult<Change> ArmBackend::delete_interface(const std::string& id) {
  const Resource* row = find(kInterfaceType, id);
  if (row == nullptr) return Change{204, nullptr, ""};
  const Holding held = holding_of_interface(*row);
  if (!held.machine.empty())
    return ArmError{400, "NicInUse",
                    "Network Interface " + id + " is used by existing resource " + held.machine +
                        ". In order to delete the network interface, it must be dissociated from "
                        "the resource."};
  if (row->carries_address)
    world_.record_violation("arm NetworkInterfaces_Delete", "delete " + name_in(id), "INV-21",
                            "the interface with the Platform's address is deleted: the address is "
                            "lost");
  tables_[kInterfaceType].erase(lower(id));
  Change change = begin(202, kInterfaceType, id, done_already());
  change.body = nullptr;
  return change;
}

}  // namespace wme::simulators::azure
