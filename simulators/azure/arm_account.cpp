#include "simulators/azure/arm_account.hpp"

#include "simulators/azure/arm_json.hpp"

namespace wme::simulators::azure {

ArmAccount account_of(const model::Inventory& inventory) {
  ArmAccount account;
  const std::string& zone = inventory.launch.zone;
  if (!inventory.access.region.empty()) account.location = inventory.access.region;
  if (zone.starts_with(account.location + "-"))
    account.zone = zone.substr(account.location.size() + 1);
  for (const std::string* id : {&inventory.platform.cloud_id, &inventory.platform.interface}) {
    if (!id->starts_with("/subscriptions/")) continue;
    const std::string rest = id->substr(std::string_view("/subscriptions/").size());
    account.subscription = rest.substr(0, rest.find('/'));
    account.group = group_in(*id);
    break;
  }
  return account;
}

std::string whole_id(const ArmAccount& account, const std::string& type, const std::string& name) {
  if (name.starts_with('/')) return name;
  return "/subscriptions/" + account.subscription + "/resourceGroups/" + account.group +
         "/providers/" + type + "/" + name;
}

}  // namespace wme::simulators::azure
