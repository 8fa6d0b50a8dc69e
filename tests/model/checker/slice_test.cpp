#include "model/checker/slice.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

#include "tests/model/checker/spoil.hpp"
#include "tests/model/checker/support.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT

std::set<std::string> refuted_state_properties(const Verification& verification) {
  std::set<std::string> ids;
  for (const PropertyVerdict& each : verification.properties)
    if (each.verdict == Verdict::kRefuted &&
        (each.id.starts_with("INV-") || each.id.starts_with("WORK-")))
      ids.insert(each.id);
  return ids;
}

Verification verified(const Planned& made, bool reduce, const std::string& budget) {
  VerifyOptions options;
  if (!reduce) options.reductions = Reductions::none();
  options.faults = FaultBudget::parse(budget).value();
  Result<Verification> verification = verify(*made.model, made.plan, options);
  EXPECT_TRUE(verification) << verification.error().message;
  return std::move(verification).value();
}

/// The whole plan's states and the slices' share no state: they must say the same.
TEST(Slices, FindWhatTheWholePlanBreaksAndNothingElse) {
  std::mt19937 random(20261123);
  int compared = 0;
  for (const Procedure procedure : {Procedure::kDehydrate, Procedure::kRestore})
    for (int round = 0; round < 25; ++round) {
      Planned made = planned(procedure, tiny_shape());
      if (round > 0) made.plan = spoilt(random, made.plan);
      const Verification whole = verified(made, false, "1");
      if (!whole.exploration->complete) continue;
      ++compared;
      const Verification sliced = verified(made, true, "1");
      EXPECT_EQ(refuted_state_properties(sliced), refuted_state_properties(whole))
          << to_string(procedure) << ", round " << round;
      EXPECT_TRUE(sliced.exploration->complete) << sliced.exploration->stopped_by;
      EXPECT_EQ(sliced.disagreements, std::vector<std::string>());
    }
  EXPECT_GT(compared, 30);
}

TEST(Slices, ShowThatEveryPlanHoldsUnderAnyOneFault) {
  for (const Procedure procedure : kEveryProcedure)
    for (const Provider provider : kEveryProvider) {
      FleetShape shape;
      shape.provider = provider;
      const Planned made = planned(procedure, shape);
      const Verification sliced = verified(made, true, "1");
      EXPECT_EQ(sliced.verdict, Verdict::kExplored)
          << to_string(procedure) << " on " << to_string(provider) << ": "
          << (sliced.counterexamples.empty() ? "" : to_text(sliced.counterexamples.front()));
      EXPECT_TRUE(sliced.exploration->complete) << sliced.exploration->stopped_by;
      EXPECT_LT(sliced.exploration->slice_steps_max, made.plan.steps.size());
    }
}

/// A fault that a slice does not have may be why a step is found done in it.
TEST(Slices, LetAStepBeFoundDoneWithNoFaultInSight) {
  // Given two steps that park the same container, one after the other
  Planned made = planned(Procedure::kDehydrate, tiny_shape());
  Step again = made.plan.steps[position_of(made.plan, "passivate-container", {"c1"})];
  again.after = {{again.id, "again"}};
  again.id = "again";
  made.plan.steps.push_back(again);
  Result<GroundPlan> whole = GroundPlan::of(*made.model, made.plan);
  ASSERT_TRUE(whole) << whole.error().message;
  whole.value().add_environment();
  // And what of the plan writes the container's state, with faults that write something else
  GroundPlan::Part part;
  part.variables.resize(made.model->variable_count());
  part.steps.resize(made.plan.steps.size());
  for (Variable each = 0; each < part.variables.size(); ++each)
    part.variables[each] = made.model->text(each) == "run(c1)";
  std::vector<std::size_t> steps;
  std::vector<std::size_t> environment;
  const GroundPlan slice = whole.value().slice(part, steps, environment);
  ExploreOptions options;
  options.faults = FaultBudget::parse("old-platform-boots=1").value();
  // When it is explored
  const Exploration seen = explore(slice, options);
  // Then the second one is found done though nothing has gone wrong
  EXPECT_TRUE(seen.complete);
  EXPECT_FALSE(seen.taken.contains("old-platform-boots"));
  EXPECT_TRUE(seen.taken.contains("passivate-container: found done"));
}

/// The executor sees that all is off, somebody boots the Platform, and the snapshot that was
/// decided on is taken all the same.
TEST(Slices, FindWhatItTakesTwoFaultsToBreak) {
  const Planned made = planned(Procedure::kDehydrate, tiny_shape());
  EXPECT_EQ(verified(made, true, "stale-read=1").verdict, Verdict::kExplored);
  EXPECT_EQ(verified(made, true, "old-platform-boots=1").verdict, Verdict::kExplored);
  const Verification both = verified(made, true, "stale-read=1,old-platform-boots=1");
  EXPECT_EQ(both.verdict, Verdict::kRefuted);
  EXPECT_THAT(to_text(both.counterexamples.front()),
              testing::AllOf(testing::HasSubstr("its guard was open when it was looked at"),
                             testing::HasSubstr("boots the old Platform")));
}

}  // namespace
}  // namespace wme::tests
