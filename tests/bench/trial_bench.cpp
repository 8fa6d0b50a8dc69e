#include <benchmark/benchmark.h>

#include "executor/engine/executor.hpp"
#include "executor/journal/journal.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "scenarios/rehearsal/virtual_clock.hpp"
#include "tests/support/world_port.hpp"

/// How many whole disaster recoveries one core goes through in a second: the production executor
/// carries out the restore plan on a world whose installation was dehydrated and lost, without
/// wires, on a virtual clock. What is the same for all of them is made once.
namespace wme {
namespace {

using simulators::Fault;
using simulators::FaultRule;

const executor::TimePoint kNight{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

struct Recovery {
  explicit Recovery(scenarios::Fleet fleet)
      : model(model::installation_of(scenarios::generate_fleet(fleet, model::Provider::kAws),
                                     model::Procedure::kRestore)),
        plan(model::make_plan(model).value()),
        order(model::PlanOrder::of(plan).value()),
        world(std::make_shared<const simulators::WorldModel>(model)),
        script(executor::Script::of(model, plan, order, doors_to(nullptr)).value()) {}

  static executor::Ports doors_to(executor::SystemPort* port) {
    executor::Ports ports;
    for (const char* door : {"launchpad", "config-wizard", "cloud", "host", "operator", "executor"})
      ports[door] = port;
    return ports;
  }

  const model::GroundModel model;
  const model::Plan plan;
  const model::PlanOrder order;
  const std::shared_ptr<const simulators::WorldModel> world;
  const std::shared_ptr<const executor::Script> script;
};

/// One recovery from the initial state; false when it did not end well.
bool recovers(const Recovery& recovery, const std::vector<FaultRule>& faults, std::size_t& looks) {
  scenarios::VirtualClock clock(kNight);
  simulators::World world(recovery.world, clock, simulators::FaultSchedule(faults));
  tests::WorldPort port(world);
  const executor::Ports ports = Recovery::doors_to(&port);
  executor::InMemoryJournal journal([] { return kNight; });
  executor::Leg leg = executor::first_leg(recovery.model, recovery.plan, recovery.order);
  leg.script = recovery.script;
  executor::Executor executor(std::move(leg), ports, clock, journal);
  executor::RunOptions options;
  options.run_id = "trial";
  const executor::RunResult result = executor.run(options, nullptr, {});
  looks = static_cast<std::size_t>(port.looks);
  return result.done && world.violations().empty();
}

void recover(benchmark::State& state, scenarios::Fleet fleet, std::vector<FaultRule> faults) {
  const Recovery recovery(fleet);
  std::size_t looks = 0;
  for (auto _ : state)
    if (!recovers(recovery, faults, looks)) state.SkipWithError("the recovery failed");
  state.counters["steps"] = static_cast<double>(recovery.plan.steps.size());
  state.counters["looks"] = static_cast<double>(looks);
  state.counters["recoveries/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// Survived, each: the executor looks again, asks again, waits longer.
std::vector<FaultRule> some_faults() {
  return {{"send launch-machine", 1, Fault::kAnswerLost},
          {"send create-volume", 2, Fault::kThrottled},
          {"look", 20, Fault::kStaleRead},
          {"look", 40, Fault::kRequestLost},
          {"initialize", 1, Fault::kSlow}};
}

BENCHMARK_CAPTURE(recover, XS, scenarios::Fleet::kXs, {})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(recover, XS_with_faults, scenarios::Fleet::kXs, some_faults())
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(recover, S, scenarios::Fleet::kS, {})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(recover, M, scenarios::Fleet::kM, {})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wme
