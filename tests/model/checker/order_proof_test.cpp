#include "model/checker/order_proof.hpp"

#include "model/language/interpreter.hpp"
#include "tests/model/checker/support.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT: a test speaks the model's words all the time

TEST(OrderProof, ShowsEveryPlanOfEveryProcedureAndProvider) {
  for (const Procedure procedure : kEveryProcedure)
    for (const Provider provider : kEveryProvider)
      for (const Addresses addresses : kEveryAddresses) {
        FleetShape shape;
        shape.provider = provider;
        shape.addresses = addresses;
        const Planned made = planned(procedure, shape);
        const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
        ASSERT_TRUE(plan) << plan.error().message;
        const OrderProof proof =
            prove_by_order(plan.value(), PossibleValues(plan.value(), plan.value().order()));
        EXPECT_TRUE(proof.open.empty())
            << to_string(procedure) << " on " << to_string(provider) << ": "
            << properties_of(plan.value(), proof.open.front()).front();
        EXPECT_GT(proof.guards, made.plan.steps.size());
        EXPECT_GT(proof.invariants, made.plan.steps.size());
        EXPECT_GT(proof.ends, 0U);
        EXPECT_GT(proof.goals, 0U);
      }
}

TEST(OrderProof, ShowsPlansForEveryVersion) {
  for (const Procedure procedure : kEveryProcedure)
    for (const char* version : kEveryVersion) {
      FleetShape shape;
      shape.version = version;
      const Planned made = planned(procedure, shape);
      const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
      ASSERT_TRUE(plan) << plan.error().message;
      const PossibleValues values(plan.value(), plan.value().order());
      EXPECT_TRUE(prove_by_order(plan.value(), values).open.empty()) << version;
    }
}

/// One state of the sequential run is one of the possible ones, at every event.
TEST(PossibleValues, ContainWhatARealRunShows) {
  for (const Procedure procedure : kEveryProcedure) {
    const Planned made = planned(procedure);
    const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
    ASSERT_TRUE(plan) << plan.error().message;
    const PossibleValues values(plan.value(), plan.value().order());
    State state = made.model->initial();
    for (const std::size_t step : plan.value().order().topological())
      for (const PlanEvent event : {request_of(step), end_event_of(step)}) {
        const GroundAction& action = plan.value().action(step);
        for (Variable v = 0; v < state.size(); ++v)
          ASSERT_NE(values.before(event, v) >> state[v] & 1U, 0U) << made.model->text(v);
        apply(is_request(event) ? action.request : action.outcomes.front(), state);
        for (Variable v = 0; v < state.size(); ++v)
          ASSERT_NE(values.after(event, v) >> state[v] & 1U, 0U) << made.model->text(v);
      }
  }
}

TEST(PossibleValues, AreExactWhereTheOrderFixesThem) {
  const Planned made = planned(Procedure::kDehydrate);
  const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  ASSERT_TRUE(plan) << plan.error().message;
  const PossibleValues values(plan.value(), plan.value().order());
  const std::size_t stop = position_of(made.plan, "stop-services", {"platform"});
  const Variable run = *made.model->variable("run", {"c1"});
  const Variable setup = *made.model->variable("setup", {"platform"});
  EXPECT_EQ(made.model->mask_text(run, values.before(request_of(stop), run)), "passivated");
  EXPECT_EQ(made.model->mask_text(setup, values.before(request_of(stop), setup)), "running");
  EXPECT_EQ(made.model->mask_text(setup, values.after(request_of(stop), setup)), "stopping");
  EXPECT_EQ(made.model->mask_text(setup, values.before(kEndOfPlan, setup)), "stopped");
  // c4 is hibernated at the same time as c1: it may be in any of the states on that way.
  const std::size_t hibernate = position_of(made.plan, "hibernate-container", {"c1"});
  const Variable other = *made.model->variable("run", {"c4"});
  EXPECT_EQ(made.model->mask_text(other, values.before(request_of(hibernate), other)),
            "passivated or running or hibernating or stopped or passivating");
}

TEST(PossibleValues, KeepWhatAnUncertainWriteMayHaveLeft) {
  // Given: the installer, which makes a fresh tree where none is mounted, does not wait for a mount
  Planned made = planned(Procedure::kRestore);
  const std::string mounts =
      made.plan.steps[position_of(made.plan, "mount-store", {"wm-data-new"})].id;
  const std::string creates =
      made.plan.steps[position_of(made.plan, "create-volume", {"wm-data-new"})].id;
  const std::size_t initializes = position_of(made.plan, "initialize", {"platform-new"});
  for (Step& step : made.plan.steps)
    std::erase_if(step.after, [&](const Edge& edge) { return edge.step == mounts; });
  made.plan.steps[initializes].after.push_back({creates, "the volume is there"});
  const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  ASSERT_TRUE(plan) << plan.error().message;
  const PossibleValues values(plan.value(), plan.value().order());
  // Then the tree is what was restored, or fresh
  const Variable content = *made.model->variable("content", {"wm-data-new"});
  EXPECT_EQ(made.model->mask_text(content, values.before(kEndOfPlan, content)),
            "restored or fresh");
}

TEST(OrderProof, SeesThatTheInstallationBreaksARuleFromTheStart) {
  Planned made = planned(Procedure::kRestore, tiny_shape());
  Installation torn = installation_of(fleet(tiny_shape()), Procedure::kRestore);
  torn.initial["consistent"]["snap-wm-data"] = "torn";
  const GroundModel model(std::move(torn));
  const Result<GroundPlan> plan = GroundPlan::of(model, made.plan);
  ASSERT_TRUE(plan) << plan.error().message;
  const OrderProof proof =
      prove_by_order(plan.value(), PossibleValues(plan.value(), plan.value().order()));
  ASSERT_FALSE(proof.open.empty());
  EXPECT_EQ(proof.open.front().kind, PropertyKind::kStart);
  EXPECT_EQ(properties_of(plan.value(), proof.open.front()).front(), "INV-12");
}

}  // namespace
}  // namespace wme::tests
