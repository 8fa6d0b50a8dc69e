#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/azure/arm_error.hpp"
#include "simulators/azure/arm_routes.hpp"
#include "simulators/core/fidelity.hpp"

/// What Resource Manager refuses of any request before a provider sees it.
namespace wme::simulators::azure {

/// "Microsoft.Compute/virtualMachines", of the right that the route needs.
std::string resource_type(const ArmRoute& route);

/// Whether the api-version is a date that the route's namespace can have: none before its first
/// one, none of the future. `today`: of the real clock.
ArmStatus check_version(const std::string& version, const ArmRoute& route,
                        const std::string& location, std::chrono::sys_days today);

/// "West Europe" -> "westeurope": both spellings are taken.
std::string location_name(const std::string& text);

/// Whether a location of the path is the one that there is.
ArmStatus check_path_location(const ArmRequest& request, const ArmRoute& route,
                              const std::string& version, const std::string& location);
/// Whether what is to be made is made where there is anything; its location gets its short name.
ArmStatus check_body_location(nlohmann::json& body, const ArmRoute& route,
                              const std::string& location);

/// Whether a token for `audience` is one for the Resource Manager whose addresses are `own`.
ArmStatus check_audience(const std::string& audience, const std::vector<std::string>& own);

/// These behaviours, for the ledger.
std::vector<Fidelity> gateway_fidelity();

}  // namespace wme::simulators::azure
