#include "model/checker/promela.hpp"

#include <gmock/gmock.h>

#include "tests/model/checker/support.hpp"
#include "tests/support/golden.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Promela exported(const Planned& made, const Plan& plan, const std::string& budget) {
  Result<GroundPlan> ground = GroundPlan::of(*made.model, plan);
  EXPECT_TRUE(ground) << ground.error().message;
  const FaultBudget faults = FaultBudget::parse(budget).value();
  if (!faults.is_empty()) ground.value().add_environment();
  return to_promela(ground.value(), faults);
}

/// One container and three steps about it.
struct Smallest {
  Smallest() {
    FleetShape shape = tiny_shape();
    shape.containers_per_instance = 1;
    made = planned(Procedure::kDehydrate, shape);
    plan = made.plan;
    std::erase_if(plan.steps, [](const Step& each) {
      return each.action != "hibernate-container" && each.action != "passivate-container" &&
             each.action != "restrict-login";
    });
    for (Step& step : plan.steps)
      std::erase_if(step.after, [&](const Edge& edge) {
        return std::ranges::find(plan.steps, edge.step, &Step::id) == plan.steps.end();
      });
  }
  Planned made;
  Plan plan;
};

TEST(Promela, SaysThePlanThePolicyAndTheEnvironment) {
  const Smallest small;
  ASSERT_EQ(small.plan.steps.size(), 3U);
  EXPECT_EQ(golden("tests/golden/promela-three-steps.pml",
                   exported(small.made, small.plan, "user-wakes=1,stale-read=1").text),
            "");
}

TEST(Promela, NumbersWhatCanBeBroken) {
  const Smallest small;
  const Promela made = exported(small.made, small.plan, "0");
  EXPECT_THAT(made.properties, Contains("WORK-1"));
  EXPECT_THAT(made.properties, Contains("goal: every container is parked"));
  EXPECT_THAT(made.text,
              HasSubstr("hidden byte told[" + std::to_string(made.properties.size()) + "];"));
  EXPECT_EQ(made.depth_max, 2 * 3 + kPromelaStatesBeside);
  EXPECT_EQ(exported(small.made, small.plan, "user-wakes=2,stale-read=1").depth_max,
            2 * 3 + kPromelaStatesBeside + 3);
}

TEST(Promela, HasNoFaultsWhereThereIsNoBudget) {
  const Smallest small;
  const std::string text = exported(small.made, small.plan, "0").text;
  for (const char* word : {"used_0", "is_stopped", "committed", "FAILED;"})
    EXPECT_THAT(text, Not(HasSubstr(word)));
}

/// SPIN makes a C program of the text and somebody runs it: a plan or an inventory must not bring
/// words of its own.
TEST(Promela, TakesNothingFromNamesButLettersAndDigits) {
  Smallest small;
  const std::string evil = "s1 */ c_code { system(\"x\"); } /*\n#include \"/etc/passwd\"\n\\";
  for (Step& step : small.plan.steps) {
    for (Edge& edge : step.after) edge.step += evil;
    step.id += evil;
  }
  const std::string text = exported(small.made, small.plan, "1").text;
  for (const char* word : {"*/ c", "\"", "\\", "#include", "{ system", "c_code {"})
    EXPECT_THAT(text, Not(HasSubstr(word)));
}

TEST(Promela, KeepsApartWhatDiffersInOtherLettersOnly) {
  Smallest small;
  for (Step& step : small.plan.steps) step.after.clear();
  small.plan.steps[0].id = "a-b";
  small.plan.steps[1].id = "a+b";
  small.plan.steps[2].id = "A_B";
  const std::string text = exported(small.made, small.plan, "0").text;
  for (const char* name : {"step_a_b : 2;", "step_a_b__2 : 2;", "step_a_b__3 : 2;"})
    EXPECT_THAT(text, HasSubstr(name));
}

}  // namespace
}  // namespace wme::tests
