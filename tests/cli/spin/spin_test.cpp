#include "cli/spin/spin.hpp"

#include <gmock/gmock.h>

#include "tests/model/checker/spoil.hpp"
#include "tests/model/checker/support.hpp"

/// Our explorer and SPIN on the same plans: as many states, as many transitions, the same broken
/// properties.
namespace wme::cli {
namespace {

using namespace wme::model;  // NOLINT
using namespace wme::tests;  // NOLINT
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Case {
  Procedure procedure;
  Provider provider;
  int faults = 0;
};
std::ostream& operator<<(std::ostream& out, const Case& each) {
  return out << to_string(each.procedure) << " on " << to_string(each.provider) << ", "
             << each.faults << " faults";
}

struct Both {
  Exploration ours;
  Promela promela;
};

Both explored(const GroundModel& model, const Plan& plan, const FaultBudget& faults) {
  Result<GroundPlan> ground = GroundPlan::of(model, plan);
  EXPECT_TRUE(ground) << ground.error().message;
  if (!faults.is_empty()) ground.value().add_environment();
  ExploreOptions options;
  options.faults = faults;
  options.reductions = model::Reductions::none();
  Both made{explore(ground.value(), options), to_promela(ground.value(), faults)};
  EXPECT_TRUE(made.ours.complete) << made.ours.stopped_by;
  return made;
}

/// The same with independent steps in one order, on both sides.
Both reduced(const GroundModel& model, const Plan& plan) {
  const Result<GroundPlan> ground = GroundPlan::of(model, plan);
  EXPECT_TRUE(ground) << ground.error().message;
  ExploreOptions options;
  options.reductions = model::Reductions::none();
  options.reductions.partial_order = true;
  Both made{explore(ground.value(), options), to_reduced_promela(ground.value())};
  EXPECT_TRUE(made.ours.complete) << made.ours.stopped_by;
  return made;
}

SpinRun spin(const Both& both) {
  SpinOptions options;
  options.states_expected = both.ours.states;
  Result<SpinRun> run = run_spin(both.promela, options);
  EXPECT_TRUE(run) << run.error().message;
  if (!run) return {};
  EXPECT_EQ(run.value().stopped_by, "");
  return std::move(run).value();
}

/// Too many states for a test: the steps of an upgrade after these are left out.
Plan begun(const Plan& plan) {
  constexpr std::size_t kStepsMax = 44;
  Plan some = plan;
  const PlanOrder order = PlanOrder::of(plan).value();
  std::vector<bool> kept(plan.steps.size(), false);
  for (std::size_t i = 0; i < std::min(kStepsMax, plan.steps.size()); ++i)
    kept[order.topological()[i]] = true;
  for (std::size_t step = plan.steps.size(); step-- > 0;)
    if (!kept[step]) some.steps.erase(some.steps.begin() + static_cast<std::ptrdiff_t>(step));
  return some;
}

class Spin : public testing::TestWithParam<Case> {};
TEST_P(Spin, SeesWhatWeSee) {
  FleetShape shape = tiny_shape();
  shape.provider = GetParam().provider;
  const Planned made = planned(GetParam().procedure, shape);
  const bool is_long = GetParam().procedure == Procedure::kUpgrade;
  const Plan plan = is_long ? begun(made.plan) : made.plan;
  const Both both = explored(*made.model, plan, GetParam().faults);
  EXPECT_GT(both.ours.states, 100U);
  EXPECT_THAT(differences(both.ours, spin(both)), IsEmpty());
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Provider provider : kEveryProvider) {
    for (const Procedure procedure : kEveryProcedure) all.push_back({procedure, provider, 0});
    all.push_back({Procedure::kDehydrate, provider, 1});
    all.push_back({Procedure::kRestore, provider, 1});
  }
  return all;
}
INSTANTIATE_TEST_SUITE_P(Spin, Spin, testing::ValuesIn(cases()));

class SpinAndIndependentSteps : public testing::TestWithParam<Case> {};
TEST_P(SpinAndIndependentSteps, SeeWhatWeSee) {
  FleetShape shape;
  shape.provider = GetParam().provider;
  const Planned made = planned(GetParam().procedure, shape);
  const Both both = reduced(*made.model, made.plan);
  EXPECT_GT(both.ours.states, 2 * made.plan.steps.size());
  EXPECT_THAT(differences(both.ours, spin(both)), IsEmpty());
  // And of a plan that is not sound, both find the same wrong
  std::mt19937 random(17);
  const Both wrong = reduced(*made.model, spoilt(random, made.plan));
  EXPECT_THAT(differences(wrong.ours, spin(wrong)), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Spin, SpinAndIndependentSteps,
                         testing::Values(Case{Procedure::kRotate, Provider::kAws},
                                         Case{Procedure::kUpgrade, Provider::kAws},
                                         Case{Procedure::kUpgrade, Provider::kEsxi}));

class SpinAndSpoiltPlans : public testing::TestWithParam<unsigned> {};
TEST_P(SpinAndSpoiltPlans, BreakTheSameProperties) {
  std::mt19937 random(GetParam());
  std::size_t broken = 0;
  for (int i = 0; i < 5; ++i) {
    const Planned made =
        planned(i % 2 == 0 ? Procedure::kDehydrate : Procedure::kRestore, tiny_shape());
    const Plan plan = spoilt(random, made.plan);
    const Both both = explored(*made.model, plan, i == 4 ? 1 : 0);
    const SpinRun run = spin(both);
    EXPECT_THAT(differences(both.ours, run), IsEmpty()) << "plan " << i;
    broken += run.violated.size();
  }
  EXPECT_GT(broken, 5U);  // or nothing was compared
}
INSTANTIATE_TEST_SUITE_P(Spin, SpinAndSpoiltPlans, testing::Values(1U, 2U, 3U, 4U));

TEST(SpinAndBudgets, AgreeOnEachKindOfFault) {
  const Planned made = planned(Procedure::kDehydrate, tiny_shape());
  for (const char* budget :
       {"stale-read=2,user-wakes=1", "executor-killed=1,lost-answer=1", "failed-outcome=1"}) {
    const Both both = explored(*made.model, made.plan, FaultBudget::parse(budget).value());
    EXPECT_THAT(differences(both.ours, spin(both)), IsEmpty()) << budget;
  }
}

TEST(SpinAndAnEmptyPlan, MissTheSameGoals) {
  const Planned made = planned(Procedure::kDehydrate, tiny_shape());
  Plan nothing = made.plan;
  nothing.steps.clear();
  for (const int faults : {0, 1}) {
    const Both both = explored(*made.model, nothing, faults);
    EXPECT_FALSE(both.ours.violations.empty());
    EXPECT_THAT(differences(both.ours, spin(both)), IsEmpty()) << faults;
  }
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

/// The comparison must be able to fail: `by` takes the place of the beginning of what makes a step
/// ready.
std::vector<std::string> differences_with(const Planned& made, const char* action,
                                          const std::string& by) {
  Both both = explored(*made.model, made.plan, 0);
  const std::string& id = made.plan.steps[position_of(made.plan, action, {"platform"})].id;
  const std::string ready = "#define ready_" + id + " ";
  const std::string waiting = "(step_" + id + " == WAITING)";
  both.promela.text =
      replaced(both.promela.text, ready + "(" + waiting, ready + "(" + by + waiting);
  return differences(both.ours, spin(both));
}

TEST(Differences, AreSeenInAModelThatDoesLess) {
  const Planned made = planned(Procedure::kDehydrate, tiny_shape());
  EXPECT_THAT(differences_with(made, "stop-docker", "false && "),
              testing::Contains(HasSubstr("SPIN reaches")));
}

TEST(Differences, AreSeenInAModelThatAllowsMore) {
  const Planned made = planned(Procedure::kDehydrate, tiny_shape());
  const std::size_t stop = position_of(made.plan, "stop-docker", {"platform"});
  const std::string waiting = "(step_" + made.plan.steps[stop].id + " == WAITING)";
  EXPECT_THAT(differences_with(made, "stop-docker", waiting + " || "),
              testing::Contains(HasSubstr("only SPIN finds violated")));
}

TEST(Differences, AreToldFromBothSides) {
  Exploration ours;
  ours.states = 10;
  ours.transitions = 20;
  SpinRun theirs;
  theirs.states = 11;
  theirs.transitions = 22;
  EXPECT_THAT(differences(ours, theirs), IsEmpty());
  theirs.transitions.reset();  // SPIN has rounded it
  EXPECT_THAT(differences(ours, theirs), IsEmpty());
  theirs.states = 10;
  theirs.transitions = 21;
  theirs.violated = {"INV-05"};
  ours.violations["INV-09"].broken = {{PropertyKind::kInvariant, 0, true, 0, 0}};
  EXPECT_THAT(differences(ours, theirs),
              ElementsAre("SPIN reaches 10 states, and we reach 10 and the one before the start",
                          "SPIN takes 21 transitions, and we take 20 and the two at the start",
                          "only SPIN finds violated: INV-05", "only we find violated: INV-09"));
}

TEST(SpinRun, SaysWhenItDidNotSeeEverything) {
  const Planned made = planned(Procedure::kRestore, tiny_shape());
  Both both = explored(*made.model, made.plan, 0);
  both.promela.depth_max = 10;
  const Result<SpinRun> run = run_spin(both.promela, {});
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run.value().stopped_by, "SPIN: max search depth too small");
}

TEST(SpinRun, SaysWhatSpinSaysOfATextThatIsNone) {
  const Result<SpinRun> run = run_spin({"active proctype plan() { nonsense }", {}, 1}, {});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::kFailed);
  EXPECT_THAT(run.error().message, HasSubstr("spin failed with status 1: spin: plan.pml:1"));
}

}  // namespace
}  // namespace wme::cli
