#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "executor/journal/sqlite_journal.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "scenarios/rehearsal/library.hpp"
#include "scenarios/rehearsal/rehearsal.hpp"

/// Whole recoveries against the simulated Compute Engine.
namespace wme::scenarios {
namespace {

namespace fs = std::filesystem;
using simulators::Fault;
using simulators::FaultRule;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GcpRehearsal : public ::testing::Test {
 protected:
  GcpRehearsal() {
    std::string name = (fs::temp_directory_path() / "gcp-rehearsal-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~GcpRehearsal() override { fs::remove_all(folder_); }

  static model::Inventory fleet(Fleet size = Fleet::kXs) {
    return generate_fleet(size, model::Provider::kGcp);
  }
  static Scenario recovery(std::vector<FaultRule> faults = {}) {
    Scenario scenario = scenario_of(model::Procedure::kDehydrate, "");
    scenario.name = "dr";
    Act lose;
    lose.kind = Act::Kind::kLose;
    Act restore;
    restore.procedure = model::Procedure::kRestore;
    scenario.acts.insert(scenario.acts.end(), {lose, restore});
    scenario.faults = std::move(faults);
    return scenario;
  }
  RehearsalReport hold(const Scenario& scenario, Wire wire = Wire::kInProcess,
                       const model::Inventory& inventory = fleet()) {
    RehearsalOptions options;
    options.wire = wire;
    options.directory = folder_ / std::to_string(++rehearsals_);
    fs::create_directory(options.directory);
    last_ = options.directory;
    Result<RehearsalReport> report = rehearse(scenario, inventory, options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? std::move(report).value() : RehearsalReport{};
  }
  std::string journals() const {
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(last_))
      if (entry.path().extension() == ".journal") files.insert(entry.path());
    std::string text;
    for (const fs::path& file : files)
      text += canonical_text(*executor::SqliteJournal::open_read_only(file).value()).value();
    return text;
  }
  static std::string why(const RehearsalReport& report) {
    return ::testing::PrintToString(report.reasons);
  }

  fs::path folder_;
  fs::path last_;
  int rehearsals_ = 0;
};

TEST_F(GcpRehearsal, OfAWholeRecoveryPassesOverSocketsWithTheSameJournals) {
  const RehearsalReport report = hold(recovery(), Wire::kSockets);
  EXPECT_TRUE(report.passed) << why(report);
  EXPECT_THAT(report.violations, IsEmpty());
  EXPECT_EQ(report.phases.size(), 2U);
  const std::string over_sockets = journals();
  EXPECT_THAT(over_sockets, ::testing::Not(HasSubstr("ya29.")));
  hold(recovery(), Wire::kInProcess);
  EXPECT_EQ(journals(), over_sockets);
}

TEST_F(GcpRehearsal, OfARotationAndOfAnUpgradePasses) {
  const RehearsalReport rotation = hold(scenario_of(model::Procedure::kRotate, ""));
  EXPECT_TRUE(rotation.passed) << why(rotation);
  EXPECT_THAT(rotation.violations, IsEmpty());
  const RehearsalReport upgrade =
      hold(scenario_of(model::Procedure::kUpgrade, ""), Wire::kInProcess, as_upgrade(fleet()));
  EXPECT_TRUE(upgrade.passed) << why(upgrade);
  EXPECT_THAT(upgrade.violations, IsEmpty());
}

TEST_F(GcpRehearsal, OfALargerFleetPassesOverSockets) {
  for (const Scenario& scenario : {recovery(), scenario_of(model::Procedure::kRotate, "")}) {
    const RehearsalReport report = hold(scenario, Wire::kSockets, fleet(Fleet::kS));
    EXPECT_TRUE(report.passed) << why(report);
    EXPECT_THAT(report.violations, IsEmpty());
  }
}

TEST_F(GcpRehearsal, StopsAtARightThatIsMissingAndNamesIt) {
  for (const char* operation : {"instances.stop", "disks.createSnapshot", "instances.insert",
                                "instances.updateNetworkInterface"}) {
    SCOPED_TRACE(operation);
    const RehearsalReport report = hold(recovery({{operation, 1, Fault::kDenied}}));
    EXPECT_FALSE(report.passed);
    EXPECT_THAT(report.violations, IsEmpty());
    EXPECT_THAT(report.reasons,
                Contains(AllOf(HasSubstr("forbidden"), HasSubstr("Required 'compute."),
                               HasSubstr("permission"))));
  }
}

TEST_F(GcpRehearsal, SaysWhatTheOperationSaidOfAFailure) {
  for (const auto& [action, code] :
       {std::pair("launch-machine", "ZONE_RESOURCE_POOL_EXHAUSTED"),
        std::pair("create-volume", "error"), std::pair("attach-volume", "INTERNAL_ERROR"),
        std::pair("attach-address", "INTERNAL_ERROR"),
        std::pair("detach-address", "INTERNAL_ERROR"),
        std::pair("stop-machine", "INTERNAL_ERROR")}) {
    SCOPED_TRACE(action);
    const RehearsalReport report = hold(recovery({{action, 1, Fault::kOutcomeFails}}));
    EXPECT_FALSE(report.passed);
    EXPECT_THAT(report.violations, IsEmpty());
    EXPECT_THAT(report.reasons, Contains(AllOf(HasSubstr(action), HasSubstr(code))));
    // Heard of when it happened, not when the step's time was up.
    for (const Phase& phase : report.phases)
      for (const ReportStep& step : phase.steps) {
        if (step.action != action || !step.start || !step.end) continue;
        EXPECT_LT(*step.end - *step.start, std::chrono::minutes(6)) << step.action;
      }
  }
}

TEST_F(GcpRehearsal, WaitsForWhatIsSlowAndGivesUpOnWhatHangs) {
  for (const char* action : {"stop-machine", "launch-machine", "attach-address"}) {
    SCOPED_TRACE(action);
    const RehearsalReport slow = hold(recovery({{action, 1, Fault::kSlow}}));
    EXPECT_TRUE(slow.passed) << why(slow);
    const RehearsalReport hanging = hold(recovery({{action, 1, Fault::kHangs}}));
    EXPECT_FALSE(hanging.passed);
    EXPECT_THAT(hanging.reasons, Contains(AllOf(HasSubstr(action), HasSubstr("expected "))));
  }
}

}  // namespace
}  // namespace wme::scenarios
