#include "tests/scenarios/rehearsal/rehearsal_fixture.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <set>

#include "executor/journal/sqlite_journal.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "tests/support/canary.hpp"

namespace wme::scenarios {

namespace fs = std::filesystem;

Rehearsal::Rehearsal() {
  std::string name = (fs::temp_directory_path() / "rehearsal-test-XXXXXX").string();
  folder_ = mkdtemp(name.data());
}

Rehearsal::~Rehearsal() { fs::remove_all(folder_); }

Scenario Rehearsal::disaster(std::vector<simulators::FaultRule> faults) {
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
  scenario.faults = std::move(faults);
  return scenario;
}

RehearsalReport Rehearsal::hold(const Scenario& scenario, Wire wire) {
  return hold(scenario, wire, generate_fleet(Fleet::kXs, model::Provider::kAws));
}

RehearsalReport Rehearsal::hold(const Scenario& scenario, Wire wire,
                                const model::Inventory& inventory) {
  RehearsalOptions options;
  options.wire = wire;
  options.directory = folder_ / std::to_string(++rehearsals_);
  fs::create_directory(options.directory);
  last_ = options.directory;
  Result<RehearsalReport> report = rehearse(scenario, inventory, options);
  EXPECT_TRUE(report) << report.error().message;
  EXPECT_THAT(leaks_below(testing_support::simulator_canaries(), folder_), ::testing::IsEmpty());
  return report ? std::move(report).value() : RehearsalReport{};
}

std::string Rehearsal::journals() const {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(last_))
    if (entry.path().extension() == ".journal") files.insert(entry.path());
  std::string text;
  for (const fs::path& file : files)
    text += canonical_text(*executor::SqliteJournal::open_read_only(file).value()).value();
  return text;
}

std::string Rehearsal::why(const RehearsalReport& report) {
  return ::testing::PrintToString(report.reasons);
}

}  // namespace wme::scenarios
