#include "scenarios/inventory/fleet.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/inventory/fields.hpp"

namespace wme::scenarios {

namespace {

using model::Container;
using model::ContainerState;
using model::Instance;
using model::Inventory;
using model::Provider;

constexpr int kStudioSlots = 18;  // web developers per 32 GB instance (wme.md 8)
constexpr int kAppSlots = 20;

/// One shard of a fleet: how many instances and containers.
struct Part {
  std::string shard;
  int instances;
  int containers;
};

const std::vector<Part>& parts_of(Fleet fleet) {
  static const std::array<std::vector<Part>, 5> kParts = {{
      {{"studio", 1, 4}, {"qa", 1, 2}},
      {{"studio", 1, 24}, {"qa", 1, 6}},
      {{"studio", 6, 480}, {"qa", 1, 20}, {"stage", 1, 12}, {"live", 1, 8}},
      {{"studio", 25, 4500}, {"qa", 10, 250}, {"stage", 5, 100}, {"live", 10, 150}},
      {{"studio", 100, 46000}, {"qa", 34, 2000}, {"stage", 33, 1000}, {"live", 33, 1000}},
  }};
  return kParts[static_cast<std::size_t>(fleet)];
}

/// What a provider calls things.
struct Words {
  std::string image;
  std::string platform_size;
  std::string instance_size;
  std::string subnet;
  std::string zone;
  std::string region;
  std::vector<std::string> security_groups;
};

/// A number that looks random and is always the same for the same text (FNV-1a, then mixed).
std::uint64_t scrambled(std::string_view text) {
  std::uint64_t value = 14695981039346656037U;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 1099511628211U;
  value = (value ^ (value >> 33U)) * 0xff51afd7ed558ccdU;
  return value ^ (value >> 33U);
}

std::string hexadecimal(const std::string& text, std::size_t digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (int block = 0; result.size() < digits; ++block) {
    std::uint64_t value = scrambled(text + "#" + std::to_string(block));
    for (int i = 0; i < 16 && result.size() < digits; ++i, value >>= 4U)
      result += kDigits[value & 0xFU];
  }
  return result;
}

/// "i-0…": EC2's ids have a prefix and 17 hexadecimal digits, the first of them 0.
std::string ec2_id(const std::string& prefix, const std::string& what) {
  return prefix + "-0" + hexadecimal(prefix + "/" + what, 16);
}

Words words_of(Provider provider) {
  switch (provider) {
    case Provider::kAws:
      return {ec2_id("ami", "ubuntu-22.04"),
              "m5.2xlarge",
              "m5.2xlarge",
              ec2_id("subnet", "wme"),
              "eu-west-1a",
              "eu-west-1",
              {ec2_id("sg", "WME-SG-Platform-Public"), ec2_id("sg", "WME-SG-Platform-Internal"),
               ec2_id("sg", "WME-SG-Workspace-Internal")}};
    case Provider::kAzure:
      return {"Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest",
              "Standard_D8s_v5",
              "Standard_D8s_v5",
              "wme-vnet/wme-subnet",
              "westeurope-1",
              "westeurope",
              {"WME-SG-Platform-Public-and-Internal", "WME-SG-Workspace-Internal"}};
    case Provider::kGcp:
      return {"projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts",
              "n2-standard-8",
              "n2-standard-8",
              "wme-subnet",
              "europe-west1-b",
              "europe-west1",
              {"wme-platform", "wme-external"}};
    case Provider::kEsxi:
      return {"/vmfs/volumes/datastore1/images/ubuntu-22.04.ova",
              "8-cpu-32-gb",
              "8-cpu-32-gb",
              "VM Network",
              "",
              "",
              {}};
    case Provider::kHyperV:
      return {
          "D:/Images/ubuntu-22.04.vhdx", "8-cpu-32-gb", "8-cpu-32-gb", "WME Switch", "", "", {}};
  }
  return {};
}

std::string machine_id(Provider provider, const std::string& name) {
  if (provider == Provider::kAws) return ec2_id("i", name);
  return "wme-" + name;  // the other providers know a machine by its name
}

std::string volume_id(Provider provider, const std::string& store) {
  if (provider == Provider::kAws) return ec2_id("vol", store);
  return has_volumes(provider) ? "wme-platform-" + store : "";
}

std::string interface_of(Provider provider) {
  switch (provider) {
    case Provider::kAws:
      return ec2_id("eni", "platform-eth1");
    case Provider::kAzure:
      return "wme-platform-nic-1";
    case Provider::kGcp:
      return "nic0";  // the address is an alias of it
    case Provider::kEsxi:
    case Provider::kHyperV:
      return "";  // no step for it there: the new machine is given the address (wme.md 1.4)
  }
  return "";
}

model::Platform platform_of(Provider provider) {
  model::Platform platform;
  platform.address = "10.0.1.10";
  platform.cloud_id = machine_id(provider, "platform");
  platform.interface = interface_of(provider);
  platform.wm_data = {volume_id(provider, "wm-data"), 150};
  platform.wm_runtime = {volume_id(provider, "wm-runtime"), 100};
  platform.wm_data_used_gb = 48;
  return platform;
}

/// 10.0.<network>.10 and on; 240 machines fit into one of these.
std::string address(int network, int number) {
  return "10.0." + std::to_string(network) + "." + std::to_string(9 + number);
}

void add_instances(Inventory& inventory, const Part& part, int network) {
  constexpr int kSuccessors = 100;  // 10.0.2.x comes back as 10.0.102.x
  for (int i = 1; i <= part.instances; ++i) {
    Instance one;
    one.name = part.shard + "-" + std::to_string(i);
    one.shard = part.shard;
    one.address = address(network, i);
    one.new_address = address(network + kSuccessors, i);
    one.cloud_id = machine_id(inventory.provider, one.name);
    one.slots = part.shard == "studio" ? kStudioSlots : kAppSlots;
    inventory.instances.push_back(std::move(one));
  }
}

Container container(int number, const Part& part) {
  const std::string digits = std::to_string(number);
  Container one;
  one.name = "c" + digits;
  // A uuid of version 4, the same in all but the running number: so ranges of them fit one row.
  one.id = "ccc-5f3a91c7-0d2e-4b61-9a48-" + std::string(12 - digits.size(), '0') + digits;
  one.shard = part.shard;
  one.owner =
      part.shard == "studio" ? "dev" + digits + "@acme.example" : part.shard + "-app" + digits;
  return one;
}

/// Containers of one shard: first those with a slot, instance by instance, then the parked ones.
void add_containers(Inventory& inventory, const Part& part, int& number) {
  const int slots = part.shard == "studio" ? kStudioSlots : kAppSlots;
  // At least a fourth of a shard's containers are parked, so that each state occurs.
  const int awake = std::min(part.instances * slots, std::max(1, part.containers * 3 / 4));
  for (int i = 0; i < part.instances; ++i) {
    const int here = awake / part.instances + (i < awake % part.instances ? 1 : 0);
    const int running = (here * 2 + 2) / 3;
    for (int k = 0; k < here; ++k) {
      Container one = container(++number, part);
      one.instance = part.shard + "-" + std::to_string(i + 1);
      one.state = k < running ? ContainerState::kRunning : ContainerState::kStopped;
      inventory.containers.push_back(std::move(one));
    }
  }
  for (int k = awake; k < part.containers; ++k)
    inventory.containers.push_back(container(++number, part));
}

model::Artefact artefact(const std::string& version, const std::string& file) {
  const std::string url = "https://downloads.wavemaker.example/wme/" + version + "/" + file;
  return {url, hexadecimal(url, 40), hexadecimal("256/" + url, 64)};
}

void add_packages(Inventory& inventory, const std::string& version) {
  inventory.package = artefact(version, "WME-multi-studio-" + version + ".tar");
  inventory.rotation = artefact(version, "wme_rotations.tar");
}

model::Access access_of(const std::string& region) {
  model::Access access;
  access.launchpad_user = "admin@acme.example";
  access.launchpad_password = {"env:REHYDRATE_LAUNCHPAD_PASSWORD"};
  access.config_wizard_password = {"env:REHYDRATE_CONFIG_WIZARD_PASSWORD"};
  access.region = region;
  return access;
}

constexpr std::array<std::string_view, 5> kFleetNames = {"XS", "S", "M", "L", "XL"};

}  // namespace

std::string_view to_string(Fleet fleet) { return kFleetNames[static_cast<std::size_t>(fleet)]; }

std::optional<Fleet> fleet_from(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  for (std::size_t i = 0; i < kFleetNames.size(); ++i)
    if (kFleetNames[i] == upper) return static_cast<Fleet>(i);
  return std::nullopt;
}

Inventory generate_fleet(Fleet size, Provider provider) {
  Inventory inventory;
  std::string word(to_string(size));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  inventory.name = "acme-" + std::string(to_string(provider)) + "-" + word;
  inventory.provider = provider;
  inventory.version = "11.7.3.ee.10412p1";
  inventory.studio_domain = "wavemaker.acme.example";
  inventory.apps_domain = "wm-apps.acme.example";
  inventory.platform = platform_of(provider);
  int network = 2;
  int number = 0;
  for (const Part& part : parts_of(size)) {
    for (const model::Shard& shard : known_shards())
      if (shard.name == part.shard) inventory.shards.push_back(shard);
    add_instances(inventory, part, network++);
    add_containers(inventory, part, number);
    if (part.shard == "studio") inventory.license_developers = std::max(32, part.containers);
  }
  add_packages(inventory, inventory.version);
  const Words words = words_of(provider);
  inventory.launch = {words.image, words.platform_size, words.instance_size,  words.subnet,
                      words.zone,  "wme-admin",         words.security_groups};
  inventory.access = access_of(words.region);
  return inventory;
}

Inventory as_upgrade(Inventory inventory) {
  inventory.name += "-upgrade";
  inventory.version = "10.13.2.ee.10187p3";
  inventory.target_version = "11.8.1.ee.10531p1";
  add_packages(inventory, inventory.target_version);
  inventory.migrations = artefact(inventory.target_version, "wme_migrations.tar");
  return inventory;
}

}  // namespace wme::scenarios
