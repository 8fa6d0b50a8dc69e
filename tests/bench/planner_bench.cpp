#include <benchmark/benchmark.h>

#include "model/checker/verdict.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/fleet.hpp"

namespace wme {
namespace {

/// Entities, plan and order proof of a whole procedure, as `plan` and `verify` do them.
void plan_and_prove(benchmark::State& state, scenarios::Fleet fleet, model::Procedure procedure) {
  model::Inventory inventory = scenarios::generate_fleet(fleet, model::Provider::kAws);
  if (procedure == model::Procedure::kUpgrade) inventory = scenarios::as_upgrade(inventory);
  std::size_t steps = 0;
  for (auto _ : state) {
    const model::GroundModel model(model::installation_of(inventory, procedure));
    const model::Plan plan = model::make_plan(model).value();
    model::VerifyOptions how;
    how.explore = model::VerifyOptions::Explore::kNever;
    const auto verdict = model::verify(model, plan, how);
    if (!verdict || verdict.value().verdict != model::Verdict::kProved)
      state.SkipWithError("the plan is not proved");
    steps = plan.steps.size();
  }
  state.counters["steps"] = static_cast<double>(steps);
}

BENCHMARK_CAPTURE(plan_and_prove, XL_dehydrate, scenarios::Fleet::kXl, model::Procedure::kDehydrate)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plan_and_prove, XL_restore, scenarios::Fleet::kXl, model::Procedure::kRestore)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plan_and_prove, XL_rotate, scenarios::Fleet::kXl, model::Procedure::kRotate)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plan_and_prove, XL_upgrade, scenarios::Fleet::kXl, model::Procedure::kUpgrade)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wme
