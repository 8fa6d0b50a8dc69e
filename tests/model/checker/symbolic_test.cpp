#include <gmock/gmock.h>

#include <random>

#include "model/checker/symbolic/symbolic_explorer.hpp"
#include "tests/model/checker/spoil.hpp"
#include "tests/model/checker/support.hpp"

/// Sets of states against states one by one: the two share no more than the compiled events.
namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT

struct Tally {
  int plans = 0;
  int with_violations = 0;
};

void expect_runs_break_what_they_say(const GroundPlan& plan, const Exploration& seen) {
  for (const auto& [key, reached] : seen.violations) {
    if (reached.broken.front().kind == PropertyKind::kStart) continue;
    const std::optional<ReplayEnd> end = replayed(plan, reached.trace);
    ASSERT_TRUE(end) << key;
    EXPECT_NE(std::ranges::find(end->broken, reached.broken.front()), end->broken.end()) << key;
  }
}

void compare(const GroundModel& model, const Plan& plan, const FaultBudget& faults, Tally& tally) {
  Result<GroundPlan> ground = GroundPlan::of(model, plan);
  ASSERT_TRUE(ground) << ground.error().message;
  if (!faults.is_empty()) ground.value().add_environment();
  ExploreOptions options;
  options.faults = faults;
  options.reductions = Reductions::none();
  options.states_max = 30'000;
  const Exploration each = explore(ground.value(), options);
  if (!each.complete) return;
  SymbolicOptions symbolic;
  symbolic.faults = faults;
  const Exploration sets = explore_symbolically(ground.value(), symbolic);
  ASSERT_TRUE(sets.complete) << sets.stopped_by;
  EXPECT_EQ(sets.states, each.states);
  EXPECT_EQ(sets.transitions, each.transitions);
  EXPECT_EQ(sets.taken, each.taken);
  EXPECT_EQ(sets.depth, each.depth);
  EXPECT_EQ(sets.ends, each.ends);
  EXPECT_EQ(sets.safe_stops, each.safe_stops);
  EXPECT_EQ(sets.never_requested, each.never_requested);
  ASSERT_EQ(sets.violations.size(), each.violations.size());
  for (const auto& [key, reached] : each.violations) {
    ASSERT_TRUE(sets.violations.contains(key)) << key;
    EXPECT_EQ(sets.violations.at(key).trace.size(), reached.trace.size()) << key;
  }
  expect_runs_break_what_they_say(ground.value(), sets);
  ++tally.plans;
  if (!each.violations.empty()) ++tally.with_violations;
}

TEST(Symbolic, FindsTheSameAsStateByState) {
  constexpr int kMutants = cases_to_try(12);
  Tally tally;
  std::mt19937 random(7);
  for (const Procedure procedure : kEveryProcedure) {
    const Planned made = planned(procedure, tiny_shape());
    for (int mutant = 0; mutant < kMutants; ++mutant) {
      SCOPED_TRACE(std::string(to_string(procedure)) + ", mutant " + std::to_string(mutant));
      const Plan plan = mutant == 0 ? made.plan : spoilt(random, made.plan);
      compare(*made.model, plan, {}, tally);
      compare(*made.model, plan, 1, tally);
      compare(*made.model, plan, FaultBudget::parse("lost-answer=2,stale-read=1").value(), tally);
    }
  }
  EXPECT_GT(tally.plans, 4 * kMutants);
  EXPECT_GT(tally.with_violations, 2 * kMutants);
}

TEST(Symbolic, CountsWhatNobodyCouldVisit) {
  // Given the upgrade of two instances with six containers
  const Planned made = planned(Procedure::kUpgrade);
  const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  ASSERT_TRUE(plan) << plan.error().message;
  // When all its states are asked for
  const Exploration all = explore_symbolically(plan.value(), {});
  // Then they are there, hundreds of millions, in fewer nodes than a hundred thousand
  EXPECT_TRUE(all.complete);
  EXPECT_GT(all.states, 100'000'000U);
  EXPECT_LT(all.diagram_nodes, 100'000U);
  EXPECT_EQ(all.depth, 2 * made.plan.steps.size());
  EXPECT_EQ(all.ends, 1U);
  EXPECT_TRUE(all.violations.empty()) << all.violations.begin()->first;
}

TEST(Symbolic, SaysSoWhenItMeetsItsBound) {
  const Planned made = planned(Procedure::kRestore);
  Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  ASSERT_TRUE(plan) << plan.error().message;
  plan.value().add_environment();
  SymbolicOptions options;
  options.faults = 2;
  options.nodes_max = 70'000;
  const Exploration some = explore_symbolically(plan.value(), options);
  EXPECT_FALSE(some.complete);
  EXPECT_THAT(some.stopped_by, testing::HasSubstr("nodes"));
}

}  // namespace
}  // namespace wme::tests
