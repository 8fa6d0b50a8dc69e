#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/checker/verdict.hpp"
#include "model/planner/planner.hpp"
#include "tests/support/fleets.hpp"

/// What the tests of the checker share: an installation with its plan, and ways to spoil the plan.
namespace wme::tests {

/// How many random cases are tried where `all` are in a build without sanitizers. With them a case
/// takes ten times as long, and another one of the same kind touches no other memory.
constexpr int cases_to_try(int all) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return all / 6;
#else
  return all;
#endif
}

inline constexpr std::array kEveryProcedure = {
    model::Procedure::kDehydrate, model::Procedure::kRestore, model::Procedure::kRotate,
    model::Procedure::kUpgrade};

/// An installation, its model and the planner's plan for it.
struct Planned {
  std::unique_ptr<model::GroundModel> model;  // does not move
  model::Plan plan;
};

inline Planned planned(model::Procedure procedure, const FleetShape& shape = {}) {
  Planned made;
  made.model =
      std::make_unique<model::GroundModel>(model::installation_of(fleet(shape), procedure));
  Result<model::Plan> plan = model::make_plan(*made.model);
  EXPECT_TRUE(plan) << plan.error().message;
  if (plan) made.plan = std::move(plan).value();
  return made;
}

/// One instance, two containers: small enough for every state of any mutant.
inline FleetShape tiny_shape() {
  FleetShape shape;
  shape.instances = {{"studio", 1}};
  shape.containers_per_instance = 2;
  return shape;
}

inline std::size_t position_of(const model::Plan& plan, const std::string& action,
                               const std::vector<std::string>& arguments) {
  const auto at = std::ranges::find_if(plan.steps, [&](const model::Step& step) {
    return step.action == action && step.arguments == arguments;
  });
  EXPECT_NE(at, plan.steps.end()) << action;
  return static_cast<std::size_t>(at - plan.steps.begin());
}

/// Takes the step out; whoever waited for it now waits for what it waited for.
inline void drop_step(model::Plan& plan, std::size_t position) {
  const model::Step gone = plan.steps[position];
  plan.steps.erase(plan.steps.begin() + static_cast<std::ptrdiff_t>(position));
  for (model::Step& step : plan.steps) {
    const std::size_t waits =
        std::erase_if(step.after, [&](const model::Edge& edge) { return edge.step == gone.id; });
    if (waits > 0) step.after.insert(step.after.end(), gone.after.begin(), gone.after.end());
  }
}

/// What each place does is exchanged; the edges stay.
inline void swap_actions(model::Plan& plan, std::size_t a, std::size_t b) {
  std::swap(plan.steps[a].action, plan.steps[b].action);
  std::swap(plan.steps[a].arguments, plan.steps[b].arguments);
}

inline const model::PropertyVerdict& verdict_on(const model::Verification& verification,
                                                const std::string& property) {
  const auto at = std::ranges::find(verification.properties, property, &model::PropertyVerdict::id);
  if (at == verification.properties.end()) {
    ADD_FAILURE() << "no verdict on " << property;
    static const model::PropertyVerdict none;
    return none;
  }
  return *at;
}

/// The counterexample's trace, run once more from the start, ends in what it says.
inline void expect_replays(const model::GroundPlan& plan, const model::Counterexample& told) {
  const std::optional<model::ReplayEnd> end = model::replayed(plan, told.trace);
  ASSERT_TRUE(end) << to_text(told);
  if (told.broken.kind == model::PropertyKind::kMaskedEnd) return;
  EXPECT_NE(std::ranges::find(end->broken, told.broken), end->broken.end()) << to_text(told);
}

}  // namespace wme::tests
