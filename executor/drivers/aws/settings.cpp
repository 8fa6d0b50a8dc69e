#include "executor/drivers/aws/settings.hpp"

#include <cctype>
#include <utility>

namespace wme::executor::aws {

namespace {

/// "eu-central-1a" -> "eu-central-1"; none for anything else.
std::optional<std::string> region_of_zone(const std::string& zone) {
  if (zone.size() < 3) return std::nullopt;
  const auto letter = static_cast<unsigned char>(zone.back());
  const auto digit = static_cast<unsigned char>(zone[zone.size() - 2]);
  if (std::isalpha(letter) == 0 || std::isdigit(digit) == 0) return std::nullopt;
  return zone.substr(0, zone.size() - 1);
}

std::optional<std::string> not_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string> find_region(const model::Inventory& inventory,
                                       const Environment& environment, const Profile& profile) {
  if (auto region = not_empty(inventory.access.region)) return region;
  if (auto region = variable(environment, "AWS_REGION")) return region;
  if (auto region = variable(environment, "AWS_DEFAULT_REGION")) return region;
  if (auto region = profile.setting("region")) return region;
  return region_of_zone(inventory.launch.zone);
}

std::optional<std::string> find_endpoint(const model::Inventory& inventory,
                                         const Environment& environment, const Profile& profile) {
  if (auto url = variable(environment, "AWS_ENDPOINT_URL_EC2")) return url;
  if (auto url = variable(environment, "AWS_ENDPOINT_URL")) return url;
  if (auto url = not_empty(inventory.access.cloud_endpoint)) return url;
  return profile.setting("endpoint_url");
}

}  // namespace

Result<Ec2Place> ec2_place(const model::Inventory& inventory, const Environment& environment) {
  const auto profile = load_profile(environment);
  if (!profile) return profile.error();
  const auto region = find_region(inventory, environment, profile.value());
  if (!region)
    return Error{ErrorCode::kInvalid,
                 "EC2: no region is known: set access.region in the inventory, or AWS_REGION"};
  const std::string suffix = region->starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  std::string base = find_endpoint(inventory, environment, profile.value())
                         .value_or("https://ec2." + *region + suffix);
  while (base.ends_with('/')) base.pop_back();
  const bool is_http = base.starts_with("http://") || base.starts_with("https://");
  if (!is_http || base.find('/', base.find("://") + 3) != std::string::npos)
    return Error{ErrorCode::kInvalid,
                 "EC2: the endpoint '" + base + "' is not http[s]://HOST[:PORT] without a path"};
  return Ec2Place{*region, std::move(base)};
}

}  // namespace wme::executor::aws
