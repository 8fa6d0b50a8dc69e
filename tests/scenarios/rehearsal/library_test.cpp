#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/inventory/inventory_file.hpp"
#include "tests/scenarios/rehearsal/rehearsal_fixture.hpp"

/// Every scenario that comes with the program ends as it says.
namespace wme::scenarios {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;

std::vector<std::string> library() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(WME_SOURCE_DIR) / "scenarios/library"))
    names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

class ExpectedEnd : public Rehearsal {
 protected:
  static Scenario named(const std::string& name) {
    return load_scenario(fs::path(WME_SOURCE_DIR) / "scenarios/library" / (name + ".yaml")).value();
  }
  RehearsalReport hold_it(const Scenario& scenario) {
    return hold(scenario, Wire::kInProcess, load_inventory(scenario.inventory).value());
  }
};

class LibraryScenario : public ExpectedEnd, public ::testing::WithParamInterface<std::string> {};

TEST_P(LibraryScenario, EndsAsItSays) {
  const RehearsalReport report = hold_it(named(GetParam()));
  EXPECT_TRUE(report.passed) << why(report);
  for (const InjectedFault& each : report.faults) EXPECT_TRUE(each.at) << each.operation;
}

INSTANTIATE_TEST_SUITE_P(All, LibraryScenario, ::testing::ValuesIn(library()),
                         [](const auto& which) {
                           std::string name = which.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(ExpectedEnd, IsMissedByARunThatComesToItsGoal) {
  Scenario scenario = named("snapshot-fails");
  scenario.faults.clear();
  const RehearsalReport report = hold_it(scenario);
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.reasons, Contains(HasSubstr("it came to its goal, where the scenario expects "
                                                 "old-platform-intact")));
}

TEST_F(ExpectedEnd, IsMissedByARunThatStopsElsewhere) {
  Scenario scenario = named("snapshot-fails");
  scenario.expected_stop = "backup-holds-all";
  const RehearsalReport report = hold_it(scenario);
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.reasons, Contains(HasSubstr("take-snapshot")));
  EXPECT_THAT(report.reasons, Contains(HasSubstr("it stopped in old-platform-intact, where the "
                                                 "scenario expects backup-holds-all")));
}

TEST_F(ExpectedEnd, OfARunThatStoppedIsNoRecovery) {
  Scenario scenario = named("restore-denied");
  scenario.expected_stop = std::string(kAnySafeStop);
  const RehearsalReport report = hold_it(scenario);
  EXPECT_TRUE(report.passed) << why(report);
  EXPECT_FALSE(report.rto.value);
  EXPECT_THAT(report.reasons, Contains(HasSubstr("as expected")));
  EXPECT_THAT(report.reasons, Contains(HasSubstr("RunInstances")));
}

}  // namespace
}  // namespace wme::scenarios
