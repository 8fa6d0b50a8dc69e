#include "model/mutation/mutants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/planner/planner.hpp"
#include "tests/support/fleets.hpp"

namespace wme::tests {
namespace {

using namespace model;  // NOLINT
using testing::HasSubstr;
using testing::StartsWith;

class Mutation : public testing::Test {
 protected:
  Mutation() : model_(installation_of(xs_fleet(), Procedure::kDehydrate)) {
    Result<Plan> plan = make_plan(model_);
    EXPECT_TRUE(plan) << plan.error().message;
    plan_ = std::move(plan).value();
  }

  std::vector<Mutant> mutants_of(MutantKind kind) {
    MutationOptions options;
    options.kinds = {kind};
    Result<std::vector<Mutant>> made = mutate(model_, plan_, options);
    EXPECT_TRUE(made) << made.error().message;
    return made ? std::move(made).value() : std::vector<Mutant>{};
  }

  Step& step(const std::string& action) {
    return *std::ranges::find(plan_.steps, action, &Step::action);
  }

  static const Mutant& only(const std::vector<Mutant>& mutants, const std::string& action,
                            const std::string& what) {
    const auto at = std::ranges::find_if(mutants, [&](const Mutant& each) {
      return each.action == action && each.what.find(what) != std::string::npos;
    });
    EXPECT_NE(at, mutants.end()) << action << ": " << what;
    return *at;
  }

  GroundModel model_;
  Plan plan_;
};

TEST_F(Mutation, TellsWhatAnEdgeIsGoodFor) {
  for (const Mutant& each : mutants_of(MutantKind::kDeletedEdge)) {
    if (each.step != step("take-snapshot").id) continue;
    // It could then come first of all: the shortest story there is, with the heaviest loss first.
    EXPECT_EQ(each.fate, Fate::kCaught);
    EXPECT_EQ(each.property, "INV-05");
    ASSERT_TRUE(each.story);
    EXPECT_EQ(each.story->trace.size(), 1U);
    EXPECT_THAT(each.story->also, testing::IsSupersetOf({"INV-09", "INV-12"}));
    EXPECT_THAT(each.story->headline, HasSubstr("can be requested too early"));
    return;
  }
  FAIL() << "the snapshot waits for nothing";
}

TEST_F(Mutation, StoriesReplayInTheMutantAndKeepTheRequestsInOrder) {
  for (const MutantKind kind : {MutantKind::kDeletedEdge, MutantKind::kDroppedWait})
    for (const Mutant& each : mutants_of(kind)) {
      ASSERT_EQ(each.fate, Fate::kCaught) << each.other << " → " << each.step << each.why;
      Plan mutant = plan_;
      for (Step& one : mutant.steps)
        if (one.id == each.step)
          std::erase_if(one.after, [&](const Edge& edge) { return edge.step == each.other; });
      const Result<GroundPlan> ground = GroundPlan::of(model_, mutant);
      ASSERT_TRUE(ground) << ground.error().message;
      const Trace& trace = each.story->trace;
      const std::optional<ReplayEnd> end = replayed(ground.value(), trace);
      ASSERT_TRUE(end) << to_text(*each.story);
      if (each.story->broken.kind != PropertyKind::kMaskedEnd) {
        EXPECT_THAT(end->broken, testing::Contains(each.story->broken)) << to_text(*each.story);
      }
      if (kind == MutantKind::kDeletedEdge) continue;
      // A step that does not wait for the end still waits for the request.
      const PlanOrder& order = ground.value().order();
      const auto asked = std::ranges::find(trace, requests(order.index_of(each.step)));
      const auto waited = std::ranges::find(trace, requests(order.index_of(each.other)));
      EXPECT_TRUE(asked == trace.end() || waited < asked) << to_text(*each.story);
    }
}

TEST_F(Mutation, ExplainsAnEdgeThatOthersImply) {
  Step& last = step("detach-address");
  last.after.push_back({step("restrict-login").id, "by hand"});
  for (const MutantKind kind : {MutantKind::kDeletedEdge, MutantKind::kDroppedWait}) {
    const std::vector<Mutant> mutants = mutants_of(kind);
    const auto by_hand = std::ranges::find(mutants, "by hand", &Mutant::because);
    ASSERT_NE(by_hand, mutants.end());
    EXPECT_EQ(by_hand->fate, Fate::kEquivalent);
    EXPECT_THAT(by_hand->why, StartsWith("other edges imply it: " + step("restrict-login").id));
    EXPECT_THAT(by_hand->why, HasSubstr(" → " + last.id));
  }
}

TEST_F(Mutation, CatchesAConditionThatThePlannerForgets) {
  const std::vector<Mutant> mutants = mutants_of(MutantKind::kDroppedCondition);
  const Mutant& baseline = only(mutants, "restrict-login", "inventory before");
  EXPECT_EQ(baseline.fate, Fate::kCaught);
  EXPECT_EQ(baseline.property, "guard of restrict-login");
  const Mutant& fence = only(mutants, "take-snapshot", "can still be written to");
  EXPECT_EQ(fence.rule, "INV-12");
  EXPECT_EQ(fence.fate, Fate::kCaught);
}

TEST_F(Mutation, SaysWhichConditionsKeepTheOrderOfAnother) {
  const std::vector<Mutant> mutants = mutants_of(MutantKind::kDroppedCondition);
  const Mutant& parked = only(mutants, "stop-services", "a container is not parked");
  EXPECT_EQ(parked.fate, Fate::kEquivalent);
  EXPECT_THAT(parked.why, StartsWith("other conditions keep the same order: "));
  EXPECT_THAT(parked.why, HasSubstr("counted = yes"));
}

TEST_F(Mutation, CatchesAnEffectThatALaterGuardNeeds) {
  const std::vector<Mutant> mutants = mutants_of(MutantKind::kWeakenedEffect);
  const Mutant& parked = only(mutants, "passivate-container", "run = passivated");
  EXPECT_EQ(parked.fate, Fate::kCaught);
  const Mutant& on_the_way = only(mutants, "passivate-container", "run = passivating");
  EXPECT_EQ(on_the_way.fate, Fate::kEquivalent);
  EXPECT_THAT(on_the_way.why, StartsWith("its end overwrites it"));
}

/// Found by a mutant that nothing noticed: no guard asks where the newest of a container is.
TEST_F(Mutation, CatchesABackupThatLacksWork) {
  const std::vector<Mutant> mutants = mutants_of(MutantKind::kWeakenedEffect);
  const std::string goal = "goal: the backup is in one piece and holds everybody's last saved work";
  EXPECT_EQ(only(mutants, "passivate-container", "newest = old-platform").property, goal);
  EXPECT_EQ(only(mutants, "take-snapshot", "captured = newest").property, goal);
  EXPECT_EQ(only(mutants, "take-snapshot", "consistent = yes").property, goal);
}

TEST_F(Mutation, MakesNothingOfAPlanThatIsNotProved) {
  step("stop-services").after.clear();
  const Result<std::vector<Mutant>> made = mutate(model_, plan_, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kFailed);
  EXPECT_THAT(made.error().message, HasSubstr("the plan itself is refuted"));
}

TEST_F(Mutation, GivesTheSameReportTwice) {
  const auto told = [&] {
    std::string text;
    for (const MutantKind kind : kEveryMutantKind)
      for (const Mutant& each : mutants_of(kind))
        text += each.step + each.other + each.what + each.property + each.why +
                (each.story ? to_text(*each.story) : "") + "\n";
    return text;
  };
  EXPECT_EQ(told(), told());
}

}  // namespace
}  // namespace wme::tests
