#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <ostream>

#include "model/planner/planner.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"
#include "tests/model/walks.hpp"

/// What holds for every fleet, and for every sequence of events.
namespace wme::tests {

/// What a failing property prints.
std::ostream& operator<<(std::ostream& out, const Setting& setting) {
  out << name_of(setting);
  for (const auto& [shard, count] : setting.shape.instances) out << ", " << count << " " << shard;
  return out << ", " << setting.shape.containers_per_instance << " containers on each";
}

namespace {

using model::GroundAction;
using model::GroundFormula;
using model::State;

Setting any_setting() {
  Setting setting;
  setting.procedure = *rc::gen::elementOf(kEveryProcedure);
  setting.shape.provider = *rc::gen::elementOf(kEveryProvider);
  setting.shape.addresses = *rc::gen::elementOf(kEveryAddresses);
  setting.shape.version = *rc::gen::elementOf(kEveryVersion);
  setting.shape.instances = {{"studio", *rc::gen::inRange(1, 4)},
                             {"qa", *rc::gen::inRange(0, 3)},
                             {"live", *rc::gen::inRange(0, 2)}};
  setting.shape.containers_per_instance = *rc::gen::inRange(0, 4);
  return setting;
}

std::mt19937 any_random() { return std::mt19937(*rc::gen::arbitrary<std::uint32_t>()); }

/// One thing that happens to be possible right now; null when there is none.
const GroundAction* any_possible(const std::vector<GroundAction>& deeds, const State& state,
                                 std::mt19937& random) {
  std::vector<const GroundAction*> possible;
  for (const GroundAction& each : deeds)
    if (std::ranges::all_of(each.guard, [&](const auto& c) { return evaluate(c.formula, state); }))
      possible.push_back(&each);
  return possible.empty() ? nullptr : possible[any_below(random, possible.size())];
}

RC_GTEST_PROP(AnyFleet, HasAPlanThatHoldsInAnyOrderOfItsSteps, ()) {
  const Setting setting = any_setting();
  RC_LOG() << setting << "\n";
  const PlannedModel plan = planned(setting);
  std::mt19937 random = any_random();
  std::string broken;
  State last;
  const std::string stuck =
      walk_plan(plan, random, [&](const State& state, const std::string& after) {
        const std::string now = broken_invariants(plan.invariants, state);
        if (broken.empty() && !now.empty()) broken = "after " + after + ": " + now;
        last = state;
      });
  RC_ASSERT(stuck == "");
  RC_ASSERT(broken == "");
  for (const model::Goal& goal : model::goals_of(setting.procedure))
    RC_ASSERT(evaluate(plan.model->ground(goal.formula), last));
}

RC_GTEST_PROP(AnyFleet, HasEveryContainersNewestWorkAgainAfterItWasLostAndRestored, ()) {
  Setting setting = any_setting();
  setting.procedure = model::Procedure::kDehydrate;
  RC_LOG() << setting << "\n";
  std::mt19937 random = any_random();
  const auto end_of_walk = [&](const PlannedModel& plan) {
    State last;
    RC_ASSERT(walk_plan(plan, random,
                        [&](const State& state, const std::string&) { last = state; }) == "");
    return last;
  };
  // Given a dehydration, in any order
  const PlannedModel put_down = planned(setting);
  const State saved = end_of_walk(put_down);
  for (const model::Entity container : put_down.model->sort("container")) {
    const auto captured = put_down.model->variable("captured", {put_down.model->name(container)});
    RC_ASSERT(put_down.model->value_text(*captured, saved[*captured]) == "newest");
  }
  // When everything is lost and restored, in any order
  setting.procedure = model::Procedure::kRestore;
  const PlannedModel restore = planned(setting);
  const State restored = end_of_walk(restore);
  // Then each container's work is served: from the new Platform, or where it runs again
  for (const model::Entity container : restore.model->sort("container")) {
    const auto newest = restore.model->variable("newest", {restore.model->name(container)});
    const std::string where = restore.model->value_text(*newest, restored[*newest]);
    RC_ASSERT(where == "new-platform" || where == "instance-disk");
  }
}

RC_GTEST_PROP(AnyHistory, KeepsEveryVariableWithinItsValues, ()) {
  const Setting setting = any_setting();
  RC_LOG() << setting << "\n";
  const auto model = model_of(setting);
  const std::vector<GroundAction> deeds = everything_possible(*model);
  std::mt19937 random = any_random();
  State state = model->initial();
  for (int deed = 0; deed < 40; ++deed) {
    const GroundAction* chosen = any_possible(deeds, state, random);
    if (chosen == nullptr) break;
    const auto outcome = chosen->outcomes[any_below(random, chosen->outcomes.size())];
    // Then the two ways to apply effects agree, and only what is reported changed
    const State before = state;
    const auto changed = apply(chosen->request, state);
    RC_ASSERT(state == applied(chosen->request, before));
    for (model::Variable variable = 0; variable < state.size(); ++variable)
      RC_ASSERT((before[variable] != state[variable]) ==
                (std::ranges::find(changed, variable) != changed.end()));
    apply(outcome, state);
    for (model::Variable variable = 0; variable < state.size(); ++variable)
      RC_ASSERT((model->full_mask(variable) >> state[variable] & 1U) == 1U);
  }
}

RC_GTEST_PROP(AnyFormula, IsTrueWhereItsNegationIsFalse, ()) {
  const Setting setting = any_setting();
  RC_LOG() << setting << "\n";
  const auto model = model_of(setting);
  // Given a state that nobody planned
  std::mt19937 random = any_random();
  State state(model->variable_count());
  for (model::Variable variable = 0; variable < state.size(); ++variable) {
    std::size_t values = 0;
    while ((model->full_mask(variable) >> values & 1U) != 0) ++values;
    state[variable] = static_cast<model::Value>(any_below(random, values));
  }
  // Then every closed formula of the data and its negation disagree, and why_not says why
  const auto judge = [&](const model::Formula& formula) {
    const GroundFormula ground = model->ground(formula);
    const bool holds = evaluate(ground, state);
    RC_ASSERT(evaluate(model->ground(model::negation(formula)), state) == !holds);
    RC_ASSERT(why_not(*model, ground, state).empty() == (holds || ground.is_false()));
  };
  for (const model::Rule& rule : model::all_rules()) judge(rule.state);
  for (const model::Goal& goal : model::goals_of(setting.procedure)) judge(goal.formula);
}

}  // namespace
}  // namespace wme::tests
