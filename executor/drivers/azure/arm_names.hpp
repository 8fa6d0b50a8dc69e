#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "executor/drivers/azure/settings.hpp"
#include "model/wme/entity_names.hpp"

/// How entities of the model are called in Azure (docs/ARCHITECTURE.md, "The vocabulary of
/// actions"). Names are chosen before the call: a name is Resource Manager's only idempotency
/// token.
namespace wme::executor::azure {

inline constexpr std::string_view kInstallationTag = "rehydrate:installation";
inline constexpr std::string_view kEntityTag = "rehydrate:entity";
inline constexpr std::string_view kBackupTag = "rehydrate:backup";
inline constexpr std::string_view kTokenTag = "rehydrate:token";

/// A kind of resource: the provider's path and the api-version whose shapes we send and read.
struct ResourceType {
  std::string_view path;  ///< "Microsoft.Compute/disks"
  std::string_view version;
};
inline constexpr ResourceType kMachines{"Microsoft.Compute/virtualMachines", "2022-08-01"};
inline constexpr ResourceType kDisks{"Microsoft.Compute/disks", "2022-07-02"};
inline constexpr ResourceType kSnapshots{"Microsoft.Compute/snapshots", "2022-07-02"};
inline constexpr ResourceType kInterfaces{"Microsoft.Network/networkInterfaces", "2022-07-01"};
inline constexpr ResourceType kNetworks{"Microsoft.Network/virtualNetworks", "2022-07-01"};
inline constexpr ResourceType kGroups{"Microsoft.Network/networkSecurityGroups", "2022-07-01"};
inline constexpr ResourceType kSshKeys{"Microsoft.Compute/sshPublicKeys", "2022-08-01"};
inline constexpr ResourceType kImages{"Microsoft.Compute/images", "2022-08-01"};

/// "/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/disks/D", taken apart.
struct ResourceId {
  std::string subscription;
  std::string group;
  std::string type;  ///< "Microsoft.Compute/disks"
  std::string name;
};
/// None for what is no whole id. Segment names may be of any case.
std::optional<ResourceId> parse_resource_id(std::string_view text);

/// The whole id of a resource that the inventory names shortly, or wholly.
std::string id_of(const ArmPlace& place, const ResourceType& type, const std::string& name);
/// Every resource of a kind in the group.
std::string list_of(const ArmPlace& place, const ResourceType& type);
/// Resource Manager compares ids without case. Source: "Naming rules and restrictions".
bool same_id(std::string_view a, std::string_view b);
std::string name_in(std::string_view id);  ///< the last segment
std::string lower(std::string_view text);

/// 0 for wm-data, 1 for wm-runtime, of today and new.
int lun_of(std::string_view volume);
/// Whether the new Platform is made with the interface that carries the address of today's.
bool keeps_address(const model::Inventory& inventory);

/// "acme-studio-1-1f2e3d4c": of one entity and one step of one run; at most 60 characters of those
/// that every kind of resource may have.
std::string new_name(const model::Inventory& inventory, std::string_view entity,
                     const std::string& token);
/// "1" of "westeurope-1"; empty where the inventory names no zone: a regional resource.
std::string zone_number(const ArmPlace& place, const model::Inventory& inventory);

}  // namespace wme::executor::azure
