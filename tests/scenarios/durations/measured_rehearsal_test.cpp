#include <gtest/gtest.h>

#include "executor/journal/sqlite_journal.hpp"
#include "model/wme/actions.hpp"
#include "scenarios/durations/calibration.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "scenarios/rehearsal/rehearsal.hpp"
#include "tests/support/process.hpp"

/// What is measured in a rehearsal is what its world took: the way there and back.
namespace wme::scenarios {
namespace {

using model::Procedure;
using model::Provider;
using std::chrono::milliseconds;

struct Stagecraft {
  Provider provider;
  Procedure procedure;
  milliseconds more;  ///< than the model says, each action; 0: as it says
};
void PrintTo(const Stagecraft& each, std::ostream* out) {
  *out << to_string(each.procedure) << " on " << to_string(each.provider) << ", "
       << each.more.count() << " ms more";
}

std::vector<Stagecraft> all_of_them() {
  std::vector<Stagecraft> all;
  for (const Provider provider : {Provider::kAws, Provider::kAzure, Provider::kGcp})
    for (const Procedure procedure :
         {Procedure::kDehydrate, Procedure::kRestore, Procedure::kRotate, Procedure::kUpgrade})
      for (const int more : {0, 4321}) all.push_back({provider, procedure, milliseconds(more)});
  return all;
}

model::Durations durations_with(milliseconds more) {
  model::Durations::Measured times;
  for (const model::Action& each : model::all_actions())
    if (each.typical.count() > 0 && each.typical + more < each.deadline)
      times[each.name] = each.typical + more;
  return more.count() == 0 ? model::Durations() : model::Durations(std::move(times));
}

class MeasuredRehearsal : public testing::TestWithParam<Stagecraft> {};

TEST_P(MeasuredRehearsal, HasTheDurationsOfItsWorld) {
  const Stagecraft& stage = GetParam();
  const model::Durations durations = durations_with(stage.more);
  const model::Inventory fleet = generate_fleet(Fleet::kXs, stage.provider);
  const testing_support::TemporaryFolder folder;
  RehearsalOptions how;
  how.wire = Wire::kInProcess;
  how.directory = folder.path();
  how.durations.times = durations;
  const auto report =
      rehearse(scenario_of(stage.procedure, ""),
               stage.procedure == Procedure::kUpgrade ? as_upgrade(fleet) : fleet, how);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_TRUE(report.value().passed) << report.value().reasons.front();
  const auto journal =
      executor::SqliteJournal::open_read_only(folder.path() / report.value().journals.front().path);
  ASSERT_TRUE(journal) << journal.error().message;
  const RunTimes times = times_of(executor::records(*journal.value()).value()).value();
  EXPECT_TRUE(times.run.is_rehearsal);
  int compared = 0;
  for (const TimedStep& each : times.steps) {
    const model::Action& action = *model::find_action(each.action);
    if (action.request.empty()) continue;  // nothing shows it under way: simulators do it at once
    ++compared;
    const milliseconds takes = durations.of(action);
    EXPECT_LE(takes.count(), each.took.count()) << each.step << " " << each.action;
    EXPECT_GE(takes.count(), (each.took - each.late).count()) << each.step << " " << each.action;
  }
  EXPECT_GT(compared, 5);
}

INSTANTIATE_TEST_SUITE_P(All, MeasuredRehearsal, testing::ValuesIn(all_of_them()));

}  // namespace
}  // namespace wme::scenarios
