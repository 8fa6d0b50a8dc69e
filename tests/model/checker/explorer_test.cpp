#include "model/checker/explorer.hpp"

#include <gmock/gmock.h>

#include <random>

#include "model/checker/independence.hpp"
#include "tests/model/checker/spoil.hpp"
#include "tests/model/checker/support.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT
using testing::IsEmpty;

Exploration explored(const Planned& made, const ExploreOptions& options) {
  Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  EXPECT_TRUE(plan) << plan.error().message;
  if (!options.faults.is_empty()) plan.value().add_environment();
  return explore(plan.value(), options);
}

TEST(Explorer, ReachesTheEndOfEveryXsPlan) {
  for (const Procedure procedure : kEveryProcedure)
    for (const Provider provider : kEveryProvider) {
      FleetShape shape;
      shape.provider = provider;
      const Planned made = planned(procedure, shape);
      const Exploration all = explored(made, {});
      EXPECT_TRUE(all.complete);
      EXPECT_TRUE(all.violations.empty()) << all.violations.begin()->first;
      EXPECT_EQ(all.ends, 1U);
      EXPECT_EQ(all.depth, 2 * made.plan.steps.size());
      EXPECT_THAT(all.never_requested, IsEmpty());
    }
}

TEST(Explorer, CountsEveryInterleaving) {
  // Given a chain of three steps, and one beside it: 7 x 3 states, 6 x 3 + 2 x 7 transitions
  Planned made = planned(Procedure::kDehydrate, tiny_shape());
  const auto keep = [&](const char* action, const std::vector<std::string>& arguments,
                        std::vector<Edge> after) {
    Step step = made.plan.steps[position_of(made.plan, action, arguments)];
    step.after = std::move(after);
    return step;
  };
  const Step health = keep("check-health", {"studio-1"}, {});
  const Step baseline = keep("take-baseline", {}, {{health.id, "health(studio-1) = green"}});
  const Step gate = keep("restrict-login", {}, {{baseline.id, "baseline = yes"}});
  made.plan.steps = {health, baseline, gate, keep("note-network", {}, {})};
  // When every state is visited
  ExploreOptions options;
  options.reductions = Reductions::none();
  const Exploration all = explored(made, options);
  // Then none is missing
  EXPECT_TRUE(all.complete);
  EXPECT_EQ(all.states, 21U);
  EXPECT_EQ(all.transitions, 32U);
  EXPECT_EQ(all.depth, 8U);
  EXPECT_EQ(all.taken.at("restrict-login"), 3U);
  EXPECT_EQ(all.taken.at("note-network: done"), 7U);
  // And with the reduction, one order is left
  options.reductions = Reductions();
  EXPECT_EQ(explored(made, options).states, 9U);
}

TEST(Explorer, SaysSoWhenItMeetsItsBound) {
  const Planned made = planned(Procedure::kRestore);
  ExploreOptions options;
  options.reductions = Reductions::none();
  options.states_max = 100;
  const Exploration some = explored(made, options);
  EXPECT_FALSE(some.complete);
  EXPECT_GT(some.states, 100U);
  EXPECT_LT(some.states, 1000U);  // the rest of the level in which it was met
  EXPECT_THAT(some.stopped_by, testing::HasSubstr("bound of 100 states"));
}

TEST(Explorer, FindsTheShortestRun) {
  // Given a plan whose login gate waits for nothing
  Planned made = planned(Procedure::kDehydrate, tiny_shape());
  made.plan.steps[position_of(made.plan, "restrict-login", {})].after.clear();
  for (const bool reduce : {false, true}) {
    ExploreOptions options;
    if (!reduce) options.reductions = Reductions::none();
    const Exploration all = explored(made, options);
    ASSERT_TRUE(all.violations.contains("guard of restrict-login"));
    EXPECT_EQ(all.violations.at("guard of restrict-login").trace.size(), 1U) << reduce;
  }
}

TEST(Explorer, TakesFaultsWithinTheBudgetOnly) {
  const Planned made = planned(Procedure::kDehydrate, tiny_shape());
  ExploreOptions options;
  options.faults = 1;
  const Exploration all = explored(made, options);
  EXPECT_TRUE(all.complete);
  EXPECT_GT(all.safe_stops, 0U);
  EXPECT_TRUE(all.taken.contains("passivate-container: failed"));
  EXPECT_TRUE(all.taken.contains("machine-lost"));
  for (const auto& [property, reached] : all.violations)
    EXPECT_EQ(std::ranges::count_if(reached.trace, is_fault), 1) << property;
}

TEST(Explorer, FindsThatLosingTheInstanceBeforeItIsParkedLosesWork) {
  const Planned made = planned(Procedure::kDehydrate, tiny_shape());
  ExploreOptions options;
  options.faults = 1;
  EXPECT_TRUE(explored(made, options).violations.contains("WORK-1 of c1 by machine-lost studio-1"));
}

/// The same is found whether each state's successors are all looked up or left to others.
void expect_same(const Planned& made, ExploreOptions options) {
  options.reductions = Reductions::none();
  const Exploration one = explored(made, options);
  options.leave_to_others = false;
  const Exploration other = explored(made, options);
  ASSERT_EQ(one.complete, other.complete);
  if (!one.complete) return;
  EXPECT_EQ(one.states, other.states);
  EXPECT_EQ(one.taken, other.taken);
  EXPECT_EQ(one.depth, other.depth);
  EXPECT_EQ(one.ends, other.ends);
  EXPECT_EQ(one.safe_stops, other.safe_stops);
  EXPECT_EQ(one.never_requested, other.never_requested);
  ASSERT_EQ(one.violations.size(), other.violations.size());
  for (const auto& [key, reached] : one.violations) {
    ASSERT_TRUE(other.violations.contains(key)) << key;
    EXPECT_EQ(reached.trace.size(), other.violations.at(key).trace.size()) << key;
  }
}

TEST(Explorer, LooksUpOnlyWhatNoOtherStateLeadsTo) {
  std::mt19937 random(11);
  for (const Procedure procedure : kEveryProcedure) {
    const Planned made = planned(procedure, tiny_shape());
    for (int mutant = 0; mutant < cases_to_try(25); ++mutant) {
      SCOPED_TRACE(std::string(to_string(procedure)) + ", mutant " + std::to_string(mutant));
      Planned spoilt_one{std::make_unique<GroundModel>(made.model->installation()),
                         mutant == 0 ? made.plan : spoilt(random, made.plan)};
      ExploreOptions options;
      options.states_max = 20'000;
      expect_same(spoilt_one, options);
      options.faults = 1;
      expect_same(spoilt_one, options);
    }
  }
}

TEST(Explorer, IsTheSameEveryTime) {
  const Planned made = planned(Procedure::kDehydrate, tiny_shape());
  ExploreOptions options;
  options.faults = 1;
  const Exploration one = explored(made, options);
  const Exploration two = explored(made, options);
  EXPECT_EQ(one.states, two.states);
  EXPECT_EQ(one.taken, two.taken);
  ASSERT_EQ(one.violations.size(), two.violations.size());
  for (const auto& [property, reached] : one.violations)
    EXPECT_EQ(reached.trace, two.violations.at(property).trace) << property;
}

TEST(Independence, LeavesFewEventsToInterleave) {
  const Planned made = planned(Procedure::kRestore);
  const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  ASSERT_TRUE(plan) << plan.error().message;
  const std::vector<bool> independent = independent_events(plan.value());
  EXPECT_GT(std::ranges::count(independent, true), std::ranges::count(independent, false));
}

TEST(Independence, IsDeniedToWhoReadsWhatAnotherWrites) {
  // Given: the health of an instance is read while somebody may already be stopping it
  FleetShape empty = tiny_shape();
  empty.containers_per_instance = 0;
  Planned made = planned(Procedure::kDehydrate, empty);
  Step health = made.plan.steps[position_of(made.plan, "check-health", {"studio-1"})];
  Step stop = made.plan.steps[position_of(made.plan, "stop-instance", {"studio-1"})];
  health.after.clear();
  stop.after.clear();
  made.plan.steps = {health, stop};
  // Then both orders are tried, in spite of the reduction
  for (const bool reduce : {false, true}) {
    ExploreOptions options;
    if (!reduce) options.reductions = Reductions::none();
    EXPECT_TRUE(explored(made, options).violations.contains("guard of check-health")) << reduce;
  }
}

TEST(Independence, IsDeniedToWhoSharesAStateProperty) {
  // Given: the old Platform is stopped and the new one started, in any order (INV-22). Neither step
  // reads what the other writes.
  FleetShape empty = tiny_shape();
  empty.containers_per_instance = 0;
  Installation ready = installation_of(fleet(empty), Procedure::kRotate);
  ready.initial["gate"][""] = "restricted";
  ready.initial["counted"][""] = "yes";
  ready.initial["checked"]["studio"] = "yes";
  ready.initial["address"][""] = "new-platform";
  ready.initial["power"]["platform-new"] = "running";
  ready.initial["docker"]["platform-new"] = "running";
  ready.initial["setup"]["platform-new"] = "stopped";
  for (const char* store : {"wm-data-new", "wm-runtime-new"}) {
    ready.initial["mounted"][store] = "yes";
    ready.initial["content"][store] = "live";
  }
  Planned made = planned(Procedure::kRotate, empty);
  made.model = std::make_unique<GroundModel>(std::move(ready));
  Step stop;
  stop.id = "stop";
  stop.action = "stop-services";
  stop.arguments = {"platform"};
  Step start = stop;
  start.id = "start";
  start.action = "start-services";
  start.arguments = {"platform-new"};
  made.plan.steps = {stop, start};
  // Then the order in which both serve is found, in spite of the reduction
  for (const bool reduce : {false, true}) {
    ExploreOptions options;
    if (!reduce) options.reductions = Reductions::none();
    const Exploration all = explored(made, options);
    EXPECT_TRUE(all.violations.contains("INV-22")) << reduce;
    for (const auto& [property, reached] : all.violations)
      EXPECT_NE(reached.broken.front().kind, PropertyKind::kGuard) << property;
  }
}

TEST(Independence, IsDeniedToWhoWritesWhatAnotherReads) {
  // Given: nobody waits for the login gate
  Planned made = planned(Procedure::kDehydrate);
  const std::size_t gate = position_of(made.plan, "restrict-login", {});
  for (Step& step : made.plan.steps)
    std::erase_if(step.after,
                  [&](const Edge& edge) { return edge.step == made.plan.steps[gate].id; });
  const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_FALSE(independent_events(plan.value())[end_event_of(gate)]);
}

}  // namespace
}  // namespace wme::tests
