#include "executor/drivers/all/places.hpp"

#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace wme::executor {

namespace {

std::string or_else(const std::optional<std::string>& first, const std::string& second) {
  return first && !first->empty() ? *first : second;
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

std::string launchpad_base(const model::Inventory& inventory, const Environment& environment) {
  const std::string by_inventory = inventory.access.launchpad_url.empty()
                                       ? "http://" + inventory.studio_domain
                                       : inventory.access.launchpad_url;
  return without_slash(or_else(environment("REHYDRATE_LAUNCHPAD_URL"), by_inventory));
}

ConfigWizardBases config_wizard_bases(const model::Inventory& inventory,
                                      const Environment& environment) {
  const auto at = [](const std::string& address) { return "http://" + address + ":8080"; };
  const model::Platform& platform = inventory.platform;
  std::string base = inventory.access.config_wizard_url.empty()
                         ? at(platform.address)
                         : inventory.access.config_wizard_url;
  std::string new_base = platform.new_address.empty() ? base : at(platform.new_address);
  if (const auto given = environment("REHYDRATE_CONFIG_WIZARD_URL"); given && !given->empty())
    base = new_base = *given;
  return {without_slash(std::move(base)), without_slash(std::move(new_base))};
}

Result<model::ApiProfile> profile_for(const model::Inventory& inventory) {
  const std::string& path = inventory.access.api_profile;
  if (path.empty()) return model::built_in_api_profile();
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return Error{ErrorCode::kInvalid, path + ": the API profile cannot be read"};
  return model::parse_api_profile(text.str(), path);
}

}  // namespace wme::executor
