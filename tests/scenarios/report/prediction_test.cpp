#include "scenarios/report/prediction.hpp"

#include <gtest/gtest.h>

namespace wme::scenarios {
namespace {

using std::chrono::seconds;

ReportStep predicted_step(const std::string& id, const std::string& action, seconds predicted,
                          seconds took, const std::vector<std::string>& after = {}) {
  ReportStep made;
  made.id = id;
  made.action = action;
  made.predicted = predicted;
  made.start = TimePoint{};
  made.end = TimePoint{took};
  for (const std::string& each : after) made.after.push_back({each, "it is needed"});
  return made;
}

TEST(Prediction, ComparesTheStepsOfEachActionThatEndedWell) {
  Phase phase;
  phase.steps = {
      predicted_step("s1", "b", seconds(5), seconds(9)),
      predicted_step("s2", "b", seconds(5), seconds(7)),
      predicted_step("s3", "b", seconds(5), seconds(8)),
      predicted_step("s4", "a", seconds(2), seconds(1)),
      predicted_step("s5", "a", seconds(2), seconds(900)),
  };
  phase.steps.back().status = StepStatus::kFailed;
  const std::vector<ActionPrediction> all = predictions(phase);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].action, "a");
  EXPECT_EQ(all[0].steps, 1U);
  EXPECT_EQ(all[0].actual, seconds(1));
  EXPECT_EQ(all[1].steps, 3U);
  EXPECT_EQ(all[1].predicted, seconds(5));
  EXPECT_EQ(all[1].actual, seconds(8));
}

TEST(Prediction, OfAPhaseIsItsLongestWay) {
  Phase phase;
  phase.steps = {predicted_step("s3", "a", seconds(4), {}, {"s1", "s2"}),
                 predicted_step("s1", "a", seconds(5), {}),
                 predicted_step("s2", "a", seconds(7), {}, {"s1"}),
                 predicted_step("s4", "a", seconds(9), {}, {"s1"})};
  EXPECT_EQ(predicted_length(phase), seconds(16));
  phase.steps.back().predicted.reset();
  EXPECT_EQ(predicted_length(phase), std::nullopt);
}

TEST(Prediction, OfStepsThatWaitForEachOtherIsNone) {
  Phase phase;
  phase.steps = {predicted_step("s1", "a", seconds(4), {}, {"s2"}),
                 predicted_step("s2", "a", seconds(5), {}, {"s1"})};
  EXPECT_EQ(predicted_length(phase), std::nullopt);
}

}  // namespace
}  // namespace wme::scenarios
