#include "model/checker/recovery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/safe_stops.hpp"
#include "tests/model/checker/spoil.hpp"

namespace wme::tests {
namespace {

using model::DeadEnds;
using model::FaultBudget;
using model::GroundAction;
using model::GroundModel;
using model::GroundPlan;
using model::NoReturn;
using model::Plan;
using model::Procedure;
using model::Repertoire;
using model::Replay;
using model::Rest;
using model::State;
using model::Way;
using model::WaySearch;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

GroundPlan grounded(const Planned& planned) {
  auto ground = GroundPlan::of(*planned.model, planned.plan);
  EXPECT_TRUE(ground) << ground.error().message;
  ground.value().add_environment();
  return std::move(ground).value();
}

std::vector<std::string> names_of(const GroundPlan& plan, const std::vector<std::size_t>& steps) {
  std::vector<std::string> names;
  for (const std::size_t each : steps) names.push_back(plan.name(each));
  return names;
}

std::vector<std::string> no_return_of(Procedure procedure, model::Provider provider) {
  FleetShape shape;
  shape.provider = provider;
  const Planned planned = tests::planned(procedure, shape);
  const GroundPlan plan = grounded(planned);
  const NoReturn found = no_return(plan);
  EXPECT_TRUE(found.is_known) << found.why;
  EXPECT_TRUE(found.is_exact);
  return names_of(plan, found.steps);
}

/// wme.md 3a: a dehydration is also the regular backup, after which WME is started again: at its
/// end the old Platform is only stopped, and without its address (INV-63: give it back and boot).
TEST(NoReturn, DoesNotExistForADehydration) {
  for (const model::Provider provider : kEveryProvider)
    EXPECT_THAT(no_return_of(Procedure::kDehydrate, provider), IsEmpty());
}

/// INV-63: going back ends when the new Platform first writes. B09 and D04: the installer does.
TEST(NoReturn, IsTheInstallerOfTheNewPlatformForRotationsAndUpgrades) {
  for (const model::Provider provider : kEveryProvider)
    for (const Procedure procedure : {Procedure::kRotate, Procedure::kUpgrade})
      EXPECT_THAT(no_return_of(procedure, provider), ElementsAre("initialize platform-new"));
}

/// What there is of a lost installation is its backup. It holds everything until the canaries of
/// B17 ("last point with a cheap way back") run: from then on, what they write is in no backup.
TEST(NoReturn, IsTheFirstCanaryForARestore) {
  for (const model::Provider provider : kEveryProvider)
    EXPECT_THAT(no_return_of(Procedure::kRestore, provider),
                ElementsAre("activate-container c1", "activate-container c4"));
}

/// It is the place that the data marks by hand as having no cheap way back.
TEST(NoReturn, AgreesWithWhatTheActionsSayOfThemselves) {
  const Planned planned = tests::planned(Procedure::kRotate);
  const auto order = model::PlanOrder::of(planned.plan);
  const NoReturn found = no_return(grounded(planned));
  EXPECT_EQ(planned.plan.steps[found.steps.front()].id,
            summary_of(planned.plan, order.value()).point_of_no_return);
}

/// Some steps have ended, in any order that the edges allow; which, and where that leads.
std::pair<std::vector<bool>, State> interrupted(const GroundPlan& plan, std::mt19937& random) {
  Replay run(plan);
  std::vector<bool> done(plan.size(), false);
  for (std::size_t count = any_below(random, plan.size() + 1); count > 0; --count) {
    std::vector<std::size_t> ready;
    for (std::size_t step = 0; step < plan.size(); ++step)
      if (run.possible(model::requests(step))) ready.push_back(step);
    const std::size_t next = ready[any_below(random, ready.size())];
    run.take(model::requests(next));
    run.take(model::ends(next));
    done[next] = true;
  }
  return {std::move(done), run.state()};
}

/// Not only in the plan's own order: an interrupted run has a way back exactly while it has done
/// none of the steps that were named.
TEST(NoReturn, IsRightInEveryOrderOfTheSteps) {
  for (const Procedure procedure : kEveryProcedure) {
    const Planned planned = tests::planned(procedure);
    const GroundPlan plan = grounded(planned);
    const NoReturn found = no_return(plan);
    WaySearch back(*planned.model, where_it_was(*planned.model), Repertoire::kWaysBack);
    for (unsigned seed = 1; seed <= 150; ++seed) {
      std::mt19937 random(seed);
      const auto [done, state] = interrupted(plan, random);
      const bool passed =
          std::ranges::any_of(found.steps, [&](std::size_t each) { return done[each]; });
      EXPECT_EQ(back.from(state).answer, passed ? Way::Answer::kNone : Way::Answer::kThere)
          << to_string(procedure) << ", seed " << seed;
    }
  }
}

/// Each way back, made into a plan of its own for the installation as it is then, is carried out by
/// the checker's interpreter and ends where it was.
TEST(NoReturn, EachWayBackReplaysAndEndsWhereItWas) {
  for (const Procedure procedure : kEveryProcedure) {
    const Planned planned = tests::planned(procedure);
    const GroundPlan plan = grounded(planned);
    const std::vector<model::Goal> goals = where_it_was(*planned.model);
    const NoReturn found = no_return(plan);
    Replay forward(plan);
    for (std::size_t count = 0; count < found.after_step.size(); ++count) {
      if (count > 0) {
        const std::size_t step = plan.order().topological()[count - 1];
        forward.take(model::requests(step));
        forward.take(model::ends(step));
      }
      const GroundModel then(found_in(*planned.model, forward.state()));
      ASSERT_EQ(then.initial(), forward.state());
      const auto made = make_plan(then, then.initial(), goals, {"as it was found"});
      ASSERT_TRUE(made) << made.error().message;
      EXPECT_EQ(made.value().steps.size(), found.after_step[count].actions.size());
      const auto ground = GroundPlan::of(then, made.value());
      ASSERT_TRUE(ground) << ground.error().message;
      Replay run(ground.value());
      for (const std::size_t step : ground.value().order().topological()) {
        ASSERT_TRUE(run.possible(model::requests(step)));
        EXPECT_THAT(run.take(model::requests(step)), IsEmpty()) << ground.value().name(step);
        EXPECT_THAT(run.take(model::ends(step)), IsEmpty()) << ground.value().name(step);
      }
      for (const model::Goal& goal : goals)
        EXPECT_TRUE(evaluate(then.ground(goal.formula), run.state())) << goal.words;
    }
  }
}

TEST(NoReturn, IsNotKnownForAPlanThatDoesNotRunThrough) {
  Planned planned = tests::planned(Procedure::kDehydrate);
  drop_step(planned.plan, position_of(planned.plan, "hibernate-container", {"c1"}));
  const NoReturn found = no_return(grounded(planned));
  EXPECT_FALSE(found.is_known);
  EXPECT_THAT(found.why, HasSubstr("does not run through"));
}

// Where runs come to rest.

TEST(DeadEnds, AreNotMetByAnyPlanWithAnyOneFault) {
  for (const Procedure procedure : kEveryProcedure)
    for (const model::Provider provider : kEveryProvider) {
      FleetShape shape;
      shape.provider = provider;
      const Planned planned = tests::planned(procedure, shape);
      const DeadEnds found = sample_dead_ends(grounded(planned), {.faults = FaultBudget(1)});
      for (const model::Counterexample& each : found.dead) ADD_FAILURE() << to_text(each);
      EXPECT_THAT(found.undecided, IsEmpty());
      EXPECT_GT(found.runs, 100U);
      EXPECT_GT(found.rests, 10U);
      EXPECT_EQ(found.strength, DeadEnds::Strength::kSampled);
      // What the environment can do to any installation is told, not blamed on the plan; of a
      // restore, the backup keeps what a lost machine takes with it.
      const bool has_backup = procedure == Procedure::kRestore;
      EXPECT_EQ(std::ranges::count(found.assumed, "machine-lost platform"), has_backup ? 0 : 1);
    }
}

/// However a plan is spoilt: it stops at a closed guard, and that is a safe stop. The guards, not
/// the order, keep a run out of dead ends.
TEST(DeadEnds, AreNotMetByASpoiltPlanSinceTheGuardsHold) {
  for (const Procedure procedure : kEveryProcedure) {
    const Planned planned = tests::planned(procedure);
    std::mt19937 random(3);
    for (int i = 0; i < 12; ++i) {
      const Planned mutant{nullptr, spoilt(random, planned.plan)};
      auto ground = GroundPlan::of(*planned.model, mutant.plan);
      if (!ground) continue;
      ground.value().add_environment();
      const DeadEnds found = sample_dead_ends(ground.value(), {.faults = FaultBudget(1)});
      for (const model::Counterexample& each : found.dead) ADD_FAILURE() << to_text(each);
    }
  }
}

/// The plan with one step more, right before `before`, whose guard a mutant of the model has lost.
struct Unguarded {
  Unguarded(Procedure procedure, const std::string& action, const std::string& argument,
            const std::string& before)
      : planned(tests::planned(procedure)) {
    Plan& plan = planned.plan;
    const auto at = std::ranges::find(plan.steps, before, &model::Step::action);
    model::Step step;
    step.id = "evil";
    step.action = action;
    step.arguments = {argument};
    step.after = at->after;
    at->after.push_back({"evil", "a guess"});
    plan.steps.insert(at, step);
  }
  GroundPlan ground() const {
    auto made = GroundPlan::of(*planned.model, planned.plan,
                               [this](std::size_t step, GroundAction& action) {
                                 if (planned.plan.steps[step].id == "evil") action.guard.clear();
                               });
    EXPECT_TRUE(made) << made.error().message;
    made.value().add_environment();
    return std::move(made).value();
  }
  Planned planned;
};

TEST(DeadEnds, AreFoundAndTheirTraceReplays) {
  // Given a dehydration that formats /wm-data before it is in a snapshot, and nobody objects
  const Unguarded spoilt(Procedure::kDehydrate, "format-store", "wm-data", "take-snapshot");
  const GroundPlan plan = spoilt.ground();
  // When its runs are followed without any fault
  const DeadEnds found = sample_dead_ends(plan, {});
  // Then there is a dead end, since everybody's work is gone
  ASSERT_EQ(found.dead.size(), 1U);
  const model::Counterexample& dead = found.dead.front();
  EXPECT_EQ(dead.property, model::kRecoverableProperty);
  EXPECT_THAT(dead.sentence, HasSubstr("captured(c1) never becomes newest again"));
  EXPECT_THAT(to_text(dead), HasSubstr("Format the volume wm-data"));
  // And the trace, run once more, ends in a state from which nothing leads anywhere
  const auto end = replayed(plan, dead.trace);
  ASSERT_TRUE(end);
  EXPECT_EQ(model::RestJudge(*spoilt.planned.model).judge(end->state).kind, Rest::Kind::kDeadEnd);
}

/// All states at rest of the same plan, with the same faults.
DeadEnds explored(const GroundPlan& plan, int faults, model::Reductions reductions = {}) {
  model::ExploreOptions options;
  options.faults = FaultBudget(faults);
  options.reductions = reductions;
  return explore_dead_ends(plan, options);
}

TEST(DeadEnds, AreFoundByExplorationToo) {
  const Unguarded spoilt(Procedure::kDehydrate, "format-store", "wm-data", "take-snapshot");
  const GroundPlan plan = spoilt.ground();
  for (const model::Reductions reductions : {model::Reductions{}, model::Reductions::none()})
    for (const int faults : {0, 1}) {
      const DeadEnds found = explored(plan, faults, reductions);
      ASSERT_FALSE(found.dead.empty());
      for (const model::Counterexample& dead : found.dead) {
        const auto end = replayed(plan, dead.trace);
        ASSERT_TRUE(end) << to_text(dead);
        EXPECT_EQ(model::RestJudge(*spoilt.planned.model).judge(end->state).kind,
                  Rest::Kind::kDeadEnd)
            << to_text(dead);
      }
    }
}

TEST(DeadEnds, AreInNoStateAtRestOfADehydration) {
  for (const model::Provider provider : {model::Provider::kAws, model::Provider::kEsxi}) {
    FleetShape shape;
    shape.provider = provider;
    const Planned planned = tests::planned(Procedure::kDehydrate, shape);
    const GroundPlan plan = grounded(planned);
    const DeadEnds sampled = sample_dead_ends(plan, {.faults = FaultBudget(1)});
    const DeadEnds reduced = explored(plan, 1);
    const DeadEnds whole = explored(plan, 1, model::Reductions::none());
    for (const DeadEnds* each : {&reduced, &whole}) {
      EXPECT_EQ(each->strength, DeadEnds::Strength::kExplored) << each->how;
      EXPECT_THAT(each->dead, IsEmpty());
      EXPECT_THAT(each->undecided, IsEmpty());
      EXPECT_THAT(each->assumed, Contains("machine-lost platform"));
    }
    for (const std::string& event : sampled.assumed) EXPECT_THAT(whole.assumed, Contains(event));
    // What sampled runs come to rest in, is among all states at rest; exchanged, they are fewer.
    EXPECT_LE(sampled.rests, whole.rests);
    EXPECT_LE(reduced.rests, whole.rests);
    for (std::size_t stop = 0; stop < whole.at.size(); ++stop)
      EXPECT_LE(sampled.at[stop], whole.at[stop]) << model::safe_stops()[stop].name;
  }
}

TEST(DeadEnds, AreNotRuledOutWhenABoundWasMet) {
  const Planned planned = tests::planned(Procedure::kRotate);
  const GroundPlan plan = grounded(planned);
  model::ExploreOptions options;
  options.faults = FaultBudget(1);
  options.states_max = 1'000;
  const DeadEnds found = explore_dead_ends(plan, options);
  EXPECT_EQ(found.strength, DeadEnds::Strength::kUndecided);
  EXPECT_THAT(found.how, HasSubstr("the bound of 1000 states was met"));
}

TEST(DeadEnds, AreTheFaultsWhenThePlanAloneHasNone) {
  // Given a rotation that throws the old Platform's backup away before anything is restored: as
  // long as the old trees are there, that does no harm
  const Unguarded spoilt(Procedure::kRotate, "delete-snapshot", "snap-wm-data", "launch-machine");
  const GroundPlan plan = spoilt.ground();
  const DeadEnds without = sample_dead_ends(plan, {});
  EXPECT_THAT(without.dead, IsEmpty());
  // When the old Platform is lost after that, nothing is left; but a lost Platform is accepted
  const DeadEnds with = sample_dead_ends(plan, {.faults = FaultBudget(1)});
  EXPECT_THAT(with.assumed, Contains("machine-lost platform"));
}

TEST(DeadEnds, AreSampledEvenlyWhenThereAreTooManyRuns) {
  const Planned planned = tests::planned(Procedure::kRotate);
  const GroundPlan plan = grounded(planned);
  const DeadEnds all = sample_dead_ends(plan, {.faults = FaultBudget(1)});
  const DeadEnds some = sample_dead_ends(plan, {.faults = FaultBudget(1), .events_max = 4'000});
  EXPECT_LT(some.runs, all.runs / 4);
  EXPECT_GT(some.runs, 10U);
  EXPECT_THAT(some.how, HasSubstr("with one fault in "));
}

TEST(DeadEnds, OfOtherKindsOfFaultsAreNotLookedAt) {
  const Planned planned = tests::planned(Procedure::kDehydrate);
  const GroundPlan plan = grounded(planned);
  const DeadEnds found =
      sample_dead_ends(plan, {.faults = FaultBudget::parse("user-wakes=1,lost-answer=1").value()});
  EXPECT_THAT(found.assumed, IsEmpty()) << "no machine was lost";
  EXPECT_GT(found.runs, 1U);
}

TEST(RestJudge, TellsAStopFromAWayAndRemembers) {
  const Planned planned = tests::planned(Procedure::kRotate);
  model::RestJudge judge(*planned.model);
  const Rest first = judge.judge(planned.model->initial());
  EXPECT_EQ(first.kind, Rest::Kind::kSafeStop);
  EXPECT_EQ(model::safe_stops()[first.stop].name, "as-before");
  judge.judge(planned.model->initial());
  EXPECT_EQ(judge.judged(), 1U);
}

TEST(RestJudge, FindsTheWayOn) {
  // Given a rotation of which the new Platform is launched, and the old one was booted by somebody
  const Planned planned = tests::planned(Procedure::kRotate);
  const GroundPlan plan = grounded(planned);
  Replay run(plan);
  for (const std::size_t step : plan.order().topological()) {
    run.take(model::requests(step));
    run.take(model::ends(step));
    if (plan.name(step) == "launch-machine platform-new") break;
  }
  State state = run.state();
  const auto power = planned.model->variable("power", {"platform"});
  const auto setup = planned.model->variable("setup", {"platform"});
  const auto gate = planned.model->variable("gate", {});
  state[*power] = *planned.model->value(*power, "running");
  state[*setup] = *planned.model->value(*setup, "failed");
  state[*gate] = *planned.model->value(*gate, "restricting");
  // When it is judged, then what is there of the goals says what comes next, or how to put it down
  model::RestJudge judge(*planned.model);
  const Rest rest = judge.judge(state);
  EXPECT_NE(rest.kind, Rest::Kind::kDeadEnd) << rest.why;
  EXPECT_NE(rest.kind, Rest::Kind::kUndecided) << rest.why;
}

TEST(Verify, RefutesAPlanForNothingWhenWaysAreNotAskedFor) {
  const Planned planned = tests::planned(Procedure::kDehydrate, tiny_shape());
  const auto without = verify(*planned.model, planned.plan, {});
  ASSERT_TRUE(without);
  EXPECT_FALSE(without.value().recovery.has_value());
  model::VerifyOptions options;
  options.recovery = true;
  const auto with = verify(*planned.model, planned.plan, options);
  ASSERT_TRUE(with);
  ASSERT_TRUE(with.value().recovery.has_value());
  EXPECT_EQ(verdict_on(with.value(), model::kRecoverableProperty).verdict, model::Verdict::kProved);
  EXPECT_EQ(with.value().verdict, model::Verdict::kProved);
  options.faults = FaultBudget(1);
  const auto faulted = verify(*planned.model, planned.plan, options);
  ASSERT_TRUE(faulted);
  EXPECT_EQ(verdict_on(faulted.value(), model::kRecoverableProperty).verdict,
            model::Verdict::kExplored);
}

}  // namespace
}  // namespace wme::tests
