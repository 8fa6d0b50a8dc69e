#include "simulators/azure/arm_gateway.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace wme::simulators::azure {

namespace {

/// Sources: the supported versions that refusals of Azure list, Azure/azure-cli issue 28496,
/// Azure/migAz issue 246, Azure/azure-sdk-for-net issue 2276. Assumption: that of Authorization.
struct Namespace {
  std::string_view name;
  std::string_view first_version;
};
constexpr std::array<Namespace, 4> kNamespaces = {{
    {"Microsoft.Authorization", "2014-04-01-preview"},
    {"Microsoft.Compute", "2015-05-01-preview"},
    {"Microsoft.Network", "2014-12-01-preview"},
    {"Microsoft.Resources", "2013-03-01"},
}};
constexpr std::size_t kDateSize = 10;  // "2022-08-01"

/// The day of "2022-08-01", perhaps with "-preview" behind it; none of anything else.
std::optional<std::chrono::sys_days> day_of(const std::string& version) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (version.size() < kDateSize) return std::nullopt;
  for (std::size_t i = 0; i < kDateSize; ++i)
    if (kForm[i] == 'd' ? version[i] < '0' || version[i] > '9' : version[i] != kForm[i])
      return std::nullopt;
  if (version.size() > kDateSize && version[kDateSize] != '-') return std::nullopt;
  const auto number = [&](std::size_t begin, std::size_t size) {
    int value = 0;
    std::from_chars(version.data() + begin, version.data() + begin + size, value);
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::string namespace_of(const ArmRoute& route) {
  return std::string(route.action.substr(0, route.action.find('/')));
}

std::string_view first_version_of(const std::string& name) {
  const auto found = std::ranges::find(kNamespaces, name, &Namespace::name);
  return found == kNamespaces.end() ? kNamespaces.back().first_version : found->first_version;
}

std::string without_slashes(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

ArmError no_provider(const ArmRoute& route, const std::string& version, const std::string& asked,
                     const std::string& location) {
  const std::string name = namespace_of(route);
  return {400, "NoRegisteredProviderFound",
          "No registered resource provider found for location '" + asked + "' and API version '" +
              version + "' for type '" + resource_type(route).substr(name.size() + 1) +
              "'. The supported api-versions are '" + std::string(first_version_of(name)) +
              " to this day'. The supported locations are '" + location + "'."};
}

}  // namespace

std::string resource_type(const ArmRoute& route) {
  std::string type(route.action);
  const bool is_action = type.ends_with("/action");
  type.erase(type.rfind('/'));  // read, write, delete
  if (is_action) type.erase(type.rfind('/'));
  return type;
}

ArmStatus check_version(const std::string& version, const ArmRoute& route,
                        const std::string& location, std::chrono::sys_days today) {
  const std::string name = namespace_of(route);
  const std::string first(first_version_of(name));
  const auto day = day_of(version);
  if (day && *day >= *day_of(first) && *day <= today) return Nothing{};
  // Resource Manager's own resources have no provider that could be missing.
  if (day && name != "Microsoft.Resources") return no_provider(route, version, location, location);
  return ArmError{400, "InvalidApiVersionParameter",
                  "The api-version '" + version + "' is invalid. The supported versions are '" +
                      first + " to this day'."};
}

std::string location_name(const std::string& text) {
  std::string name = lower(text);
  std::erase(name, ' ');
  return name;
}

ArmStatus check_path_location(const ArmRequest& request, const ArmRoute& route,
                              const std::string& version, const std::string& location) {
  const auto asked = request.path.find("location");
  if (asked == request.path.end() || location_name(asked->second) == location_name(location))
    return Nothing{};
  return no_provider(route, version, asked->second, location);
}

ArmStatus check_body_location(nlohmann::json& body, const ArmRoute& route,
                              const std::string& location) {
  const std::string asked = text_at(body, "location");
  if (asked.empty()) return Nothing{};  // the provider says what it needs
  if (location_name(asked) != location_name(location))
    return ArmError{400, "LocationNotAvailableForResourceType",
                    "The provided location '" + asked + "' is not available for resource type '" +
                        resource_type(route) +
                        "'. List of available regions for the resource type is '" + location +
                        "'."};
  body["location"] = location;
  return Nothing{};
}

ArmStatus check_audience(const std::string& audience, const std::vector<std::string>& own) {
  std::vector<std::string> all = own;
  // Those of the public cloud are taken as well: clients ask for one of them whatever they talk to.
  all.insert(all.end(), {"https://management.core.windows.net", "https://management.azure.com"});
  std::string allowed;
  for (const std::string& each : all) {
    if (same_id(without_slashes(audience), without_slashes(each))) return Nothing{};
    const std::string name = without_slashes(each);
    allowed += (allowed.empty() ? "'" : ",'") + name + "/','" + name + "'";
  }
  return ArmError{401, "InvalidAuthenticationTokenAudience",
                  "The access token has been obtained for wrong audience or resource '" + audience +
                      "'. It should exactly match with one of the allowed audiences " + allowed +
                      "."};
}

std::vector<Fidelity> gateway_fidelity() {
  return {
      fidelity_of("any request", "Authorization: Bearer",
                  {"captured: by others, JetBrains/azure-tools-for-intellij issue 16",
                   "the address that it is served at is an audience as well"}),
      fidelity_of("any request", "?api-version=",
                  {"captured: by others, Azure/azure-cli issue 28496; "
                   "hashicorp/vault-plugin-secrets-azure issue 13",
                   "any date from the first version of the namespace to today is taken, and the "
                   "refusal does not list them"}),
      fidelity_of("any request", "location, in a path or a body",
                  {"captured: by others, Azure/migAz issue 246; Azure/azure-rest-api-specs pull "
                   "request 8577",
                   "there is no region but the installation's"}),
  };
}

}  // namespace wme::simulators::azure
