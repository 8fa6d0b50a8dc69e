#include "scenarios/inventory/fields.hpp"

#include <algorithm>
#include <cctype>
#include <type_traits>

#include "scenarios/inventory/network.hpp"
#include "scenarios/inventory/rows.hpp"
#include "scenarios/inventory/version.hpp"

namespace wme::scenarios {

namespace {

using model::Access;
using model::Artefact;
using model::Container;
using model::Instance;
using model::Inventory;
using model::Launch;
using model::Platform;
using model::Shard;
using model::Volume;

constexpr auto kRequired = Need::kRequired;
constexpr auto kOptional = Need::kOptional;
constexpr int kGigabytesMax = 64 * 1024;  // the largest disk of the five providers: 64 TB
constexpr int kCountMax = 1'000'000;
constexpr int kSlotsMax = 99;  // an instance's containers take the ports 8001-8099 (wme.md 8)

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > 253 || text.front() == '.' || text.back() == '.') return false;
  return text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '.'; });
}

bool is_hexadecimal(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

bool is_url(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view name = text.substr(0, scheme);
  if (name != "http" && name != "https") return false;
  const std::string_view rest = text.substr(scheme + 3);
  // "user:password@host" would be a secret in the file.
  return !rest.empty() && rest.front() != '/' && rest.find('@') == std::string_view::npos &&
         rest.find(' ') == std::string_view::npos;
}

bool is_user(std::string_view text) {
  if (text.empty() || text.size() > 32) return false;
  if (!std::islower(static_cast<unsigned char>(text.front())) && text.front() != '_') return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::islower(c) || std::isdigit(c) || c == '-' || c == '_';
  });
}

const Form kName = {
    "a name of letters, digits, '.', '_' and '-' that starts with a letter or digit (63 at most)",
    is_entity_name};
const Form kRowName = {"a name such as c17, or a range of them such as c{1..40}", is_row_name};
const Form kShardName = {"a shard: studio, qa, stage or live", is_entity_name};
const Form kIpv4 = {"an IPv4 address such as 10.0.1.10",
                    [](std::string_view text) { return parse_ipv4(text).has_value(); }};
const Form kCidr = {"a network in CIDR notation such as 10.2.1.1/24",
                    [](std::string_view text) { return parse_cidr(text).has_value(); }};
const Form kVersion = {"a full build string such as 11.10.5.ee.10234p1",
                       [](std::string_view text) { return parse_version(text).has_value(); }};
const Form kHostName = {"a domain name such as wavemaker.acme.example", is_host_name};
const Form kSha1 = {"a SHA-1 checksum: 40 digits of 0-9a-f",
                    [](std::string_view text) { return is_hexadecimal(text, 40); }};
const Form kSha256 = {"a SHA-256 checksum: 64 digits of 0-9a-f",
                      [](std::string_view text) { return is_hexadecimal(text, 64); }};
const Form kUrl = {"an http:// or https:// URL without user name and password", is_url};
const Form kUser = {"a Linux user name such as ubuntu", is_user};
const Form kPath = {"an absolute path such as /backup",
                    [](std::string_view text) { return text.starts_with('/'); }};

template <class Owner>
void add_keys(std::vector<KeyPath>& keys, const std::string& prefix, const Fields<Owner>& fields) {
  for (const Field<Owner>& field : fields) {
    const std::string path = prefix + "." + std::string(field.key);
    keys.push_back({path, field.need});
    std::visit(
        [&](auto member) {
          using Member = std::remove_cvref_t<decltype(Owner{}.*member)>;
          if constexpr (std::is_same_v<Member, Volume> || std::is_same_v<Member, Artefact>)
            add_keys(keys, path, fields_of(static_cast<const Member*>(nullptr)));
        },
        field.member);
  }
}

template <class Owner>
void add_keys(std::vector<KeyPath>& keys, const std::string& prefix) {
  add_keys(keys, prefix, fields_of(static_cast<const Owner*>(nullptr)));
}

}  // namespace

const Fields<Inventory>& installation_fields() {
  static const Fields<Inventory> all = {
      {"name", kRequired, &Inventory::name, &kName},
      {"provider", kRequired, &Inventory::provider},
      {"version", kRequired, &Inventory::version, &kVersion},
      {"target_version", kOptional, &Inventory::target_version, &kVersion},
      {"cidr", kOptional, &Inventory::cidr, &kCidr},
      {"lan", kOptional, &Inventory::lan, &kCidr},
      {"studio_domain", kRequired, &Inventory::studio_domain, &kHostName},
      {"apps_domain", kOptional, &Inventory::apps_domain, &kHostName},
  };
  return all;
}

const Fields<Inventory>& license_fields() {
  static const Fields<Inventory> all = {
      {"developers", kRequired, &Inventory::license_developers, nullptr, 1, kCountMax},
  };
  return all;
}

const Fields<Inventory>& backup_fields() {
  static const Fields<Inventory> all = {
      {"id", kOptional, &Inventory::backup_id, &kName},
      {"store", kOptional, &Inventory::backup_store, &kPath},
  };
  return all;
}

const Fields<Inventory>& package_fields() {
  static const Fields<Inventory> all = {
      {"package", kOptional, &Inventory::package},
      {"migrations", kOptional, &Inventory::migrations},
      {"rotation", kOptional, &Inventory::rotation},
  };
  return all;
}

const Fields<Totals>& fields_of(const Totals*) {
  static const Fields<Totals> all = {
      {"instances", kRequired, &Totals::instances, nullptr, 0, kCountMax},
      {"containers", kRequired, &Totals::containers, nullptr, 0, kCountMax},
  };
  return all;
}

const Fields<Platform>& fields_of(const Platform*) {
  static const Fields<Platform> all = {
      {"name", kOptional, &Platform::name, &kName},
      {"address", kRequired, &Platform::address, &kIpv4},
      {"new_address", kOptional, &Platform::new_address, &kIpv4},
      {"cloud_id", kOptional, &Platform::cloud_id},
      {"interface", kOptional, &Platform::interface},
      {"ssh_user", kOptional, &Platform::ssh_user, &kUser},
      {"ssh_key_owner", kOptional, &Platform::ssh_key_owner, &kUser},
      {"wm_data", kOptional, &Platform::wm_data},
      {"wm_runtime", kOptional, &Platform::wm_runtime},
      {"wm_data_used_gb", kOptional, &Platform::wm_data_used_gb, nullptr, 0, kGigabytesMax},
  };
  return all;
}

const Fields<Volume>& fields_of(const Volume*) {
  static const Fields<Volume> all = {
      {"cloud_id", kOptional, &Volume::cloud_id},
      {"size_gb", kRequired, &Volume::size_gb, nullptr, 1, kGigabytesMax},
  };
  return all;
}

const Fields<Shard>& fields_of(const Shard*) {
  static const Fields<Shard> all = {
      {"name", kRequired, &Shard::name, &kShardName},
      {"id", kOptional, &Shard::id, &kName},
  };
  return all;
}

const Fields<Instance>& fields_of(const Instance*) {
  static const Fields<Instance> all = {
      {"name", kRequired, &Instance::name, &kName},
      {"shard", kRequired, &Instance::shard, &kShardName},
      {"address", kRequired, &Instance::address, &kIpv4},
      {"new_address", kOptional, &Instance::new_address, &kIpv4},
      {"cloud_id", kOptional, &Instance::cloud_id},
      {"ssh_user", kOptional, &Instance::ssh_user, &kUser},
      {"slots", kOptional, &Instance::slots, nullptr, 0, kSlotsMax},
      {"data_gb", kOptional, &Instance::data_gb, nullptr, 1, kGigabytesMax},
  };
  return all;
}

const Fields<Container>& fields_of(const Container*) {
  static const Fields<Container> all = {
      {"name", kRequired, &Container::name, &kRowName},
      {"id", kOptional, &Container::id},
      {"shard", kRequired, &Container::shard, &kShardName},
      {"owner", kRequired, &Container::owner},
      {"instance", kOptional, &Container::instance, &kName},
      {"state", kRequired, &Container::state},
  };
  return all;
}

const Fields<Artefact>& fields_of(const Artefact*) {
  static const Fields<Artefact> all = {
      {"url", kRequired, &Artefact::url, &kUrl},
      {"sha1", kRequired, &Artefact::sha1, &kSha1},
      {"sha256", kOptional, &Artefact::sha256, &kSha256},
  };
  return all;
}

const Fields<Launch>& fields_of(const Launch*) {
  static const Fields<Launch> all = {
      {"image", kOptional, &Launch::image},
      {"platform_size", kOptional, &Launch::platform_size},
      {"instance_size", kOptional, &Launch::instance_size},
      {"subnet", kOptional, &Launch::subnet},
      {"zone", kOptional, &Launch::zone},
      {"key_name", kOptional, &Launch::key_name},
      {"security_groups", kOptional, &Launch::security_groups},
  };
  return all;
}

const Fields<Access>& fields_of(const Access*) {
  // The last key of a written file is a required one: a file that was cut off is noticed.
  static const Fields<Access> all = {
      {"launchpad_url", kOptional, &Access::launchpad_url, &kUrl},
      {"config_wizard_url", kOptional, &Access::config_wizard_url, &kUrl},
      {"region", kOptional, &Access::region},
      {"cloud_endpoint", kOptional, &Access::cloud_endpoint, &kUrl},
      {"api_profile", kOptional, &Access::api_profile},
      {"ssh_config", kOptional, &Access::ssh_config},
      {"ssh_identity", kOptional, &Access::ssh_identity},
      {"launchpad_user", kRequired, &Access::launchpad_user},
      {"launchpad_password", kRequired, &Access::launchpad_password},
      {"config_wizard_password", kRequired, &Access::config_wizard_password},
  };
  return all;
}

const std::vector<Section>& sections() {
  static const std::vector<Section> all = {
      {"schema", kRequired, ""},
      {"installation", kRequired,
       "What is installed: the provider, the full build string, the networks and domains."},
      {"totals", kOptional, "How many there are below, so that a file that lost lines is noticed."},
      {"license", kOptional, "Developers that the license allows."},
      {"backup", kOptional, "The backup set that a dehydration makes and a restore reads."},
      {"platform", kRequired, "The one machine with every platform service."},
      {"shards", kRequired, "Developer Workspace (studio) and the phases of App Deployments."},
      {"instances", kRequired, "External instances; new_address is where the successor comes up."},
      {"containers", kRequired,
       "One row per container, or per range of them: {n} is the running number."},
      {"packages", kOptional, "What the vendor delivers, with its checksums."},
      {"launch", kOptional, "What new machines are made of."},
      {"access", kRequired,
       "Where the systems answer. Secrets stand elsewhere: env:NAME or file:PATH."},
  };
  return all;
}

const std::vector<Shard>& known_shards() {
  static const std::vector<Shard> all = {
      {"studio", "shard-147aab1595f3qk135yK2H"},
      {"qa", "shard-147a5c2f5c84SqfSJj1QT"},
      {"stage", "shard-1588b1ecb1eLy6lWYCGNJ"},
      {"live", "shard-LIVE-assumed"},
  };
  return all;
}

std::vector<KeyPath> all_keys() {
  std::vector<KeyPath> keys;
  for (const Section& section : sections())
    keys.push_back({std::string(section.key), section.need});
  add_keys<Totals>(keys, "totals");
  add_keys(keys, "installation", installation_fields());
  add_keys(keys, "license", license_fields());
  add_keys(keys, "backup", backup_fields());
  add_keys(keys, "packages", package_fields());
  add_keys<Platform>(keys, "platform");
  add_keys<Shard>(keys, "shards[]");
  add_keys<Instance>(keys, "instances[]");
  add_keys<Container>(keys, "containers[]");
  add_keys<Launch>(keys, "launch");
  add_keys<Access>(keys, "access");
  return keys;
}

}  // namespace wme::scenarios
