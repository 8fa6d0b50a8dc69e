#include "scenarios/durations/calibration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/journal/entries.hpp"
#include "model/wme/actions.hpp"

namespace wme::scenarios {
namespace {

using executor::Entry;
using executor::StepCall;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// A journal as a run of one or two steps writes it.
class Told {
 public:
  Told() { at_ += std::chrono::years(50), add(executor::run_started(at_, facts())); }

  Told& after(milliseconds time) {
    at_ += time;
    return *this;
  }
  Told& intent(const std::string& step = "s1") {
    return add(executor::intent(at_, call(step), {}, ""));
  }
  Told& accepted(const std::string& step = "s1") {
    add(executor::accepted(at_, call(step), ""));
    return add(executor::waiting(at_, call(step), "its end", at_ + seconds(600)));
  }
  Told& refused(ErrorCode code) { return add(executor::not_accepted(at_, call("s1"), {code, ""})); }
  Told& outcome(const std::string& name = "done", const std::string& step = "s1") {
    return add(executor::outcome(at_, call(step), name, {}));
  }
  Told& resumed() { return add(executor::resumed(at_, {}, "0")); }
  Told& gate() { return add(executor::gate(at_, call("s1"), at_, "stop")); }
  Told& turned() { return add(executor::turned(at_, "undo", "", "{}")); }

  RunTimes times() const {
    const auto records = executor::records(journal_);
    return times_of(records.value()).value();
  }

 private:
  static executor::RunFacts facts() {
    executor::RunFacts facts;
    facts.run_id = "acme-1";
    return facts;
  }
  static StepCall call(const std::string& step) {
    return {step, {"stop-instance", {"studio-1"}, {}}};
  }
  Told& add(const Entry& entry) {
    EXPECT_TRUE(journal_.append(entry));
    return *this;
  }

  executor::InMemoryJournal journal_;
  executor::TimePoint at_{};
};

std::vector<milliseconds> took(const RunTimes& times) {
  std::vector<milliseconds> all;
  for (const TimedStep& each : times.steps) all.push_back(each.took);
  return all;
}

TEST(Calibration, TakesTheTimeFromTheRequestToTheOutcome) {
  const RunTimes times =
      Told().after(seconds(9)).intent().accepted().after(seconds(61)).outcome().times();
  ASSERT_EQ(times.steps.size(), 1U);
  EXPECT_EQ(times.steps.front().action, "stop-instance");
  EXPECT_EQ(times.steps.front().took, seconds(61));
  EXPECT_THAT(times.left_out, IsEmpty());
  EXPECT_EQ(times.run.run, "acme-1");
  EXPECT_FALSE(times.run.is_rehearsal);
}

TEST(Calibration, CountsTheWorkOfACommandThatAnswersAtItsEnd) {
  EXPECT_THAT(
      took(Told().intent().after(seconds(5)).accepted().after(seconds(1)).outcome().times()),
      ElementsAre(seconds(6)));
}

TEST(Calibration, SaysHowMuchEarlierAStepMayHaveEnded) {
  const TimedStep step =
      Told().intent().accepted().after(std::chrono::minutes(10)).outcome().times().steps.front();
  EXPECT_GT(step.late, seconds(0));
  EXPECT_LT(step.late, seconds(31));
}

TEST(Calibration, BeginsAnewWhenARequestWasRefused) {
  EXPECT_THAT(took(Told()
                       .intent()
                       .after(seconds(5))
                       .refused(ErrorCode::kThrottled)
                       .after(seconds(60))
                       .intent()
                       .accepted()
                       .after(seconds(7))
                       .outcome()
                       .times()),
              ElementsAre(seconds(7)));
}

TEST(Calibration, LeavesOutWhatWasResumedOver) {
  const RunTimes times =
      Told().intent().accepted().after(seconds(3600)).resumed().after(seconds(1)).outcome().times();
  EXPECT_THAT(times.steps, IsEmpty());
  EXPECT_THAT(times.left_out, ElementsAre(testing::Pair(LeftOut::kResumedOver, 1)));
}

TEST(Calibration, KeepsWhatBeganAfterAResume) {
  EXPECT_THAT(took(Told()
                       .after(seconds(3600))
                       .resumed()
                       .intent()
                       .accepted()
                       .after(seconds(4))
                       .outcome()
                       .times()),
              ElementsAre(seconds(4)));
}

TEST(Calibration, LeavesOutWhatWaitedForAnApproval) {
  const RunTimes times =
      Told().gate().after(seconds(60)).intent().accepted().after(seconds(4)).outcome().times();
  EXPECT_THAT(times.left_out, ElementsAre(testing::Pair(LeftOut::kGated, 1)));
}

TEST(Calibration, LeavesOutWhatFailedAndCountsTheTryThatDidNot) {
  const RunTimes times = Told()
                             .intent()
                             .accepted()
                             .after(seconds(90))
                             .outcome("failed")
                             .intent()
                             .accepted()
                             .after(seconds(8))
                             .outcome()
                             .times();
  EXPECT_THAT(took(times), ElementsAre(seconds(8)));
  EXPECT_THAT(times.left_out, ElementsAre(testing::Pair(LeftOut::kFailed, 1)));
}

TEST(Calibration, LeavesOutWhatMayHaveBegunWithALostRequest) {
  const RunTimes times = Told()
                             .intent()
                             .refused(ErrorCode::kUnknownOutcome)
                             .after(seconds(30))
                             .intent()
                             .accepted()
                             .after(seconds(8))
                             .outcome()
                             .times();
  EXPECT_THAT(times.steps, IsEmpty());
  EXPECT_THAT(times.left_out, ElementsAre(testing::Pair(LeftOut::kInDoubt, 1)));
}

TEST(Calibration, LeavesOutWhatTookNoTimeOrDidNotEnd) {
  EXPECT_THAT(Told().outcome().times().left_out,
              ElementsAre(testing::Pair(LeftOut::kFoundDone, 1)));
  EXPECT_THAT(Told().intent().outcome().times().left_out,
              ElementsAre(testing::Pair(LeftOut::kAtOnce, 1)));
  EXPECT_THAT(Told().intent().accepted().times().left_out,
              ElementsAre(testing::Pair(LeftOut::kNotEnded, 1)));
}

TEST(Calibration, DoesNotTakeAStepOfAnotherPlanForTheSame) {
  const RunTimes times = Told().intent().accepted().turned().after(seconds(60)).outcome().times();
  EXPECT_THAT(times.steps, IsEmpty());
}

TEST(Calibration, WritesTheMiddleAndTheSpread) {
  std::vector<RunTimes> runs;
  for (const int took : {10, 20, 30, 40, 50, 60, 70, 80, 90, 100})
    runs.push_back(Told().intent().accepted().after(seconds(took)).outcome().times());
  const DurationsFile file = calibrated(runs);
  EXPECT_EQ(file.source.size(), 10U);
  EXPECT_EQ(file.actions.at("stop-instance"),
            (ActionTime{seconds(50), Spread{10, seconds(50), seconds(90), seconds(100)}}));
}

TEST(Calibration, WritesNoTimeThatItsReaderWouldRefuse) {
  const auto deadline = model::find_action("stop-instance")->deadline;
  const DurationsFile file =
      calibrated({Told().intent().accepted().after(2 * deadline).outcome().times()});
  EXPECT_EQ(file.actions.at("stop-instance").spread->p50, 2 * deadline);
  EXPECT_TRUE(parse_durations(to_yaml(file), "d.yaml"));
}

TEST(Calibration, RefusesWhatIsNoRun) { EXPECT_FALSE(times_of({})); }

}  // namespace
}  // namespace wme::scenarios
