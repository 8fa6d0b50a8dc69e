#include "executor/telling/narrator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace wme::executor {
namespace {

using testing::ElementsAre;

constexpr TimePoint kBegun{std::chrono::milliseconds{1'795'312'800'000}};

RunEvent event_at(RunEvent::Kind kind, int after_s, std::size_t step = RunEvent::kNoStep,
                  std::string text = "") {
  return {kind, kBegun + std::chrono::seconds(after_s), step, std::move(text)};
}

model::Plan two_steps() {
  model::Plan plan;
  plan.procedure = "restore";
  plan.installation = "acme";
  plan.steps.resize(2);
  plan.steps[0].id = "s1";
  plan.steps[1].id = "s2";
  plan.steps[1].action = "mount-store";
  plan.steps[1].arguments = {"wm-data"};
  plan.steps[1].door = "host";
  return plan;
}

TEST(Narrator, GivesAnEventItsStepAttemptAndTimes) {
  Narrator narrator("run-7", two_steps(), 1);
  const Told begun = narrator.told(event_at(RunEvent::Kind::kResumed, 0));
  EXPECT_EQ(begun.kind, ToldKind::kRunResumed);
  EXPECT_EQ(begun.run, "run-7");
  EXPECT_EQ(begun.installation, "acme");
  EXPECT_EQ(begun.procedure, "restore");
  EXPECT_EQ(begun.steps, 2U);
  EXPECT_EQ(begun.steps_before, 1U);
  EXPECT_EQ(begun.step, "");
  narrator.told(event_at(RunEvent::Kind::kStarted, 10, 1));
  EXPECT_EQ(narrator.told(event_at(RunEvent::Kind::kRetry, 15, 1)).attempt, 1);
  const Told done = narrator.told(event_at(RunEvent::Kind::kDone, 40, 1, "Mount wm-data"));
  EXPECT_EQ(done.kind, ToldKind::kStepDone);
  EXPECT_EQ(done.step, "s2");
  EXPECT_EQ(done.action, "mount-store");
  EXPECT_THAT(done.arguments, ElementsAre("wm-data"));
  EXPECT_EQ(done.door, "host");
  EXPECT_EQ(done.attempt, 2);
  EXPECT_EQ(done.elapsed, std::chrono::seconds(30));
  EXPECT_EQ(done.text, "Mount wm-data");
  EXPECT_EQ(narrator.told(event_at(RunEvent::Kind::kHeartbeat, 50)).elapsed,
            std::chrono::seconds(50));
}

TEST(Narrator, KnowsThatPositionsAreThoseOfThePlanItTurnedTo) {
  Narrator narrator("run-7", two_steps(), 1);
  EXPECT_EQ(narrator.told(event_at(RunEvent::Kind::kRunStarted, 0)).kind, ToldKind::kRunStarted);
  narrator.told(event_at(RunEvent::Kind::kStarted, 0, 1));
  narrator.told(event_at(RunEvent::Kind::kRetry, 5, 0));
  model::Plan back = two_steps();
  back.procedure = "abort";
  back.steps.resize(1);
  narrator.turn_to(back);
  EXPECT_EQ(narrator.told(event_at(RunEvent::Kind::kRunStarted, 0)).kind, ToldKind::kRunTurned);
  EXPECT_EQ(narrator.told(event_at(RunEvent::Kind::kStarted, 10, 1)).step, "") << "it has only one";
  const Told first = narrator.told(event_at(RunEvent::Kind::kStarted, 20, 0));
  EXPECT_EQ(first.leg, 1);
  EXPECT_EQ(first.attempt, 1);
  EXPECT_EQ(first.steps, 1U);
  EXPECT_EQ(first.steps_before, 0U);
  EXPECT_EQ(first.procedure, "restore") << "it is still the same run";
}

TEST(Narrator, TakesTheVerdictFromTheEnd) {
  Narrator narrator("run-7", two_steps(), 0);
  const auto ended = [&](const std::string& text) {
    const Told told =
        narrator.told(event_at(RunEvent::Kind::kRunEnded, 1, RunEvent::kNoStep, text));
    return told.outcome + "|" + told.text;
  };
  EXPECT_EQ(ended("failed: s2: gone"), "failed|s2: gone");
  EXPECT_EQ(ended("stopped: by ada"), "stopped|by ada");
  EXPECT_EQ(ended("done"), "done|");
  EXPECT_EQ(ended("s2 mount-store wm-data: gone"), "failed|s2 mount-store wm-data: gone");
}

TEST(Narrator, HasAKindOfItsOwnForEachKindOfEvent) {
  std::set<ToldKind> kinds;
  const int last = static_cast<int>(RunEvent::Kind::kRunEnded);
  for (int kind = 0; kind <= last; ++kind)
    kinds.insert(Narrator("run-7", two_steps(), 0)
                     .told(event_at(static_cast<RunEvent::Kind>(kind), 0))
                     .kind);
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(last) + 1);
}

}  // namespace
}  // namespace wme::executor
