#include "scenarios/rehearsal/rehearsal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/journal/sqlite_journal.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "scenarios/rehearsal/library.hpp"
#include "tests/support/canary.hpp"

namespace wme::scenarios {
namespace {

namespace fs = std::filesystem;
using simulators::Fault;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Rehearsal : public ::testing::Test {
 protected:
  Rehearsal() {
    std::string name = (fs::temp_directory_path() / "rehearsal-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~Rehearsal() override { fs::remove_all(folder_); }

  static Scenario disaster() {
    Scenario scenario = scenario_of(model::Procedure::kDehydrate, "");
    scenario.name = "dr";
    Act wait;
    wait.kind = Act::Kind::kWait;
    wait.wait = std::chrono::hours(4);
    Act lose;
    lose.kind = Act::Kind::kLose;
    Act restore;
    restore.procedure = model::Procedure::kRestore;
    scenario.acts.insert(scenario.acts.end(), {wait, lose, restore});
    return scenario;
  }

  RehearsalReport hold(const Scenario& scenario, Wire wire = Wire::kInProcess,
                       model::Inventory inventory = generate_fleet(Fleet::kXs,
                                                                   model::Provider::kAws)) {
    RehearsalOptions options;
    options.wire = wire;
    options.directory = folder_ / std::to_string(++rehearsals_);
    fs::create_directory(options.directory);
    last_ = options.directory;
    Result<RehearsalReport> report = rehearse(scenario, inventory, options);
    EXPECT_TRUE(report) << report.error().message;
    EXPECT_THAT(leaks_below(testing_support::simulator_canaries(), folder_), IsEmpty());
    return report ? std::move(report).value() : RehearsalReport{};
  }

  /// Every journal of the last rehearsal but for its wall-clock fields.
  std::string journals() const {
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(last_))
      if (entry.path().extension() == ".journal") files.insert(entry.path());
    std::string text;
    for (const fs::path& file : files)
      text += canonical_text(*executor::SqliteJournal::open_read_only(file).value()).value();
    return text;
  }

 private:
  fs::path folder_;
  fs::path last_;
  int rehearsals_ = 0;
};

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

/// The other clouds: the same plans, as far as a plan can be the same there.
class RehearsalOnAnotherCloud : public Rehearsal,
                                public ::testing::WithParamInterface<model::Provider> {
 protected:
  void expect_to_pass(const Scenario& scenario, Wire wire, const model::Inventory& inventory) {
    const RehearsalReport report = hold(scenario, wire, inventory);
    EXPECT_TRUE(report.passed) << scenario.name << ": " << ::testing::PrintToString(report.reasons);
    EXPECT_THAT(report.violations, IsEmpty());
  }
};

TEST_P(RehearsalOnAnotherCloud, OfEachProcedurePasses) {
  const model::Inventory small = generate_fleet(Fleet::kXs, GetParam());
  expect_to_pass(disaster(), Wire::kSockets, small);
  expect_to_pass(scenario_of(model::Procedure::kRotate, ""), Wire::kSockets, small);
  expect_to_pass(scenario_of(model::Procedure::kUpgrade, ""), Wire::kInProcess, as_upgrade(small));
}

TEST_P(RehearsalOnAnotherCloud, OfALargerFleetPasses) {
  const model::Inventory larger = generate_fleet(Fleet::kS, GetParam());
  expect_to_pass(disaster(), Wire::kInProcess, larger);
  expect_to_pass(scenario_of(model::Procedure::kRotate, ""), Wire::kInProcess, larger);
}

INSTANTIATE_TEST_SUITE_P(Each, RehearsalOnAnotherCloud, ::testing::Values(model::Provider::kAzure),
                         [](const auto& which) { return std::string(to_string(which.param)); });

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
