#include "executor/drivers/aws/settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <utility>

namespace wme::executor::aws {

namespace {

/// "eu-central-1a" -> "eu-central-1", "us-east-1-bos-1a" -> "us-east-1"; none for anything else.
std::optional<std::string> region_of_zone(const std::string& zone) {
  static const std::regex kForm("([a-z]+(?:-[a-z]+)+-[0-9]+)(?:[a-z]|-[a-z]+-[0-9]+[a-z])");
  std::smatch parts;
  if (!std::regex_match(zone, parts, kForm)) return std::nullopt;
  return parts[1].str();
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

/// What is AWS's own where. Source: partitions.json and endpoint rules of botocore.
struct Partition {
  std::string_view prefix;  ///< of its regions
  std::string_view suffix;
  std::string_view dual_suffix;  ///< empty: has no dual-stack endpoints
};

const Partition& partition_of(std::string_view region) {
  static const std::array<Partition, 4> kOthers = {
      {{"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
       {"us-isob-", "sc2s.sgov.gov", ""},
       {"us-iso-", "c2s.ic.gov", ""},
       {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"}}};
  static const Partition kAws = {"", "amazonaws.com", "api.aws"};
  for (const Partition& each : kOthers)
    if (region.starts_with(each.prefix)) return each;
  return kAws;
}

Error invalid(const std::string& service, const std::string& what) {
  return {ErrorCode::kInvalid, service + ": " + what};
}

/// "ec2" as messages and variables call it.
std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

struct Wanted {
  std::string service;    ///< "ec2"
  std::string region;     ///< may be empty for a service with a global endpoint
  std::string inventory;  ///< the inventory's endpoint; empty: none
};

std::optional<std::string> configured(const Wanted& wanted, const Environment& environment,
                                      const Profile& profile) {
  const bool ignored = is_on(environment, profile, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                             "ignore_configured_endpoint_urls");
  if (!ignored) {
    if (auto url = variable(environment, "AWS_ENDPOINT_URL_" + upper(wanted.service))) return url;
    if (auto url = variable(environment, "AWS_ENDPOINT_URL")) return url;
  }
  if (auto url = not_empty(wanted.inventory)) return url;
  if (ignored) return std::nullopt;
  const auto own = profile.services.find(wanted.service + ".endpoint_url");
  if (own != profile.services.end() && !own->second.empty()) return own->second;
  return profile.setting("endpoint_url");
}

Result<std::string> amazons_own(const Wanted& wanted, bool fips, bool dual) {
  const Partition& partition = partition_of(wanted.region);
  const std::string service = upper(wanted.service);
  if (wanted.region.empty())
    return fips || dual
               ? Result<std::string>(
                     invalid(service, "FIPS and dual-stack endpoints are regional: set AWS_REGION"))
               : "https://" + wanted.service + "." + std::string(partition.suffix);
  if (dual && partition.dual_suffix.empty())
    return invalid(
        service,
        "AWS_USE_DUALSTACK_ENDPOINT is set, and there are no such endpoints in " + wanted.region);
  // In GovCloud the plain endpoints are the FIPS ones.
  const bool is_marked = fips && (dual || !wanted.region.starts_with("us-gov-"));
  return "https://" + wanted.service + (is_marked ? "-fips." : ".") + wanted.region + "." +
         std::string(dual ? partition.dual_suffix : partition.suffix);
}

bool is_region(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && std::ranges::all_of(text, fits);
}

Result<ServicePlace> place_of(const Wanted& wanted, const Environment& environment,
                              const Profile& profile) {
  const std::string service = upper(wanted.service);
  if (!wanted.region.empty() && !is_region(wanted.region))
    return invalid(service, "'" + wanted.region + "' is no region: it is like eu-central-1");
  if (wanted.region.starts_with("fips-") || wanted.region.ends_with("-fips"))
    return invalid(service, "'" + wanted.region +
                                "' is no region: name the region alone and set "
                                "AWS_USE_FIPS_ENDPOINT=true");
  const bool fips = is_on(environment, profile, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
  const bool dual =
      is_on(environment, profile, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  const auto given = configured(wanted, environment, profile);
  if (given && (fips || dual))
    return invalid(service, "the endpoint " + *given + " is given, and so is " +
                                (fips ? "AWS_USE_FIPS_ENDPOINT" : "AWS_USE_DUALSTACK_ENDPOINT") +
                                ", which chooses among AWS's own: take one of the two away");
  Result<std::string> base = given ? Result<std::string>(*given) : amazons_own(wanted, fips, dual);
  if (!base) return base.error();
  std::string url = base.value();
  while (url.ends_with('/')) url.pop_back();
  const bool is_http = url.starts_with("http://") || url.starts_with("https://");
  if (!is_http || url.find('/', url.find("://") + 3) != std::string::npos)
    return invalid(service,
                   "the endpoint '" + url + "' is not http[s]://HOST[:PORT] without a path");
  return ServicePlace{wanted.region, std::move(url)};
}

}  // namespace

Result<Ec2Place> ec2_place(const model::Inventory& inventory, const Environment& environment) {
  const auto profile = load_profile(environment);
  if (!profile) return profile.error();
  const auto region = find_region(inventory, environment, profile.value());
  if (!region)
    return Error{ErrorCode::kInvalid,
                 "EC2: no region is known: set access.region in the inventory, or AWS_REGION"};
  return place_of({"ec2", *region, inventory.access.cloud_endpoint}, environment, profile.value());
}

Result<ServicePlace> sts_place(const std::string& region, const Environment& environment,
                               const Profile& profile) {
  auto place = place_of({"sts", region, ""}, environment, profile);
  // The global endpoint's signatures are scoped to where it stands.
  if (place && place.value().region.empty()) place.value().region = "us-east-1";
  return place;
}

}  // namespace wme::executor::aws
