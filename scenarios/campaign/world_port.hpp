#pragma once

#include <map>
#include <string>
#include <vector>

#include "executor/ports/system_port.hpp"
#include "simulators/core/world.hpp"

namespace wme::scenarios {

/// Every system at once, straight on the world: no wire, but the world's refusals, transitions and
/// faults: of a request by "send ACTION", of a look by "look". Thousands of whole runs a minute.
class WorldPort : public executor::SystemPort {
 public:
  explicit WorldPort(simulators::World& world) : world_(world) {}
  Result<std::string> perform(const executor::Call& call) override;
  Result<std::vector<executor::Observation>> observe(
      const std::vector<executor::Variable>& variables) override;
  /// From now on a stale read shows nothing older than this moment.
  void forget_what_was_shown() { shown_.clear(); }

 protected:
  /// The names under which a schedule may speak of this look; the world is locked.
  virtual std::vector<std::string> names_of_look(const std::vector<executor::Variable>& variables);
  simulators::World& world() { return world_; }

 private:
  simulators::Fault fault_of_look(const std::vector<executor::Variable>& variables);

  simulators::World& world_;
  std::map<executor::Variable, std::string> shown_;  ///< last, for stale reads
};

}  // namespace wme::scenarios
