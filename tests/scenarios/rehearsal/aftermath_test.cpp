#include "scenarios/rehearsal/aftermath.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "model/planner/planner.hpp"
#include "scenarios/progress/line_progress.hpp"
#include "tests/support/fleets.hpp"

namespace wme::scenarios {
namespace {

using executor::StepState;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// A run of a real plan that stopped at one step.
class Aftermath : public ::testing::Test {
 protected:
  /// Every step before `action` in the plan's order is done, that one failed.
  void stop_at(model::Procedure procedure, const std::string& action, const std::string& reason) {
    model_ =
        std::make_unique<model::GroundModel>(model::installation_of(tests::fleet({}), procedure));
    plan_ = model::make_plan(*model_).value();
    order_ = model::PlanOrder::of(plan_).value();
    result_.steps.assign(plan_.steps.size(), {});
    for (const std::size_t i : order_.topological()) {
      executor::StepRecord& record = result_.steps[i];
      record.tries = 1;
      if (plan_.steps[i].action == action) {
        failed_ = &plan_.steps[i];
        record.state = StepState::kFailed;
        record.reason = reason;
        return;
      }
      record.state = StepState::kDone;
    }
    FAIL() << "the plan has no " << action;
  }
  std::vector<std::string> next() const { return what_next(*model_, plan_, order_, result_); }

  std::unique_ptr<model::GroundModel> model_;
  model::Plan plan_;
  model::PlanOrder order_;
  executor::RunResult result_;
  const model::Step* failed_ = nullptr;
};

TEST_F(Aftermath, NamesTheStepItsRowItsSentenceAndWhatWasExpectedOnce) {
  stop_at(model::Procedure::kDehydrate, "stop-instance", "it ended as \"failed\"; seen: red");
  const std::vector<std::string> failed = what_failed(plan_, result_);
  EXPECT_THAT(failed, ElementsAre(failed_->id + " stop-instance " + failed_->arguments.front() +
                                  " (A05, " + failed_->sentence + "): expected " + failed_->wait +
                                  ", but it ended as \"failed\"; seen: red"));
}

TEST_F(Aftermath, DoesNotSayTwiceWhatWasWaitedFor) {
  stop_at(model::Procedure::kDehydrate, "stop-instance", "");
  result_.steps[order_.index_of(failed_->id)].reason =
      "expected " + failed_->wait + " within 600 s";
  EXPECT_THAT(what_failed(plan_, result_), ElementsAre(Not(HasSubstr(", but "))));
}

TEST_F(Aftermath, SaysOfAStepWhoseGuardWasClosedThatItWasNotRequested) {
  stop_at(model::Procedure::kDehydrate, "take-snapshot", "a container is not parked");
  result_.steps[order_.index_of(failed_->id)].tries = 0;
  EXPECT_THAT(what_failed(plan_, result_),
              ElementsAre(HasSubstr(": not requested: a container is not parked")));
}

TEST_F(Aftermath, OfADehydrationSaysThatLoginsAreClosedAndHowToGoBack) {
  stop_at(model::Procedure::kDehydrate, "passivate-container", "refused");
  const std::vector<std::string> lines = next();
  EXPECT_THAT(lines, Contains(StartsWith("logins: restricted")));
  EXPECT_THAT(lines, Contains(AllOf(StartsWith("to go on: "), HasSubstr(failed_->sentence))));
  // What stopping the instances did, the model can undo through Launchpad.
  EXPECT_THAT(lines, Contains(AllOf(StartsWith("to go back: still possible"),
                                    HasSubstr("first: Start instance "))));
}

TEST_F(Aftermath, OffersOnlyWaysBackThatAreOpenNow) {
  stop_at(model::Procedure::kDehydrate, "detach-address", "refused");
  // With the Platform off, Launchpad cannot start instances: the machine comes first.
  EXPECT_THAT(next(), Contains(AllOf(HasSubstr("to go back: "), HasSubstr("Start the machine"),
                                     Not(HasSubstr("Start instance")))));
}

TEST_F(Aftermath, SaysThatThereIsNoWayBackOnceThePointOfNoReturnIsPassed) {
  stop_at(model::Procedure::kRotate, "restrict-login", "refused");
  ASSERT_EQ(next().back().find("no cheap way"), std::string::npos);
  const auto irreversible = std::ranges::find_if(
      plan_.steps, [](const model::Step& each) { return !each.irreversible.empty(); });
  ASSERT_NE(irreversible, plan_.steps.end());
  result_.steps[order_.index_of(irreversible->id)].state = StepState::kDone;
  EXPECT_THAT(next(), Contains(AllOf(HasSubstr("no cheap way any more, since " + irreversible->id),
                                     HasSubstr(irreversible->irreversible))));
}

TEST_F(Aftermath, OfARunThatDidNothingNothingHasToBeUndone) {
  stop_at(model::Procedure::kDehydrate, "take-baseline", "refused");
  for (executor::StepRecord& each : result_.steps) each = {};
  EXPECT_THAT(next(), Contains(HasSubstr("nothing has to be undone")));
  EXPECT_THAT(next(), Not(Contains(StartsWith("logins"))));
}

TEST_F(Aftermath, ProgressTellsAFailureOnce) {
  stop_at(model::Procedure::kDehydrate, "stop-instance", "it ended as \"failed\"");
  std::ostringstream out;
  Terminal wide;
  wide.columns = 200;
  LineProgress progress(out, wide);
  const std::size_t i = order_.index_of(failed_->id);
  progress.phase_started({}, "dehydrate", 3);
  tell(progress, plan_, {executor::RunEvent::Kind::kStarted, {}, i, ""});
  tell(progress, plan_, {executor::RunEvent::Kind::kFailed, {}, i, result_.steps[i].reason});
  result_.error = {ErrorCode::kFailed, failed_->id + " stop-instance: " + result_.steps[i].reason};
  progress.phase_ended({}, stop_reason(result_));
  const std::string text = out.str();
  EXPECT_EQ(text.find("it ended as"), text.rfind("it ended as")) << text;
  EXPECT_THAT(text, HasSubstr("STOP"));
}

TEST_F(Aftermath, WithoutAFailedStepTheReasonIsThatOfTheRun) {
  stop_at(model::Procedure::kDehydrate, "stop-instance", "");
  result_.steps[order_.index_of(failed_->id)] = {};
  result_.error = {ErrorCode::kRefused, "stopped on request"};
  EXPECT_THAT(what_failed(plan_, result_), ElementsAre("stopped on request"));
  EXPECT_EQ(stop_reason(result_), "stopped on request");
  result_.done = true;
  EXPECT_EQ(stop_reason(result_), "");
  EXPECT_THAT(what_failed(plan_, result_), IsEmpty());
}

}  // namespace
}  // namespace wme::scenarios
