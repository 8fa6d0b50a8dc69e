#include "model/checker/verdict.hpp"

#include <gmock/gmock.h>

#include "model/wme/rules.hpp"
#include "tests/model/checker/support.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Verification verified(const Planned& made, const VerifyOptions& options = {}) {
  Result<Verification> verification = verify(*made.model, made.plan, options);
  EXPECT_TRUE(verification) << verification.error().message;
  if (!verification) return {};
  return std::move(verification).value();
}

TEST(Verify, ProvesEveryPlanOfEveryProcedureAndProvider) {
  for (const Procedure procedure : kEveryProcedure)
    for (const Provider provider : kEveryProvider) {
      FleetShape shape;
      shape.provider = provider;
      const Verification verification = verified(planned(procedure, shape));
      EXPECT_EQ(verification.verdict, Verdict::kProved)
          << to_string(procedure) << " " << to_string(provider);
      EXPECT_THAT(verification.disagreements, IsEmpty());
      EXPECT_THAT(verification.counterexamples, IsEmpty());
      ASSERT_TRUE(verification.exploration);
      EXPECT_TRUE(verification.exploration->complete);
    }
}

TEST(Verify, HasAVerdictOrAReasonForEveryRule) {
  const Verification verification = verified(planned(Procedure::kRotate));
  for (const Rule& rule : all_rules()) {
    const bool judged =
        std::ranges::count(verification.properties, rule.id, &PropertyVerdict::id) == 1;
    const auto left_out = std::ranges::find(verification.not_covered, rule.id, &NotCovered::rule);
    EXPECT_NE(judged, left_out != verification.not_covered.end()) << rule.id;
    if (left_out != verification.not_covered.end()) {
      EXPECT_THAT(left_out->why, Not(IsEmpty())) << rule.id;
    }
  }
}

TEST(Verify, SaysWhenNothingInThePlanIsBoundByARule) {
  const Verification verification = verified(planned(Procedure::kDehydrate));
  const PropertyVerdict& migration = verdict_on(verification, "INV-37");
  EXPECT_EQ(migration.checks, 0U);
  EXPECT_THAT(migration.how, HasSubstr("nothing in this plan is bound by it"));
  EXPECT_GT(verdict_on(verification, "INV-05").checks, 0U);
}

TEST(Verify, ClaimsNoMoreUnderFaultsThanWasExplored) {
  VerifyOptions options;
  options.faults = 1;
  const Verification verification = verified(planned(Procedure::kDehydrate, tiny_shape()), options);
  const PropertyVerdict& torn = verdict_on(verification, "INV-12");
  EXPECT_EQ(torn.verdict, Verdict::kExplored);
  EXPECT_THAT(torn.how, HasSubstr("at most 1 fault"));
  EXPECT_THAT(verification.assumed, testing::Contains("WORK-1 of c1 by machine-lost studio-1"));
}

TEST(Verify, IsUndecidedWhenTheBoundIsMet) {
  VerifyOptions options;
  options.faults = 1;
  options.states_max = 50;
  options.reductions = Reductions::none();
  options.symbolic_steps_max = 0;
  const Verification verification = verified(planned(Procedure::kDehydrate), options);
  EXPECT_EQ(verification.verdict, Verdict::kUndecided);
  EXPECT_EQ(verification.exploration->complete, false);
  EXPECT_THAT(verification.exploration->stopped_by, HasSubstr("bound of 50 states"));
}

TEST(Verify, TakesSetsOfStatesWhenTheyAreTooManyToBeVisited) {
  VerifyOptions options;
  options.faults = 1;
  options.reductions = Reductions::none();
  const Planned made = planned(Procedure::kDehydrate);
  const Verification each = verified(made, options);
  options.states_max = 50;
  const Verification sets = verified(made, options);
  EXPECT_EQ(sets.verdict, Verdict::kExplored);
  EXPECT_EQ(each.exploration->diagram_nodes, 0U);
  EXPECT_GT(sets.exploration->diagram_nodes, 0U);
  EXPECT_EQ(sets.exploration->states, each.exploration->states);
  EXPECT_EQ(sets.assumed, each.assumed);
}

Step& hibernates_c1(Plan& plan) {
  return plan.steps[position_of(plan, "hibernate-container", {"c1"})];
}

struct WrongTrace {
  const char* what;
  void (*spoil)(Plan&);
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const WrongTrace& each) { return out << each.what; }

class RefusedPlan : public testing::TestWithParam<WrongTrace> {};
TEST_P(RefusedPlan, IsAnErrorThatNamesTheStep) {
  Planned made = planned(Procedure::kDehydrate);
  GetParam().spoil(made.plan);
  const Result<Verification> verification = verify(*made.model, made.plan, {});
  ASSERT_FALSE(verification);
  EXPECT_EQ(verification.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(verification.error().message, HasSubstr(GetParam().says));
}
INSTANTIATE_TEST_SUITE_P(
    Verify, RefusedPlan,
    testing::Values(
        WrongTrace{"unknown action", [](Plan& plan) { hibernates_c1(plan).action = "hope"; },
                   "(hope c1): the model knows no such action"},
        WrongTrace{"unknown entity", [](Plan& plan) { hibernates_c1(plan).arguments = {"c99"}; },
                   "(hibernate-container c99): the inventory has no container \"c99\""},
        WrongTrace{"wrong sort", [](Plan& plan) { hibernates_c1(plan).arguments = {"studio-1"}; },
                   "\"studio-1\" is no container"},
        WrongTrace{"too many arguments",
                   [](Plan& plan) {
                     hibernates_c1(plan).arguments = {"c1", "c2"};
                   },
                   "it has 2 arguments, the action takes 1"},
        WrongTrace{"not here",
                   [](Plan& plan) {
                     Step& step = hibernates_c1(plan);
                     step.action = "initialize";
                     step.arguments = {"platform"};
                   },
                   "the action does not exist for this provider, version or generation"},
        WrongTrace{"nobody's action",
                   [](Plan& plan) { hibernates_c1(plan).action = "user-wakes-parked"; },
                   "it happens by itself"},
        WrongTrace{"circle",
                   [](Plan& plan) {
                     plan.steps[0].after.push_back({plan.steps.back().id, ""});
                   },
                   "wait for each other in a circle"},
        WrongTrace{"edge from nowhere",
                   [](Plan& plan) {
                     plan.steps[4].after.push_back({"s99", ""});
                   },
                   "waits for s99, which is not in the plan"},
        WrongTrace{"other procedure", [](Plan& plan) { plan.procedure = "restore"; },
                   "the plan's procedure is \"restore\""},
        WrongTrace{"other installation", [](Plan& plan) { plan.installation = "acme"; },
                   "the plan's installation is \"acme\""}));

TEST(Verify, JudgesTheGoalsOfAPlanThatHasNoSteps) {
  Planned bench = planned(Procedure::kDehydrate, tiny_shape());
  bench.plan.steps.clear();
  const Verification verification = verified(bench, {});
  EXPECT_EQ(verification.verdict, Verdict::kRefuted);
  EXPECT_THAT(verification.disagreements, testing::IsEmpty());
}

TEST(Verify, BelievesNothingThatThePlanSaysAboutItself) {
  Planned made = planned(Procedure::kDehydrate);
  for (Step& step : made.plan.steps) {
    step.sentence = "All is well";
    step.wait = "";
    step.door = "launchpad";
    for (Edge& edge : step.after) edge.because = "";
  }
  made.plan.achieves = {};
  EXPECT_EQ(verified(made).verdict, Verdict::kProved);
}

TEST(Verify, SaysTheSameEveryTime) {
  Planned made = planned(Procedure::kRotate);
  drop_step(made.plan, position_of(made.plan, "mount-store", {"wm-data-new"}));
  const Verification one = verified(made);
  const Verification two = verified(made);
  ASSERT_EQ(one.counterexamples.size(), two.counterexamples.size());
  ASSERT_THAT(one.counterexamples, Not(IsEmpty()));
  for (std::size_t i = 0; i < one.counterexamples.size(); ++i)
    EXPECT_EQ(to_text(one.counterexamples[i]), to_text(two.counterexamples[i]));
}

}  // namespace
}  // namespace wme::tests
