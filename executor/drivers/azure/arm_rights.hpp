#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "executor/drivers/azure/settings.hpp"
#include "executor/ports/system_port.hpp"
#include "model/inventory.hpp"

/// What a caller of Resource Manager may do: named actions, granted by roles.
/// Source: "Azure resource provider operations"; "Azure custom roles".
namespace wme::executor::azure {

/// The actions that one call of the model needs: "Microsoft.Compute/snapshots/write".
std::vector<std::string_view> actions_of(const Call& call);

/// Whether an effective permission ({"actions":["*"],"notActions":[…]}) grants the action.
bool grants(const nlohmann::json& permission, std::string_view action);

/// The least that lets `calls` be made, as a custom role for `az role definition create`; the reads
/// that go with them are in it.
std::string role_definition(const model::Inventory& inventory, const ArmPlace& place,
                            const std::vector<Call>& calls);

}  // namespace wme::executor::azure
