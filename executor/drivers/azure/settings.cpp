#include "executor/drivers/azure/settings.hpp"

#include <array>
#include <utility>

#include "executor/drivers/azure/arm_names.hpp"
#include "executor/ports/clear_text.hpp"

namespace wme::executor::azure {

namespace {

struct Sovereign {
  std::string_view region_prefix;
  std::string_view manager;
  std::string_view login;
};

/// The last one is the public cloud: every other region.
constexpr std::array<Sovereign, 4> kClouds = {{
    {"china", "https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"},
    {"usgov", "https://management.usgovcloudapi.net", "https://login.microsoftonline.us"},
    {"usdod", "https://management.usgovcloudapi.net", "https://login.microsoftonline.us"},
    {"", "https://management.azure.com", "https://login.microsoftonline.com"},
}};

const Sovereign& cloud_of(const std::string& location) {
  for (const Sovereign& each : kClouds)
    if (location.starts_with(each.region_prefix)) return each;
  return kClouds.back();
}

Result<std::string> base_url(const std::string& what, std::string url, bool with_path) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) url = "https://" + url;
  while (url.ends_with('/')) url.pop_back();
  const std::size_t host = url.find("://") + 3;
  if (url.size() <= host || (!with_path && url.find('/', host) != std::string::npos))
    return Error{ErrorCode::kInvalid, "Azure: " + what + " '" + url +
                                          "' is not https://HOST[:PORT]" +
                                          (with_path ? "[/PATH]" : " without a path")};
  if (is_clear_text(url))
    return Error{ErrorCode::kInvalid,
                 "Azure: " + what + " '" + url + "' " +
                     clear_text_refusal(with_path ? "the client's secret" : "the access token")};
  return url;
}

/// The first of the inventory's ids that says where it is.
std::optional<ResourceId> whole_id(const model::Inventory& inventory) {
  std::vector<std::string> ids = {inventory.platform.cloud_id, inventory.platform.interface,
                                  inventory.platform.wm_data.cloud_id};
  for (const model::Instance& each : inventory.instances) ids.push_back(each.cloud_id);
  for (const std::string& id : ids)
    if (auto parsed = parse_resource_id(id)) return parsed;
  return std::nullopt;
}

std::string location_of(const model::Inventory& inventory) {
  if (!inventory.access.region.empty()) return inventory.access.region;
  return inventory.launch.zone.substr(0, inventory.launch.zone.rfind('-'));
}

Error missing_setting(const std::string& what, const std::string& name) {
  return {ErrorCode::kInvalid, "Azure: no " + what + " is known: set " + name +
                                   ", or give the inventory's cloud_ids as whole resource ids "
                                   "(/subscriptions/…/resourceGroups/…/providers/…)"};
}

}  // namespace

std::optional<std::string> variable(const Environment& environment, std::string_view name) {
  auto value = environment(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

Result<ArmPlace> arm_place(const model::Inventory& inventory, const Environment& environment) {
  ArmPlace place;
  place.location = location_of(inventory);
  if (place.location.empty())
    return Error{ErrorCode::kInvalid,
                 "Azure: no region is known: set access.region in the inventory"};
  const Sovereign& cloud = cloud_of(place.location);
  std::string named = "ARM_ENDPOINT";
  std::string given = variable(environment, named).value_or(inventory.access.cloud_endpoint);
  if (!variable(environment, named)) named = "access.cloud_endpoint of the inventory";
  if (given.empty()) given = cloud.manager;
  Result<std::string> base = base_url(named, std::move(given), false);
  if (!base) return base.error();
  place.base = std::move(base).value();
  place.audience = place.base;
  Result<std::string> authority = base_url(
      "AZURE_AUTHORITY_HOST",
      variable(environment, "AZURE_AUTHORITY_HOST").value_or(std::string(cloud.login)), true);
  if (!authority) return authority.error();
  place.authority = std::move(authority).value();
  const std::optional<ResourceId> id = whole_id(inventory);
  if (id) {
    place.subscription = id->subscription;
    place.group = id->group;
    return place;
  }
  const auto subscription = variable(environment, "AZURE_SUBSCRIPTION_ID");
  if (!subscription) return missing_setting("subscription", "AZURE_SUBSCRIPTION_ID");
  auto group = variable(environment, "AZURE_RESOURCE_GROUP");
  if (!group) group = variable(environment, "AZURE_DEFAULTS_GROUP");
  if (!group) return missing_setting("resource group", "AZURE_RESOURCE_GROUP");
  place.subscription = *subscription;
  place.group = *group;
  return place;
}

}  // namespace wme::executor::azure
