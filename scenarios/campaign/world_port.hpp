#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "executor/ports/system_port.hpp"
#include "simulators/core/world.hpp"

namespace wme::scenarios {

/// Every system at once, straight on the world: no wire, but the world's refusals, transitions and
/// faults: of a request by "send ACTION", of a look by "look". Thousands of whole runs a second for
/// whoever has the world's model in common with it.
class WorldPort : public executor::SystemPort {
 public:
  explicit WorldPort(simulators::World& world)
      : world_(world), shown_(world.model().variable_count()) {}
  Result<std::string> perform(const executor::Call& call) override;
  /// Errors: of a fault; kInvalid, for a variable that the world does not have.
  Result<std::vector<executor::Observation>> observe(
      const std::vector<executor::Variable>& variables) override;
  bool shares(const model::GroundModel& model) const override { return &model == &world_.model(); }
  Status glance(std::span<const model::Variable> asked, std::span<executor::Sight> sights) override;
  /// From now on a stale read shows nothing older than this moment.
  void forget_what_was_shown() { shown_.assign(shown_.size(), std::nullopt); }

 protected:
  /// The names under which a schedule may speak of a look at these variables of the world's model;
  /// the world is locked.
  virtual std::vector<std::string> names_of_look(std::span<const model::Variable> asked);

 private:
  /// Looks at them once; what is read of `asked[i]` is then in `shown_`.
  Status look(std::span<const model::Variable> asked);

  simulators::World& world_;
  std::vector<std::optional<model::Value>> shown_;  ///< by variable: last, for stale reads
};

}  // namespace wme::scenarios
