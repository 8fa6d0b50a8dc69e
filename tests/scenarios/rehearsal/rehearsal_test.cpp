#include "scenarios/rehearsal/rehearsal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/inventory/fleet.hpp"
#include "tests/scenarios/rehearsal/rehearsal_fixture.hpp"

namespace wme::scenarios {
namespace {

using simulators::Fault;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(Rehearsal, OfAWholeDisasterRecoveryPassesOverSockets) {
  const RehearsalReport report = hold(disaster(), Wire::kSockets);
  EXPECT_TRUE(report.passed) << ::testing::PrintToString(report.reasons);
  EXPECT_THAT(report.violations, IsEmpty());
  EXPECT_EQ(report.phases.size(), 2U);
  ASSERT_TRUE(report.rto.value);
  EXPECT_GT(*report.rto.value, std::chrono::minutes(40));
  ASSERT_TRUE(report.rpo.value);
  EXPECT_GE(*report.rpo.value, std::chrono::hours(4));
  for (const ContainerComparison& each : report.inventory)
    EXPECT_TRUE(each.as_expected) << each.container;
}

TEST_F(Rehearsal, WritesTheSameJournalsAgainAndOnEitherWire) {
  hold(disaster(), Wire::kInProcess);
  const std::string first = journals();
  EXPECT_GT(first.size(), 10'000U);
  hold(disaster(), Wire::kInProcess);
  EXPECT_EQ(journals(), first);
  hold(disaster(), Wire::kSockets);
  EXPECT_EQ(journals(), first);
}

TEST_F(Rehearsal, OfARotationAndOfAnUpgradePass) {
  EXPECT_TRUE(hold(scenario_of(model::Procedure::kRotate, "")).passed);
  const RehearsalReport upgrade =
      hold(scenario_of(model::Procedure::kUpgrade, ""), Wire::kInProcess,
           as_upgrade(generate_fleet(Fleet::kXs, model::Provider::kAws)));
  EXPECT_TRUE(upgrade.passed) << ::testing::PrintToString(upgrade.reasons);
}

TEST_F(Rehearsal, SurvivesALostAnswerWithoutASecondSnapshot) {
  Scenario scenario = disaster();
  scenario.faults = {{"CreateSnapshot", 1, Fault::kAnswerLost},
                     {"RunInstances", 1, Fault::kAnswerLost},
                     {"DescribeSnapshots", 1, Fault::kThrottled}};
  const RehearsalReport report = hold(scenario);
  EXPECT_TRUE(report.passed) << ::testing::PrintToString(report.reasons);
  int snapshots = 0;
  for (const ApiCall& each : report.api_calls)
    if (each.operation == "CreateSnapshot") ++snapshots;
  EXPECT_EQ(snapshots, 2);
}

TEST_F(Rehearsal, MeetsFaultsOnHostsByTheNameOfTheStep) {
  Scenario scenario = disaster();
  scenario.faults = {{"ssh mount-store", 1, Fault::kAnswerLost},
                     {"ssh unmount-store", 2, Fault::kRequestLost}};
  const RehearsalReport report = hold(scenario);
  EXPECT_TRUE(report.passed) << ::testing::PrintToString(report.reasons);
  for (const InjectedFault& each : report.faults) EXPECT_TRUE(each.at) << each.operation;
}

TEST_F(Rehearsal, FailsWhenAFaultNeverCameIntoPlay) {
  Scenario scenario = disaster();
  scenario.faults = {{"CreateSnapshott", 1, Fault::kThrottled}};
  const RehearsalReport report = hold(scenario);
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.reasons, Contains(HasSubstr("never came into play")));
}

TEST_F(Rehearsal, HearsAtOnceThatTheInstallerFailed) {
  Scenario scenario = disaster();
  scenario.faults = {{"initialize", 1, Fault::kOutcomeFails}};
  const RehearsalReport report = hold(scenario);
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.reasons, Contains(AllOf(HasSubstr("initialize platform-new"),
                                             HasSubstr("Updating Docker configuration"))));
  ASSERT_EQ(report.phases.size(), 2U);
  for (const ReportStep& step : report.phases.back().steps) {
    if (!step.start || !step.end) continue;
    EXPECT_LT(*step.end - *step.start, std::chrono::minutes(30)) << step.action;
  }
}

TEST_F(Rehearsal, FailsAndSaysWhereWhenASnapshotEndsInError) {
  Scenario scenario = disaster();
  scenario.faults = {{"take-snapshot", 1, Fault::kOutcomeFails}};
  const RehearsalReport report = hold(scenario);
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.reasons, Contains(HasSubstr("take-snapshot")));
  EXPECT_EQ(report.phases.size(), 1U);  // nothing is restored from it
}

TEST_F(Rehearsal, MissesAnObjectiveLoudly) {
  Scenario scenario = disaster();
  scenario.rto_target = std::chrono::minutes(10);
  const RehearsalReport report = hold(scenario);
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.reasons, Contains(HasSubstr("RTO missed")));
}

TEST_F(Rehearsal, RefusesAnInventoryThatIsNotTheInstallation) {
  // A restore whose world still has everything: nothing may start.
  Scenario scenario = disaster();
  scenario.acts.erase(scenario.acts.begin() + 2);  // no loss
  const RehearsalReport report = hold(scenario);
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.reasons, Contains(HasSubstr("not as the plan expects")));
}

}  // namespace
}  // namespace wme::scenarios
