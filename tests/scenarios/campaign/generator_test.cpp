#include "scenarios/campaign/generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/campaign/courses.hpp"

namespace wme::scenarios {
namespace {

using tests::restore;

TEST(Generator, DrawsTheSameForTheSameSeedAndRun) {
  const Generator one(restore(), 7);
  const Generator other(restore(), 7);
  const Generator another(restore(), 8);
  bool differs = false;
  for (std::uint64_t run = 1; run < 2000; ++run) {
    // Each by itself, in any order: a shard begins in the middle.
    EXPECT_EQ(one.schedule(2000 - run), other.schedule(2000 - run));
    differs = differs || one.schedule(run) != another.schedule(run);
  }
  EXPECT_TRUE(differs);
}

TEST(Generator, BeginsWithARunThatNothingDisturbs) {
  EXPECT_TRUE(Generator(restore(), 1).schedule(1).empty());
}

/// Before anything is left to chance.
TEST(Generator, PlansEveryKindOfFaultAtEveryStepOnce) {
  const Generator generator(restore(), 1);
  ASSERT_EQ(generator.systematic_runs(), restore().pairs.size() + 1);
  std::set<std::string> planned;
  for (std::uint64_t run = 2; run <= generator.systematic_runs(); ++run) {
    const Schedule schedule = generator.schedule(run);
    ASSERT_EQ(schedule.size(), 1U);
    planned.insert(text_of(schedule));
  }
  EXPECT_GT(planned.size(), restore().pairs.size() * 9 / 10);  // one look may be at two steps
}

TEST(Generator, DrawsSwarms) {
  const Generator generator(restore(), 1);
  std::map<FaultKind, int> runs_with;
  std::size_t most = 0;
  constexpr int kRuns = 1000;
  for (int i = 1; i <= kRuns; ++i) {
    const Schedule schedule =
        generator.schedule(generator.systematic_runs() + static_cast<std::uint64_t>(i));
    most = std::max(most, schedule.size());
    std::set<FaultKind> kinds;
    for (const PlannedFault& each : schedule) kinds.insert(each.kind);
    for (const FaultKind each : kinds) ++runs_with[each];
  }
  EXPECT_GT(most, 4U);
  for (const FaultKindFacts& each : all_fault_kinds()) {
    EXPECT_GT(runs_with[each.kind], kRuns / 20) << each.name;
    EXPECT_LT(runs_with[each.kind], kRuns / 2) << each.name;
  }
}

}  // namespace
}  // namespace wme::scenarios
