#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "model/inventory.hpp"

/// Small test inventories: valid, deterministic, and as large as the test needs.
namespace wme::tests {

enum class Addresses {
  kSame,         ///< as many machines as can be come back with their address (INV-21)
  kNewExternal,  ///< the external instances get new ones
  kNewPlatform,  ///< the Platform gets a new one (7-25): VCS rewrite, new DNS
};
inline constexpr std::array kEveryAddresses = {Addresses::kSame, Addresses::kNewExternal,
                                               Addresses::kNewPlatform};

inline constexpr std::array kEveryProvider = {model::Provider::kAws, model::Provider::kAzure,
                                              model::Provider::kGcp, model::Provider::kEsxi,
                                              model::Provider::kHyperV};

/// Sources and targets that make a difference to the model: the login gate exists since 11.3, the
/// non-passivated check since 11.11.
inline constexpr std::array kEveryVersion = {"10.13.2.ee.9995p1", "11.2.0.ee.10101p1",
                                             "11.8.1.ee.10555p1", "11.11.0.ee.11001p1"};

/// What a test cares about; the rest is filled in. Containers alternate running, stopped, parked.
struct FleetShape {
  model::Provider provider = model::Provider::kAws;
  Addresses addresses = Addresses::kSame;
  std::string version = "11.11.0.ee.11001p1";
  /// Instances of each shard, in this order; a shard without instances does not exist.
  std::vector<std::pair<std::string, int>> instances = {{"studio", 1}, {"qa", 1}};
  int containers_per_instance = 3;
};

inline std::string target_of(const std::string& version) {
  return version.starts_with("10.") ? "11.8.1.ee.10555p1" : "11.12.1.ee.11200p1";
}

inline model::Inventory fleet(const FleetShape& shape) {
  model::Inventory made;
  made.name = "test";
  made.provider = shape.provider;
  made.version = shape.version;
  made.target_version = target_of(shape.version);
  made.studio_domain = "wavemaker.test.example";
  made.apps_domain = "wm-apps.test.example";
  made.license_developers = 32;
  made.platform.address = "10.0.1.10";
  if (shape.addresses == Addresses::kNewPlatform) made.platform.new_address = "10.0.101.10";
  using State = model::ContainerState;
  constexpr std::array states = {State::kRunning, State::kStopped, State::kPassivated};
  std::size_t containers = 0;
  for (const auto& [shard, count] : shape.instances) {
    if (count == 0) continue;
    made.shards.push_back({shard, "shard-" + shard});
    const std::string net = std::to_string(1 + made.shards.size()) + ".";
    for (int n = 1; n <= count; ++n) {
      model::Instance instance;
      instance.name = shard + "-" + std::to_string(n);
      instance.shard = shard;
      instance.address = "10.0." + net + std::to_string(9 + n);
      // A cloud keeps a stopped machine's address for it: its successor needs another one.
      if (shape.addresses == Addresses::kNewExternal || has_volumes(shape.provider))
        instance.new_address = "10.0.10" + net + std::to_string(9 + n);
      for (int c = 0; c < shape.containers_per_instance; ++c) {
        model::Container container;
        container.name = "c" + std::to_string(containers + 1);
        container.id = "ccc-" + container.name;
        container.shard = shard;
        container.owner = container.name + "@test.example";
        container.instance = instance.name;
        container.state = states[containers++ % states.size()];
        made.containers.push_back(std::move(container));
      }
      made.instances.push_back(std::move(instance));
    }
  }
  return made;
}

/// One Platform, one Studio and one QA instance, six containers: XS of wme.md section 8.
inline model::Inventory xs_fleet(model::Provider provider = model::Provider::kAws) {
  FleetShape shape;
  shape.provider = provider;
  return fleet(shape);
}

}  // namespace wme::tests
