#include "executor/drivers/azure/arm_rights.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "executor/drivers/azure/arm_names.hpp"
#include "executor/drivers/azure/json_fields.hpp"

namespace wme::executor::azure {

using nlohmann::ordered_json;

namespace {

constexpr std::string_view kMachineWrite = "Microsoft.Compute/virtualMachines/write";
constexpr std::string_view kDiskWrite = "Microsoft.Compute/disks/write";
constexpr std::string_view kInterfaceWrite = "Microsoft.Network/networkInterfaces/write";
constexpr std::string_view kInterfaceJoin = "Microsoft.Network/networkInterfaces/join/action";
constexpr std::string_view kSubnetJoin = "Microsoft.Network/virtualNetworks/subnets/join/action";
constexpr std::string_view kGroupJoin = "Microsoft.Network/networkSecurityGroups/join/action";

using Actions = std::map<std::string_view, std::vector<std::string_view>>;

/// What is linked to from a body is checked as well: a copy reads its source, a machine joins its
/// interface. Assumption: `beginGetAccess` on the source of a copy, which the service asks for
/// across resource groups.
const Actions& actions() {
  static const Actions all = {
      {"take-snapshot",
       {"Microsoft.Compute/snapshots/write", "Microsoft.Compute/disks/beginGetAccess/action"}},
      {"delete-snapshot", {"Microsoft.Compute/snapshots/delete"}},
      {"stop-machine", {"Microsoft.Compute/virtualMachines/deallocate/action"}},
      {"start-machine", {"Microsoft.Compute/virtualMachines/start/action"}},
      {"terminate-machine", {"Microsoft.Compute/virtualMachines/delete"}},
      {"launch-machine",
       {kMachineWrite, kDiskWrite, kInterfaceWrite, kInterfaceJoin, kSubnetJoin, kGroupJoin}},
      {"detach-address", {kMachineWrite, kInterfaceWrite, kInterfaceJoin, kSubnetJoin}},
      {"return-address", {kMachineWrite, kInterfaceJoin}},
      {"create-volume", {kDiskWrite, "Microsoft.Compute/snapshots/beginGetAccess/action"}},
      {"attach-volume", {kMachineWrite, kDiskWrite}},
      {"detach-volume", {kMachineWrite, kDiskWrite}},
      {"delete-volume", {"Microsoft.Compute/disks/delete"}},
  };
  return all;
}

constexpr std::string_view kReads[] = {
    "Microsoft.Authorization/permissions/read",
    "Microsoft.Compute/disks/read",
    "Microsoft.Compute/images/read",
    "Microsoft.Compute/locations/*/read",
    "Microsoft.Compute/snapshots/read",
    "Microsoft.Compute/sshPublicKeys/read",
    "Microsoft.Compute/virtualMachines/instanceView/read",
    "Microsoft.Compute/virtualMachines/read",
    "Microsoft.Network/networkInterfaces/read",
    "Microsoft.Network/networkSecurityGroups/read",
    "Microsoft.Network/virtualNetworks/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
};

/// `*` stands for any text; case does not matter.
bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t i = 0; i <= text.size(); ++i)
      if (matches(pattern.substr(1), text.substr(i))) return true;
    return false;
  }
  return !text.empty() && same_id(pattern.substr(0, 1), text.substr(0, 1)) &&
         matches(pattern.substr(1), text.substr(1));
}

}  // namespace

std::vector<std::string_view> actions_of(const Call& call) {
  const auto place = actions().find(call.action);
  return place == actions().end() ? std::vector<std::string_view>() : place->second;
}

bool grants(const nlohmann::json& permission, std::string_view action) {
  const auto any = [&](const char* list) {
    const auto patterns = items_at(permission, list);
    return std::ranges::any_of(patterns, [&](const nlohmann::json& each) {
      return each.is_string() && matches(each.get<std::string>(), action);
    });
  };
  return any("actions") && !any("notActions");
}

std::string role_definition(const model::Inventory& inventory, const ArmPlace& place,
                            const std::vector<Call>& calls) {
  std::set<std::string_view> granted(std::begin(kReads), std::end(kReads));
  for (const Call& call : calls)
    for (const std::string_view each : actions_of(call)) granted.insert(each);
  return ordered_json{{"Name", "Rehydrate " + inventory.name},
                      {"IsCustom", true},
                      {"Description",
                       "The least that lets Rehydrate carry out its plan for " + inventory.name},
                      {"Actions", granted},
                      {"NotActions", ordered_json::array()},
                      {"AssignableScopes",
                       {"/subscriptions/" + place.subscription + "/resourceGroups/" + place.group}}}
             .dump(2, ' ', false, ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace wme::executor::azure
