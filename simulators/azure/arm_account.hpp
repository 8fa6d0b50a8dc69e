#pragma once

#include <string>

#include "model/inventory.hpp"

namespace wme::simulators::azure {

/// The one subscription that there is, and who may act in it. Good for one process only; fixed
/// values keep rehearsals equal, byte for byte.
struct ArmAccount {
  std::string tenant = "72f90000-0000-4000-8000-00000000fee1";
  std::string client = "c11e0000-0000-4000-8000-0000000000a1";
  std::string secret = "simulated~only.000000000000000000000000";
  std::string subscription = "5ab50000-0000-4000-8000-000000000001";
  std::string group = "wme";  ///< of everything that the inventory names shortly
  std::string location = "westeurope";
  std::string zone;  ///< "1"; empty: regional
};

/// As the inventory has it: subscription and group of its whole ids, region and zone.
ArmAccount account_of(const model::Inventory& inventory);
/// The whole id of what the inventory names shortly, or wholly. `type`: "Microsoft.Compute/disks".
std::string whole_id(const ArmAccount& account, const std::string& type, const std::string& name);

inline constexpr const char* kMachineType = "Microsoft.Compute/virtualMachines";
inline constexpr const char* kDiskType = "Microsoft.Compute/disks";
inline constexpr const char* kSnapshotType = "Microsoft.Compute/snapshots";
inline constexpr const char* kInterfaceType = "Microsoft.Network/networkInterfaces";
inline constexpr const char* kNetworkType = "Microsoft.Network/virtualNetworks";
inline constexpr const char* kGroupType = "Microsoft.Network/networkSecurityGroups";
inline constexpr const char* kSshKeyType = "Microsoft.Compute/sshPublicKeys";

/// Where a machine lists what it has.
inline constexpr const char* kDataDisks = "properties/storageProfile/dataDisks";
inline constexpr const char* kInterfaces = "properties/networkProfile/networkInterfaces";

}  // namespace wme::simulators::azure
