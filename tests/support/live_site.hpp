#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/json/api_profile.hpp"
#include "model/language/ground.hpp"
#include "scenarios/rehearsal/shared_clock.hpp"
#include "simulators/site/simulated_site.hpp"

namespace wme::tests {

/// A simulated installation over sockets, in virtual time, for the real program: what it needs to
/// find it, and what became of it.
class LiveSite {
 public:
  /// `folder` gets the simulators' files; it must outlive this.
  LiveSite(const std::filesystem::path& folder, const model::Inventory& inventory,
           model::Procedure procedure, std::vector<simulators::FaultRule> faults = {},
           simulators::HttpsFor https = simulators::HttpsFor::kWhoDemandsIt);

  /// For a process that works on it: addresses, secrets, the clock, and a lock of its own.
  const std::map<std::string, std::string>& environment() const { return environment_; }
  simulators::World& world() { return site_.world(); }
  const model::GroundModel& model() const { return model_; }

  /// How often each action was requested that leaves anything behind. A check or a visit, whose
  /// effects stand in our journal and nowhere else, is none.
  std::map<std::string, int> side_effects();
  /// "power(platform)=stopped" for all that is not known from a journal alone; ghosts, too.
  std::vector<std::string> state();
  bool is(const std::string& fluent, const std::vector<std::string>& arguments,
          const std::string& value);
  std::size_t violations();

 private:
  model::GroundModel model_;
  std::unique_ptr<scenarios::SharedClock> clock_;
  model::ApiProfile profile_;
  simulators::SimulatedSite site_;
  std::map<std::string, std::string> environment_;
};

}  // namespace wme::tests
