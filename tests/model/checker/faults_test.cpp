#include "model/checker/faults.hpp"

#include <gmock/gmock.h>

#include "tests/model/checker/support.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT
using testing::AllOf;
using testing::HasSubstr;

TEST(FaultBudget, ReadsANumberOrKinds) {
  EXPECT_TRUE(FaultBudget::parse("0").value().is_empty());
  EXPECT_EQ(FaultBudget::parse("2").value().words(), "at most 2 faults");
  EXPECT_EQ(FaultBudget::parse("1").value().lines().front().kinds, fault_kinds());
  const FaultBudget two = FaultBudget::parse("user-wakes=1,lost-answer=3").value();
  EXPECT_EQ(two.words(), "at most 1 user-wakes and 3 lost-answer");
  EXPECT_TRUE(FaultBudget::parse("user-wakes=0").value().is_empty());
}

struct Nonsense {
  const char* text;
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const Nonsense& each) { return out << each.text; }

class NoBudget : public testing::TestWithParam<Nonsense> {};
TEST_P(NoBudget, IsRefusedWithWhatItShouldBe) {
  const Result<FaultBudget> made = FaultBudget::parse(GetParam().text);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(made.error().message, AllOf(HasSubstr(GetParam().text), HasSubstr(GetParam().says)));
}
INSTANTIATE_TEST_SUITE_P(
    FaultBudget, NoBudget,
    testing::Values(Nonsense{"-1", "no number from 0 to 255"}, Nonsense{"256", "no number"},
                    Nonsense{"many", "user-wakes=1"}, Nonsense{"user=1", "the kinds are"},
                    Nonsense{"user-wakes=", "no number from 0 to 255 for user-wakes"},
                    Nonsense{"user-wakes=1,", "names \"\""},
                    Nonsense{"user-wakes=1,user-wakes=2", "twice"}));

Exploration explored(const Planned& made, const std::string& budget) {
  Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  EXPECT_TRUE(plan) << plan.error().message;
  plan.value().add_environment();
  ExploreOptions options;
  options.faults = FaultBudget::parse(budget).value();
  options.reductions = Reductions::none();
  return explore(plan.value(), options);
}

TEST(Policy, LooksBeforeItAsksAgain) {
  // A lost answer leaves the work under way: the step is found so, never asked for twice
  const Exploration seen = explored(planned(Procedure::kDehydrate, tiny_shape()), "lost-answer=1");
  EXPECT_TRUE(seen.complete);
  EXPECT_TRUE(seen.violations.empty()) << seen.violations.begin()->first;
  EXPECT_GT(seen.taken.at("stop-machine: answer lost"), 0U);
  EXPECT_GT(seen.taken.at("stop-machine: found done"), 0U);
  EXPECT_EQ(seen.safe_stops, 0U);  // and the plan goes on to its end
}

TEST(Policy, SurvivesTheDeathOfTheExecutorAtAnyInstant) {
  const Exploration seen =
      explored(planned(Procedure::kDehydrate, tiny_shape()), "executor-killed=2");
  EXPECT_TRUE(seen.complete);
  EXPECT_TRUE(seen.violations.empty()) << seen.violations.begin()->first;
  EXPECT_EQ(seen.safe_stops, 0U);
}

TEST(Policy, GoesOnWhereSomebodyElseHasDoneTheWork) {
  const Exploration seen =
      explored(planned(Procedure::kDehydrate, tiny_shape()), "hibernation-cron=1");
  EXPECT_GT(seen.taken.at("cron-hibernates"), 0U);
  EXPECT_GT(seen.taken.at("hibernate-container: found done"), 0U);
  EXPECT_EQ(seen.safe_stops, 0U);
}

TEST(Policy, TakesARequestForSentThoughItsGuardHasClosedSince) {
  const Planned made = planned(Procedure::kDehydrate, tiny_shape());
  EXPECT_EQ(explored(made, "stale-read=1").taken.count("restrict-login: stale read"), 1U);
  for (const auto& [key, reached] : explored(made, "stale-read=1,user-wakes=1").violations)
    ADD_FAILURE() << key;
}

TEST(Faults, OfKindsWithoutABudgetDoNotHappen) {
  const Exploration seen = explored(planned(Procedure::kDehydrate, tiny_shape()), "user-wakes=1");
  for (const auto& [what, count] : seen.taken) {
    EXPECT_THAT(what, testing::Not(HasSubstr("machine-lost")));
    EXPECT_THAT(what, testing::Not(HasSubstr("failed")));
    EXPECT_THAT(what, testing::Not(HasSubstr("lost")));
  }
}

/// The work goes with the machine: nothing ends well on a machine that is not there.
TEST(Faults, NothingEndsWellOnALostMachine) {
  const Planned made = planned(Procedure::kRestore, tiny_shape());
  const Exploration seen = explored(made, "machine-lost=1");
  for (const auto& [key, reached] : seen.violations)
    EXPECT_THAT(key, HasSubstr(" by machine-lost"));
}

}  // namespace
}  // namespace wme::tests
