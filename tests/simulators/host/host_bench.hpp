#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "model/planner/planner.hpp"
#include "simulators/core/world.hpp"
#include "simulators/host/host_front.hpp"
#include "tests/support/fleets.hpp"

namespace wme::tests {

/// A clock that the test moves.
class BenchClock : public simulators::WorldClock {
 public:
  simulators::TimePoint now() const override { return now_; }
  void move_to(simulators::TimePoint time) { now_ = std::max(now_, time); }

 private:
  simulators::TimePoint now_{};
};

/// The hosts of a small installation, and short words for what people type on them.
struct HostBench {
  explicit HostBench(const model::Inventory& inventory,
                     model::Procedure procedure = model::Procedure::kDehydrate,
                     simulators::FaultSchedule faults = {})
      : installation(model::installation_of(inventory, procedure)),
        world(installation, clock, std::move(faults)),
        front(world) {}

  simulators::HostFront::Answer type(const std::string& machine, const std::string& command,
                                     const std::string& input = "") {
    return front.execute(machine, "ubuntu", command, input);
  }
  std::string output(const std::string& machine, const std::string& command) {
    return type(machine, command).output;
  }
  /// Everything that is not the hosts' own doing.
  void happens(const std::string& action, const std::vector<std::string>& arguments = {}) {
    const auto lock = world.enter();
    const auto reply = world.perform(action, arguments, "test");
    if (!reply.accepted()) refused.push_back(action + ": " + reply.refusals.front());
  }
  /// The steps of the procedure's plan up to, and without, this action; the hosts' too.
  void advance_to(const std::string& action) {
    const model::GroundModel model(installation);
    const auto plan = model::make_plan(model);
    for (const model::Step& step : plan.value().steps) {
      if (step.action == action) return;
      happens(step.action, step.arguments);
    }
  }
  void settle() {
    while (true) {
      const auto lock = world.enter();
      const auto due = world.next_due();
      if (!due) return;
      clock.move_to(*due);
    }
  }
  std::string value(const std::string& fluent, const std::vector<std::string>& arguments) {
    const auto lock = world.enter();
    return world.value(fluent, arguments);
  }
  /// The rules that were broken, in order.
  std::vector<std::string> broken() {
    const auto lock = world.enter();
    std::vector<std::string> rules;
    for (const auto& each : world.violations()) rules.push_back(each.rule);
    return rules;
  }

  model::Installation installation;
  BenchClock clock;
  simulators::World world;
  simulators::HostFront front;
  std::vector<std::string> refused;
};

inline model::Inventory bench_inventory(model::Provider provider = model::Provider::kAws,
                                        Addresses addresses = Addresses::kSame) {
  FleetShape shape;
  shape.provider = provider;
  shape.addresses = addresses;
  model::Inventory made = fleet(shape);
  made.package = {"https://downloads.test.example/WME.tar", std::string(40, 'a'), ""};
  return made;
}

}  // namespace wme::tests
