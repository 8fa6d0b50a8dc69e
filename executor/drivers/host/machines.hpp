#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/inventory.hpp"

namespace wme::executor::host {

/// How to reach one machine of the model, and how to be sure that it is the right one.
struct MachineAccess {
  std::string name;  ///< "platform-new"
  std::string address;
  std::string user;
  /// The id of today's machine at the same address, or its name where the inventory has no
  /// cloud_id; empty when no other machine shares the address.
  std::string old_identity;
  bool is_new = false;
};

/// Every machine by name: today's from the inventory, their successors as `<name>-new`.
std::map<std::string, MachineAccess, std::less<>> machines_of(const model::Inventory& inventory);

/// Shell text that ends with kWrongMachine unless the machine is the right one: a machine of today
/// must show its id in its firmware or host name, its successor must not. Empty if nothing to
/// check. Assumption: AWS shows the instance id as board_asset_tag; elsewhere the VM's name is its
/// host name, serial or UUID.
std::string identity_check(const MachineAccess& machine);

inline constexpr int kWrongMachine = 91;

}  // namespace wme::executor::host
