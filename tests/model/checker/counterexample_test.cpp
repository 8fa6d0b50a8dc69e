#include "model/checker/counterexample.hpp"

#include <gmock/gmock.h>

#include "tests/model/checker/support.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT
using testing::Contains;
using testing::HasSubstr;

/// The first counterexample of a plan that was spoilt.
Counterexample first_of(const Planned& made) {
  const Result<Verification> verification = verify(*made.model, made.plan, {});
  EXPECT_TRUE(verification) << verification.error().message;
  if (!verification) return {};
  EXPECT_EQ(verification.value().verdict, Verdict::kRefuted);
  EXPECT_THAT(verification.value().disagreements, testing::IsEmpty());
  const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  for (const Counterexample& each : verification.value().counterexamples)
    expect_replays(plan.value(), each);
  if (verification.value().counterexamples.empty()) return {};
  return verification.value().counterexamples.front();
}

/// `later` no longer waits, neither directly nor through others, for `earlier`.
void let_loose(Plan& plan, const std::string& earlier, const std::string& later) {
  std::vector<Edge>& after = plan.steps[position_of(plan, later, {})].after;
  std::erase_if(after, [&](const Edge& edge) { return edge.step == earlier; });
}

TEST(Counterexample, NamesTheContainerThatTheServicesWereStoppedBefore) {
  // Given a plan in which nobody waits for the last container of studio-1 to be parked
  Planned made = planned(Procedure::kDehydrate);
  const std::string parks =
      made.plan.steps[position_of(made.plan, "passivate-container", {"c1"})].id;
  for (Step& step : made.plan.steps)
    std::erase_if(step.after, [&](const Edge& edge) { return edge.step == parks; });
  // When it is verified
  const Counterexample told = first_of(made);
  // Then the story is about that container, and the edge would bring it back into the order
  EXPECT_THAT(told.involved, Contains("c1"));
  EXPECT_EQ(told.mend_from, parks);
  EXPECT_THAT(told.mend, HasSubstr("run(c1) = passivated"));
}

/// Whoever waited for the step now waits for what it waited for; the step itself waits for nobody.
void take_out_of_order(Plan& plan, std::size_t position) {
  const std::string id = plan.steps[position].id;
  const std::vector<Edge> before = plan.steps[position].after;
  for (Step& step : plan.steps) {
    const std::size_t waits =
        std::erase_if(step.after, [&](const Edge& edge) { return edge.step == id; });
    if (waits > 0) step.after.insert(step.after.end(), before.begin(), before.end());
  }
  plan.steps[position].after.clear();
}

TEST(Counterexample, OfASnapshotBeforeTheLastPassivation) {
  // Given: the snapshot of /wm-data waits for every container but c5, and c5 waits for it
  Planned made = planned(Procedure::kDehydrate);
  const std::size_t parks = position_of(made.plan, "passivate-container", {"c5"});
  const std::size_t snapshot = position_of(made.plan, "take-snapshot", {"snap-wm-data"});
  take_out_of_order(made.plan, snapshot);
  for (const Step& step : made.plan.steps)
    if (step.action == "passivate-container" && step.arguments.front() != "c5")
      made.plan.steps[snapshot].after.push_back({step.id, "moved"});
  made.plan.steps[parks].after.push_back({made.plan.steps[snapshot].id, "moved"});
  // When it is verified
  const Result<Verification> verification = verify(*made.model, made.plan, {});
  ASSERT_TRUE(verification) << verification.error().message;
  // Then INV-05 is refuted, at the snapshot, for c5
  EXPECT_EQ(verdict_on(verification.value(), "INV-05").verdict, Verdict::kRefuted);
  const auto inv05 =
      std::ranges::find(verification.value().counterexamples, "INV-05", &Counterexample::property);
  ASSERT_NE(inv05, verification.value().counterexamples.end());
  EXPECT_THAT(inv05->involved, Contains("c5"));
  EXPECT_THAT(inv05->involved, testing::Not(Contains("c4")));
  EXPECT_THAT(inv05->headline, HasSubstr("take-snapshot snap-wm-data"));
  EXPECT_THAT(inv05->sentence, HasSubstr("its work is not in /wm-data"));
  EXPECT_THAT(inv05->loss, HasSubstr("`/data` is not in the backup"));
  EXPECT_THAT(inv05->mend, HasSubstr(made.plan.steps[snapshot].id + " comes too early: it must " +
                                     "wait for " + made.plan.steps[parks].id));
}

TEST(Counterexample, OfAContainerThatIsParkedAtTheVeryEnd) {
  // Given: parking c5 waits for the snapshot, and nobody waits for it
  Planned made = planned(Procedure::kDehydrate);
  const std::size_t parks = position_of(made.plan, "passivate-container", {"c5"});
  const std::size_t snapshot = position_of(made.plan, "take-snapshot", {"snap-wm-data"});
  take_out_of_order(made.plan, parks);
  made.plan.steps[parks].after = {{made.plan.steps[snapshot].id, "moved"}};
  // Then the first step that is too early for it is named: nobody gets as far as the snapshot
  const Counterexample told = first_of(made);
  EXPECT_THAT(told.involved, Contains("c5"));
  EXPECT_THAT(told.headline, HasSubstr("check-shard qa"));
  EXPECT_THAT(told.mend, HasSubstr("must wait for " + made.plan.steps[parks].id));
}

TEST(Counterexample, OfSwappedSteps) {
  Planned made = planned(Procedure::kRestore);
  swap_actions(made.plan, position_of(made.plan, "attach-volume", {"wm-data-new"}),
               position_of(made.plan, "mount-store", {"wm-data-new"}));
  const Counterexample told = first_of(made);
  EXPECT_THAT(told.headline, HasSubstr("mount-store wm-data-new"));
  EXPECT_THAT(told.sentence, HasSubstr("volume(wm-data-new) is"));
  EXPECT_THAT(told.mend, HasSubstr("comes too early"));
}

TEST(Counterexample, OfADroppedStep) {
  Planned made = planned(Procedure::kDehydrate);
  drop_step(made.plan, position_of(made.plan, "passivate-container", {"c4"}));
  const Counterexample told = first_of(made);
  EXPECT_THAT(told.involved, Contains("c4"));
  EXPECT_THAT(told.mend, HasSubstr("nothing in the plan brings about run(c4) = passivated"));
}

TEST(Counterexample, OfAGoalThatIsMissed) {
  Planned made = planned(Procedure::kDehydrate);
  drop_step(made.plan, position_of(made.plan, "detach-address", {}));
  const Counterexample told = first_of(made);
  EXPECT_EQ(told.headline, "the plan can end without its goal: the Platform's address is free");
  EXPECT_THAT(told.mend, HasSubstr("nothing in the plan brings about address = free"));
}

TEST(Counterexample, OfAStepThatUndoesAnothersEnd) {
  // Given: docker is started again on studio-1 by somebody who waits for nobody
  Planned made = planned(Procedure::kDehydrate);
  const std::size_t stops = position_of(made.plan, "stop-docker", {"studio-1"});
  Step starts;
  starts.id = "extra";
  starts.action = "start-docker";
  starts.arguments = {"studio-1"};
  made.plan.steps.push_back(starts);
  ASSERT_LT(stops, made.plan.steps.size());
  const Result<Verification> verification = verify(*made.model, made.plan, {});
  ASSERT_TRUE(verification) << verification.error().message;
  EXPECT_EQ(verdict_on(verification.value(), "ends").verdict, Verdict::kRefuted);
}

TEST(Counterexample, IsToldInTheOperatorsWords) {
  Planned made = planned(Procedure::kDehydrate, tiny_shape());
  let_loose(made.plan, made.plan.steps[position_of(made.plan, "take-baseline", {})].id,
            "restrict-login");
  const std::string gate = made.plan.steps[position_of(made.plan, "restrict-login", {})].id;
  const std::string baseline = made.plan.steps[position_of(made.plan, "take-baseline", {})].id;
  EXPECT_EQ(to_text(first_of(made)),
            "refuted: restrict-login (" + gate +
                ") can be requested too early\n"
                "  then " +
                gate +
                " Restrict login for all users and wait three minutes\n"
                "  the inventory before is not written down (A01) (baseline is no, not yes)  "
                "[guard of restrict-login]\n"
                "  mend: add the edge " +
                baseline + " → " + gate + " (baseline = yes)\n");
}

TEST(Counterexample, OfALargeFleetIsShort) {
  FleetShape shape;
  shape.instances = {{"studio", 4}};
  shape.containers_per_instance = 30;
  Planned made = planned(Procedure::kDehydrate, shape);
  drop_step(made.plan, position_of(made.plan, "passivate-container", {"c1"}));
  const std::string text = to_text(first_of(made));
  EXPECT_THAT(text, HasSubstr("steps that do not bear on it"));
  EXPECT_LT(std::ranges::count(text, '\n'), 20) << text;
}

}  // namespace
}  // namespace wme::tests
