#include "scenarios/campaign/trial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/campaign/courses.hpp"
#include "tests/scenarios/campaign/planted.hpp"

namespace wme::scenarios {
namespace {

using std::chrono::hours;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using tests::course_of;
using tests::dehydration;
using tests::restore;
using tests::xs;

std::vector<std::string> texts(const TrialResult& result) {
  std::vector<std::string> all;
  for (const Breach& each : result.breaches) all.push_back(each.property + ": " + each.text);
  return all;
}

TEST(Trial, ReachesItsGoalUndisturbedWithEveryProcedureAndProvider) {
  for (const model::Procedure procedure : {model::Procedure::kDehydrate, model::Procedure::kRestore,
                                           model::Procedure::kRotate, model::Procedure::kUpgrade})
    for (const model::Provider provider : {model::Provider::kAws, model::Provider::kGcp,
                                           model::Provider::kAzure, model::Provider::kEsxi}) {
      SCOPED_TRACE(std::string(to_string(procedure)) + " " + std::string(to_string(provider)));
      const Course course = course_of(procedure, provider);
      const TrialResult result = Lane(course).hold({});
      EXPECT_TRUE(course.reaches_its_goal);
      EXPECT_TRUE(result.reached_goal);
      EXPECT_THAT(texts(result), IsEmpty());
      for (const Pair& each : course.pairs)
        EXPECT_TRUE(fault_at(course, each)) << course.name_of(each);
    }
}

TEST(Trial, MeasuresWhatABusinessAsksFor) {
  const TrialResult result = Lane(restore()).hold({});
  EXPECT_GT(result.took, hours(0));
  EXPECT_EQ(result.rto, result.took);
  EXPECT_EQ(result.rpo, std::nullopt);  // how old the backup is, no restore can tell
  ASSERT_THAT(result.critical, Not(IsEmpty()));
  EXPECT_EQ(restore().acts.front().plan.steps[result.critical.back()].action, "lift-restriction");
}

TEST(Trial, PlaysAWholeDisaster) {
  Scenario scenario = scenario_of(model::Procedure::kDehydrate, "xs.yaml");
  scenario.acts.push_back({Act::Kind::kWait, {}, hours(4), {}});
  scenario.acts.push_back({Act::Kind::kLose, {}, {}, {}});
  scenario.acts.push_back({Act::Kind::kRun, model::Procedure::kRestore, {}, {}});
  const Result<Course> course = prepare_course(scenario, xs());
  ASSERT_TRUE(course) << course.error().message;
  const TrialResult result = Lane(course.value()).hold({});
  EXPECT_TRUE(result.reached_goal) << result.reason;
  EXPECT_THAT(texts(result), IsEmpty());
  ASSERT_TRUE(result.rpo && result.rto);
  EXPECT_GT(*result.rpo, hours(4));
  EXPECT_LT(*result.rto, result.took);
}

TEST(Trial, IsTheSameForTheSameSchedule) {
  const Schedule schedule = {{FaultKind::kAnswerLost, "launch-machine", 1, {}},
                             {FaultKind::kKilledWaiting, "create-volume", 2, hours(1)}};
  Lane lane(restore());
  const TrialResult once = lane.hold(schedule);
  const TrialResult again = Lane(restore()).hold(schedule);
  EXPECT_EQ(once.took, again.took);
  EXPECT_EQ(once.met, again.met);
  EXPECT_EQ(once.critical, again.critical);
}

TEST(Trial, GoesOnAfterEachKill) {
  const Schedule schedule = {{FaultKind::kKilledUnsent, "launch-machine", 1, {}},
                             {FaultKind::kKilledUnheard, "create-volume", 1, hours(1)},
                             {FaultKind::kKilledWaiting, "initialize", 1, {}},
                             {FaultKind::kKilledEnded, "activate-container", 2, {}}};
  const TrialResult result = Lane(restore()).hold(schedule);
  EXPECT_TRUE(result.reached_goal) << result.reason;
  EXPECT_THAT(texts(result), IsEmpty());
  EXPECT_EQ(result.struck, 4U);
  EXPECT_EQ(result.met.size(), 4U);
}

TEST(Trial, StopsSafelyAtWhatNobodyGetsOver) {
  const TrialResult result = Lane(restore()).hold({{FaultKind::kDenied, "launch-machine", 1, {}}});
  EXPECT_FALSE(result.reached_goal);
  EXPECT_EQ(result.stop, "backup-holds-all");
  EXPECT_THAT(result.reason, HasSubstr("you may not"));
  EXPECT_THAT(texts(result), IsEmpty());
}

TEST(Trial, FindsALostAnswerThatIsTakenForAFailure) {
  Lane lane(restore(), tests::planted<tests::LostAnswerIsFailure>());
  EXPECT_THAT(texts(lane.hold({})), IsEmpty());
  EXPECT_THAT(texts(lane.hold({{FaultKind::kAnswerLost, "launch-machine", 1, {}}})),
              ElementsAre(HasSubstr("it gave up in backup-holds-all")));
}

/// Killed while it waited, and the first look of who goes on with it lags behind the request: that
/// is no machine that failed to start, and none to be launched anew.
TEST(Trial, TakesNoOldReadForAnOutcomeWhenItIsResumed) {
  Lane lane(restore());
  EXPECT_THAT(texts(lane.hold({{FaultKind::kKilledWaiting, "launch-machine", 1, {}},
                               {FaultKind::kLookStale, "launch-machine", 1, {}}})),
              IsEmpty());
}

/// It failed while nobody was there: that is found out long before its deadline.
TEST(Trial, FindsOutWhatFailedWhileNobodyWasThere) {
  Lane lane(restore());
  const TrialResult result =
      lane.hold({{FaultKind::kOutcomeFails, "launch-machine", 1, {}},
                 {FaultKind::kKilledWaiting, "launch-machine", 1, std::chrono::hours(1)}});
  EXPECT_THAT(texts(result), IsEmpty());
  EXPECT_THAT(result.reason, HasSubstr("it ended as"));
}

TEST(Trial, FindsARetryThatRepeatsWithoutLooking) {
  Lane lane(restore(), tests::planted<tests::RepeatsWithoutLooking>());
  EXPECT_THAT(texts(lane.hold({})), IsEmpty());
  EXPECT_THAT(texts(lane.hold({{FaultKind::kAnswerLost, "write-fstab", 1, {}}})),
              ElementsAre(HasSubstr("write-fstab wm-data-new took effect 2 times")));
}

TEST(Trial, FindsAWaitThatTrustsTheAcceptedRequest) {
  const model::GroundModel model(model::installation_of(xs(), model::Procedure::kDehydrate));
  Lane lane(dehydration(), [&](executor::SystemPort& the_world) {
    return std::make_unique<tests::TrustsTheAcceptedRequest>(the_world, model);
  });
  EXPECT_THAT(texts(lane.hold({})), Not(IsEmpty()));
}

TEST(Trial, FindsALoginGateThatWasNeverClosed) {
  Lane lane(dehydration(), tests::planted<tests::LeavesTheGateOpen>());
  EXPECT_THAT(texts(lane.hold({})), Not(IsEmpty()));
}

TEST(Trial, FindsABackupTakenBeforeTheLastPassivation) {
  const model::GroundModel model(model::installation_of(xs(), model::Procedure::kDehydrate));
  Lane lane(dehydration(), [&](executor::SystemPort& the_world) {
    return std::make_unique<tests::TrustsTheAcceptedRequest>(the_world, model,
                                                             "passivate-container");
  });
  EXPECT_THAT(texts(lane.hold({})), Contains(HasSubstr("INV-")));
}

TEST(Schedule, IsTheSameAsAScenario) {
  for (const Pair& each : restore().pairs) {
    const Schedule schedule = {*fault_at(restore(), each)};
    const Result<Schedule> again = schedule_of(with_schedule(restore().scenario, schedule));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again.value(), schedule) << text_of(schedule);
  }
}

TEST(Schedule, NamesAnOperationThatItDoesNotKnow) {
  Scenario scenario = restore().scenario;
  scenario.faults = {{"CreateSnapshot", 1, simulators::Fault::kAnswerLost}};
  const Result<Schedule> schedule = schedule_of(scenario);
  ASSERT_FALSE(schedule);
  EXPECT_THAT(schedule.error().message, HasSubstr("'CreateSnapshot'"));
}

}  // namespace
}  // namespace wme::scenarios
