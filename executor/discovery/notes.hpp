#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "executor/discovery/discovery.hpp"

/// What the parts of the discovery share.
namespace wme::executor::discovery {

/// Gaps as they are met, and what is known so far.
class Notes {
 public:
  explicit Notes(const DiscoveryTask& its_task) : task(its_task) {}

  void missing(std::string path, std::string why, std::string find) {
    gaps.push_back({std::move(path), true, std::move(why), std::move(find)});
  }
  void optional(std::string path, std::string why, std::string find) {
    gaps.push_back({std::move(path), false, std::move(why), std::move(find)});
  }
  void missing(std::string path, const Error& error, std::string find) {
    missing(std::move(path), error.message, std::move(find));
    gaps.back().unreachable =
        error.code == ErrorCode::kUnreachable || error.code == ErrorCode::kThrottled;
  }

  const DiscoveryTask& task;
  model::Inventory inventory;
  std::vector<Gap> gaps;
  /// Launchpad's id of a shard or instance -> our name.
  std::map<std::string, std::string> shard_names;
  std::map<std::string, std::string> instance_names;
  /// By name of the machine ("platform", "studio-1"), those that answered.
  std::map<std::string, HostFacts> hosts;
};

// The parts, in the order in which they need each other.
void see_launchpad(const Result<LaunchpadSurvey*>& door, Notes& notes);
void see_config_wizard(const Result<ConfigWizardSurvey*>& door, Notes& notes);
void see_hosts(HostSurvey& survey, Notes& notes);
void see_cloud(const Result<CloudSurvey*>& door, Notes& notes);

}  // namespace wme::executor::discovery
