#pragma once

#include <memory>
#include <string>
#include <vector>

#include "executor/drivers/host/host_port.hpp"
#include "executor/ports/transport.hpp"
#include "model/language/ground.hpp"
#include "model/planner/planner.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"
#include "simulators/core/world.hpp"
#include "simulators/host/host_front.hpp"

namespace wme::tests {

/// A clock that the test moves.
class HandClock : public simulators::WorldClock {
 public:
  simulators::TimePoint now() const override { return now_; }
  void move_to(simulators::TimePoint time) { now_ = std::max(now_, time); }

 private:
  simulators::TimePoint now_{};
};

/// A world with its hosts, and every variable that hosts show.
struct HostWorld {
  explicit HostWorld(const model::Inventory& inventory, model::Procedure procedure,
                     simulators::FaultSchedule faults = {})
      : installation(model::installation_of(inventory, procedure)),
        model(installation),
        world(installation, clock, std::move(faults)),
        front(world) {
    for (const model::Fluent& fluent : model::fluents()) {
      if (fluent.seen_by != model::SeenBy::kHost) continue;
      if (fluent.sorts.empty())
        variables.push_back({fluent.name, {}});
      else
        for (const std::string& entity : installation.sorts[fluent.sorts[0]])
          variables.push_back({fluent.name, {entity}});
    }
  }
  /// Lets everything that is under way end.
  void settle() {
    while (true) {
      const auto lock = world.enter();
      const auto due = world.next_due();
      if (!due) return;
      clock.move_to(*due);
    }
  }
  std::string value(const executor::Variable& variable) {
    const auto lock = world.enter();
    return world.value(variable.fluent, variable.arguments);
  }
  simulators::Reply perform(const std::string& action, const std::vector<std::string>& arguments) {
    const auto lock = world.enter();
    return world.perform(action, arguments, "test");
  }

  model::Installation installation;
  model::GroundModel model;
  HandClock clock;
  simulators::World world;
  simulators::HostFront front;
  std::vector<executor::Variable> variables;
};

}  // namespace wme::tests
