#pragma once

#include <string>
#include <string_view>

#include "executor/drivers/aws/ec2_client.hpp"
#include "model/wme/entity_names.hpp"

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

/// "/dev/sdf" for wm-data, "/dev/sdg" for wm-runtime, of today and new.
std::string device_of(std::string_view volume);

/// ≤ 64 ASCII characters, as ClientToken wants it: the token itself, or its hash.
std::string client_token(const std::string& token);

}  // namespace wme::executor::aws
