#pragma once

#include <string>
#include <string_view>

#include "executor/drivers/aws/ec2_client.hpp"
#include "model/inventory.hpp"

/// How entities of the model are called in EC2 (docs/ARCHITECTURE.md, "The vocabulary of actions").
namespace wme::executor::aws {

inline constexpr std::string_view kInstallationTag = "rehydrate:installation";
inline constexpr std::string_view kEntityTag = "rehydrate:entity";
inline constexpr std::string_view kBackupTag = "rehydrate:backup";
inline constexpr std::string_view kTokenTag = "rehydrate:token";

/// The device index of the interface with the kept address; index 0 is the machine's own.
inline constexpr std::string_view kAddressDeviceIndex = "1";
/// Where an external instance has its /data disk.
inline constexpr std::string_view kDataDevice = "/dev/sdf";

bool is_new(std::string_view entity);                  ///< "platform-new"
std::string without_new(std::string_view entity);      ///< "wm-data-new" -> "wm-data"
std::string source_snapshot(std::string_view volume);  ///< "wm-data-new" -> "snap-wm-data"
std::string saved_volume(std::string_view snapshot);   ///< "snap-wm-data" -> "wm-data"
/// "/dev/sdf" for wm-data, "/dev/sdg" for wm-runtime, of today and new.
std::string device_of(std::string_view volume);
/// The machine that a volume belongs to: platform, platform-new.
std::string machine_of(std::string_view volume);

/// The volume of today; none when the name is no volume.
const model::Volume* volume_of_today(const model::Inventory& inventory, std::string_view volume);
/// The instance id that the inventory gives; empty when it gives none or the machine is a new one.
std::string cloud_id_of_machine(const model::Inventory& inventory, std::string_view machine);
/// The external instance of that name, of today or its successor's; none for platforms.
const model::Instance* external_instance(const model::Inventory& inventory,
                                         std::string_view machine);

/// ≤ 64 ASCII characters, as ClientToken wants it: the token itself, or its hash.
std::string client_token(const std::string& token);

}  // namespace wme::executor::aws
