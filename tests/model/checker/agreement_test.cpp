#include <gmock/gmock.h>

#include <random>
#include <set>

#include "model/language/interpreter.hpp"
#include "tests/model/checker/spoil.hpp"
#include "tests/model/checker/support.hpp"

/// Order proof, exploration and interpreter share no argument. On spoilt plans they must agree.
namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT
using testing::IsEmpty;

std::set<std::string> refuted(const Verification& verification) {
  std::set<std::string> ids;
  for (const PropertyVerdict& each : verification.properties)
    if (each.verdict == Verdict::kRefuted) ids.insert(each.id);
  return ids;
}

std::set<std::string> violated(const Exploration& exploration) {
  std::set<std::string> ids;
  for (const auto& [id, reached] : exploration.violations) ids.insert(id);
  return ids;
}

/// How often each method was put to work, so that the test cannot pass by doing nothing.
struct Tally {
  int mutants = 0;
  int refuted = 0;
  int proved = 0;
  int left_to_exploration = 0;
};

void compare_methods(const Planned& made, unsigned seed, int mutants, Tally& tally) {
  std::mt19937 random(seed);
  for (int i = 0; i < mutants; ++i) {
    const Plan mutant = spoilt(random, made.plan);
    SCOPED_TRACE("seed " + std::to_string(seed) + ", mutant " + std::to_string(i));
    VerifyOptions options;
    options.explore = VerifyOptions::Explore::kAlways;
    options.states_max = 20'000;
    options.symbolic_steps_max = 0;
    const Result<Verification> reduced = verify(*made.model, mutant, options);
    options.reductions = Reductions::none();
    const Result<Verification> full = verify(*made.model, mutant, options);
    ASSERT_TRUE(reduced) << reduced.error().message;
    ASSERT_TRUE(full) << full.error().message;
    ASSERT_THAT(reduced.value().disagreements, IsEmpty());
    ASSERT_THAT(full.value().disagreements, IsEmpty());
    const Exploration& all = *full.value().exploration;
    if (!all.complete) continue;
    ASSERT_TRUE(reduced.value().exploration->complete);
    ASSERT_LE(reduced.value().exploration->states, all.states);
    ASSERT_EQ(violated(*reduced.value().exploration), violated(all));
    ASSERT_EQ(refuted(reduced.value()), refuted(full.value()));
    const Result<GroundPlan> plan = GroundPlan::of(*made.model, mutant);
    for (const Verification* each : {&reduced.value(), &full.value()})
      for (const Counterexample& told : each->counterexamples) expect_replays(plan.value(), told);
    ++tally.mutants;
    if (full.value().verdict == Verdict::kRefuted) ++tally.refuted;
    if (full.value().verdict == Verdict::kProved) ++tally.proved;
    if (full.value().verdict == Verdict::kExplored) ++tally.left_to_exploration;
  }
}

TEST(Agreement, OfOrderProofAndExplorationOnSpoiltPlans) {
  Tally tally;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    compare_methods(planned(Procedure::kDehydrate, tiny_shape()), seed, 50, tally);
    FleetShape one_disk = tiny_shape();
    one_disk.provider = Provider::kEsxi;
    compare_methods(planned(Procedure::kRestore, one_disk), 100 + seed, 15, tally);
  }
  EXPECT_GT(tally.mutants, 280);
  EXPECT_GT(tally.refuted, 200);
  EXPECT_GT(tally.proved, 20);
  std::cout << tally.mutants << " mutants explored completely: " << tally.refuted << " refuted, "
            << tally.proved << " proved, " << tally.left_to_exploration << " explored only\n";
}

/// Events in any order that the edges and the guards allow; each state, before and after each
/// event, is among those that the order proof reckons with.
void walk(std::mt19937& random, const GroundPlan& plan, const PossibleValues& values,
          std::size_t& events) {
  Replay run(plan);
  const auto expect_reckoned_with = [&](PlanEvent event, bool after) {
    for (Variable v = 0; v < run.state().size(); ++v) {
      const Mask mask = after ? values.after(event, v) : values.before(event, v);
      ASSERT_NE(mask >> run.state()[v] & 1U, 0U)
          << plan.name(step_of(event)) << ": " << plan.model().text(v) << " = "
          << plan.model().value_text(v, run.state()[v]) << ", not among "
          << plan.model().mask_text(v, mask);
    }
  };
  for (;;) {
    std::vector<PlanEvent> next;
    for (std::size_t step = 0; step < plan.size(); ++step) {
      if (run.possible(ends(step))) next.push_back(end_event_of(step));
      if (run.possible(requests(step)) && requested(plan.model(), plan.action(step), run.state()))
        next.push_back(request_of(step));
    }
    if (next.empty()) return;
    const PlanEvent event = next[any_below(random, next.size())];
    expect_reckoned_with(event, false);
    (void)run.take(is_request(event) ? requests(step_of(event)) : ends(step_of(event)));
    expect_reckoned_with(event, true);
    ++events;
  }
}

TEST(Agreement, OfPossibleValuesAndRandomRunsOfSpoiltPlans) {
  std::mt19937 random(11);
  std::size_t events = 0;
  for (const Procedure procedure : kEveryProcedure) {
    const Planned made = planned(procedure);
    for (int i = 0; i < 16 && !testing::Test::HasFatalFailure(); ++i) {
      SCOPED_TRACE(std::string(to_string(procedure)) + ", seed 11, mutant " + std::to_string(i));
      const Plan mutant = spoilt(random, made.plan);
      const Result<GroundPlan> plan = GroundPlan::of(*made.model, mutant);
      ASSERT_TRUE(plan) << plan.error().message;
      const PossibleValues values(plan.value(), plan.value().order());
      for (int walks = 0; walks < 2; ++walks) walk(random, plan.value(), values, events);
    }
  }
  EXPECT_GT(events, 5000U);
}

/// The order misses no run that breaks something: what exploration refutes was never proved. (That
/// is `disagreements`, above.) And it is not so careful that it says nothing: nearly every refuted
/// mutant is refuted by order alone.
TEST(Agreement, OrderAloneDecidesNearlyEveryMutant) {
  const Planned made = planned(Procedure::kRotate);
  std::mt19937 random(7);
  int undecided = 0;
  constexpr int kMutants = 100;
  for (int i = 0; i < kMutants; ++i) {
    VerifyOptions options;
    options.explore = VerifyOptions::Explore::kNever;
    const Result<Verification> verification =
        verify(*made.model, spoilt(random, made.plan), options);
    ASSERT_TRUE(verification) << verification.error().message;
    if (verification.value().verdict == Verdict::kUndecided) ++undecided;
  }
  EXPECT_LE(undecided, kMutants / 20);
}

}  // namespace
}  // namespace wme::tests
