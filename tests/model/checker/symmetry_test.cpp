#include "model/checker/symmetry.hpp"

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <random>
#include <set>
#include <tuple>

#include "model/checker/packed_symmetry.hpp"
#include "model/wme/vocabulary.hpp"
#include "tests/model/checker/spoil.hpp"
#include "tests/model/checker/support.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Which containers begin in the same state: those that do can be exchanged.
enum class States { kRunning, kStopped, kParked, kMixed };

struct Fleet {
  Procedure procedure = Procedure::kDehydrate;
  Provider provider = Provider::kAws;
  int instances = 1;
  int containers = 2;  ///< on each
  States states = States::kRunning;
  auto operator<=>(const Fleet&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Fleet& fleet) {
  constexpr const char* kStates[] = {"running", "stopped", "parked", "mixed"};
  return out << to_string(fleet.procedure) << " on " << to_string(fleet.provider) << ", "
             << fleet.instances << " x " << fleet.containers << " containers, "
             << kStates[static_cast<std::size_t>(fleet.states)];
}

Installation installation_of(const Fleet& wanted) {
  FleetShape shape;
  shape.provider = wanted.provider;
  shape.instances = {{"studio", wanted.instances}};
  shape.containers_per_instance = wanted.containers;
  Inventory inventory = fleet(shape);
  constexpr ContainerState kStates[] = {ContainerState::kRunning, ContainerState::kStopped,
                                        ContainerState::kPassivated};
  if (wanted.states != States::kMixed)
    for (Container& each : inventory.containers)
      each.state = kStates[static_cast<std::size_t>(wanted.states)];
  return model::installation_of(inventory, wanted.procedure);
}

Planned planned_for(const Fleet& fleet) {
  Planned made;
  made.model = std::make_unique<GroundModel>(installation_of(fleet));
  Result<Plan> plan = make_plan(*made.model);
  EXPECT_TRUE(plan) << plan.error().message;
  if (plan) made.plan = std::move(plan).value();
  return made;
}

/// "studio-1[c1 c2] studio-2[c3 c4]", one line for each class.
std::string words(const GroundModel& model, const std::vector<SymmetricClass>& classes) {
  std::string text;
  for (const SymmetricClass& each : classes) {
    text += text.empty() ? "" : " | ";
    for (const SymmetricUnit& unit : each) {
      text += (&unit == &each.front() ? "" : " ") + model.name(unit.entities.front());
      if (!unit.inside.empty()) text += "[" + words(model, unit.inside) + "]";
    }
  }
  return text;
}

std::string symmetry_of(const Planned& made) {
  const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  EXPECT_TRUE(plan) << plan.error().message;
  return words(*made.model, Symmetry(plan.value()).classes());
}

TEST(Symmetry, IsAmongContainersOfOneInstanceAndAmongInstancesOfOneShard) {
  EXPECT_EQ(symmetry_of(planned_for(Fleet{Procedure::kDehydrate, Provider::kAws, 1, 3})),
            "c1 c2 c3");
  EXPECT_EQ(symmetry_of(planned_for(Fleet{Procedure::kDehydrate, Provider::kAws, 2, 2})),
            "studio-1[c1 c2] studio-2[c3 c4]");
  EXPECT_EQ(symmetry_of(planned_for(Fleet{Procedure::kDehydrate, Provider::kEsxi, 2, 1})),
            "studio-1 studio-2");
}

TEST(Symmetry, LeavesOutTheContainerThatIsTriedFirst) {
  EXPECT_EQ(symmetry_of(planned_for(Fleet{Procedure::kRestore, Provider::kAws, 1, 3})), "c2 c3");
  EXPECT_EQ(symmetry_of(planned_for(Fleet{Procedure::kRestore, Provider::kAws, 3, 1})),
            "studio-2 studio-3");
}

TEST(Symmetry, IsAmongContainersThatBeginInTheSameState) {
  // Given running, stopped, parked, running
  EXPECT_EQ(
      symmetry_of(planned_for(Fleet{Procedure::kDehydrate, Provider::kAws, 1, 4, States::kMixed})),
      "c1 c4");
}

TEST(Symmetry, PairsContainersThatBeginInTheSameStateWhereverTheyAreListed) {
  Inventory inventory = fleet({.instances = {{"studio", 2}}, .containers_per_instance = 2});
  constexpr ContainerState kOne = ContainerState::kRunning;
  constexpr ContainerState kOther = ContainerState::kStopped;
  inventory.containers[0].state = inventory.containers[3].state = kOne;
  inventory.containers[1].state = inventory.containers[2].state = kOther;
  Planned made;
  made.model =
      std::make_unique<GroundModel>(model::installation_of(inventory, Procedure::kDehydrate));
  made.plan = make_plan(*made.model).value();
  EXPECT_EQ(symmetry_of(made), "studio-1 studio-2");
}

TEST(Symmetry, IsLostWithAnEdgeThatOnlyOneOfThemHas) {
  Planned made = planned_for(Fleet{Procedure::kDehydrate, Provider::kAws, 2, 2});
  Step& parked = made.plan.steps[position_of(made.plan, "passivate-container", {"c1"})];
  const Step& first = made.plan.steps[position_of(made.plan, "passivate-container", {"c2"})];
  parked.after.push_back({first.id, "by hand"});
  // Then only the containers of the other instance are alike
  EXPECT_EQ(symmetry_of(made), "c3 c4");
}

TEST(Symmetry, IsLostWithAStepThatOnlyOneOfThemHas) {
  Planned made = planned_for(Fleet{Procedure::kDehydrate, Provider::kAws, 1, 3});
  drop_step(made.plan, position_of(made.plan, "hibernate-container", {"c2"}));
  EXPECT_EQ(symmetry_of(made), "c1 c3");
}

TEST(Symmetry, IsNotAMatterOfNames) {
  // Given: the model of one container says otherwise than that of the others (a mutant)
  const Planned made = planned_for(Fleet{Procedure::kDehydrate, Provider::kAws, 1, 3});
  const std::size_t changed = position_of(made.plan, "passivate-container", {"c3"});
  const std::vector<std::function<void(GroundAction&)>> changes = {
      [](GroundAction& action) { action.guard.pop_back(); },
      [](GroundAction& action) { action.guard.back().formula = {}; },
      [](GroundAction& action) { action.lasts = {}; },
      [](GroundAction& action) { action.request.front().value = 0; },
      [](GroundAction& action) { action.request.front().when = action.guard.front().formula; },
      [](GroundAction& action) { action.outcomes.front().pop_back(); },
      [](GroundAction& action) {
        action.outcomes.front().front().target = action.outcomes.front().back().target;
      }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Result<GroundPlan> plan =
        GroundPlan::of(*made.model, made.plan, [&](std::size_t step, GroundAction& action) {
          if (step == changed) changes[i](action);
        });
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(words(*made.model, Symmetry(plan.value()).classes()), "c1 c2") << i;
  }
}

TEST(Symmetry, IsNotAmongThoseOfWhomASharedStepSpeaksOtherwise) {
  // Given: what stops the services does not ask for one container
  const Planned made = planned_for(Fleet{Procedure::kDehydrate, Provider::kAws, 1, 3});
  const std::size_t changed = position_of(made.plan, "stop-services", {"platform"});
  const Variable run = *made.model->variable("run", {"c2"});
  const Result<GroundPlan> plan =
      GroundPlan::of(*made.model, made.plan, [&](std::size_t step, GroundAction& action) {
        if (step != changed) return;
        for (GroundCondition& each : action.guard)
          std::erase_if(each.formula.parts,
                        [&](const GroundFormula& part) { return part.variable == run; });
      });
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(words(*made.model, Symmetry(plan.value()).classes()), "c1 c3");
}

TEST(Symmetry, IsNotAmongWhatBeginsDifferently) {
  // Given the same steps for both, but the work of one is gone
  const Fleet fleet{Procedure::kDehydrate, Provider::kAws, 1, 2};
  Planned made = planned_for(fleet);
  Installation differs = installation_of(fleet);
  differs.initial["newest"]["c2"] = "gone";
  made.model = std::make_unique<GroundModel>(std::move(differs));
  EXPECT_EQ(symmetry_of(made), "");
}

/// A state with other values here and there; what they mean does not matter.
std::vector<std::uint64_t> any_state(const PackedPlan& packed, std::mt19937& random) {
  std::vector<std::uint64_t> state = packed.initial();
  const std::size_t rarely = 1 + random() % 20;
  const auto set = [&](const BitField& field, std::uint64_t values) {
    if (field.bits != 0 && random() % rarely == 0) field.set(state.data(), random() % values);
  };
  const GroundPlan& plan = packed.plan();
  for (std::size_t step = 0; step < plan.size(); ++step) set(packed.status_field(step), 2);
  for (Variable each = 0; each < plan.model().variable_count(); ++each) set(packed.field(each), 2);
  if (random() % 2 == 0) packed.commit(state.data(), any_below(random, plan.size()));
  return state;
}

std::vector<std::uint64_t> exchanged(const PackedPlan& packed, const PlanParts& parts,
                                     const Renaming& exchange,
                                     const std::vector<std::uint64_t>& state) {
  std::vector<std::uint64_t> made = state;
  const auto field = [&](PlanPart part) {
    return parts.is_step(part) ? packed.status_field(parts.index(part))
                               : packed.field(static_cast<Variable>(parts.index(part)));
  };
  for (const auto& [from, to] : exchange.moves())
    if ((parts.is_step(from) || parts.is_variable(from)) && field(from).bits != 0)
      field(to).set(made.data(), field(from).get(state.data()));
  if (const std::uint64_t committed = packed.committed(state.data()); committed != 0)
    packed.commit(made.data(), exchange.of(static_cast<PlanPart>(committed - 1)));
  return made;
}

/// Whatever exchanges make of the state, one after the other, until nothing is new.
std::set<std::vector<std::uint64_t>> orbit_of(const PackedPlan& packed, const Symmetry& symmetry,
                                              const std::vector<std::uint64_t>& state) {
  std::set<std::vector<std::uint64_t>> orbit = {state};
  std::vector<std::vector<std::uint64_t>> open = {state};
  while (!open.empty()) {
    const std::vector<std::uint64_t> each = open.back();
    open.pop_back();
    for (const Renaming& exchange : symmetry.generators()) {
      std::vector<std::uint64_t> next = exchanged(packed, symmetry.parts(), exchange, each);
      if (orbit.insert(next).second) open.push_back(std::move(next));
    }
  }
  return orbit;
}

/// Plans with different symmetries, packed with every kind of fault.
class PackedFleets : public testing::TestWithParam<std::pair<int, int>> {
 protected:
  PackedFleets()
      : made_(planned_for(
            Fleet{Procedure::kDehydrate, Provider::kAws, GetParam().first, GetParam().second})),
        plan_(with_environment(made_)),
        packed_(plan_, 1),
        symmetry_(plan_),
        chosen_(packed_, symmetry_) {}

  static GroundPlan with_environment(const Planned& made) {
    GroundPlan plan = GroundPlan::of(*made.model, made.plan).value();
    plan.add_environment();
    return plan;
  }

  Planned made_;
  GroundPlan plan_;
  PackedPlan packed_;
  Symmetry symmetry_;
  PackedSymmetry chosen_;
};

TEST_P(PackedFleets, ChooseOneStateOfEachOrbitAndKnowItsSize) {
  std::mt19937 random(3);
  std::size_t largest = 0;
  for (int i = 0; i < 40; ++i) {
    const std::set<std::vector<std::uint64_t>> orbit =
        orbit_of(packed_, symmetry_, any_state(packed_, random));
    std::set<std::vector<std::uint64_t>> choices;
    for (std::vector<std::uint64_t> each : orbit) {
      chosen_.canonicalize(each.data());
      choices.insert(each);
    }
    ASSERT_EQ(choices.size(), 1U);
    EXPECT_TRUE(orbit.contains(*choices.begin()));
    EXPECT_EQ(chosen_.orbit_size(choices.begin()->data()), orbit.size());
    largest = std::max(largest, orbit.size());
  }
  std::size_t all = 1;  // I! x C!^I
  for (int i = 1; i <= GetParam().first; ++i) {
    all *= static_cast<std::size_t>(i);
    for (int c = 1; c <= GetParam().second; ++c) all *= static_cast<std::size_t>(c);
  }
  EXPECT_EQ(largest, all);
}

TEST_P(PackedFleets, LookOnlyAtWhatAnEventTouches) {
  std::mt19937 random(5);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::uint64_t> state = any_state(packed_, random);
    chosen_.canonicalize(state.data());
    for (std::uint32_t e = 0; e < packed_.events().size(); ++e) {
      if (packed_.events()[e].budget != PackedEvent::kNoBudget &&
          !packed_.affords(packed_.events()[e], state.data()))
        continue;
      std::vector<std::uint64_t> after = state;
      packed_.apply(packed_.events()[e], state.data(), after.data());
      std::vector<std::uint64_t> everywhere = after;
      chosen_.canonicalize(everywhere.data());
      chosen_.canonicalize_after(e, after.data());
      ASSERT_EQ(after, everywhere) << "event " << e;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Symmetry, PackedFleets,
                         testing::Values(std::pair(1, 4), std::pair(2, 2), std::pair(3, 1),
                                         std::pair(2, 3)),
                         [](const auto& fleet) {
                           return std::to_string(fleet.param.first) + "x" +
                                  std::to_string(fleet.param.second);
                         });

TEST(PackedSymmetry, DoesNotMultiplyWithoutBound) {
  const Planned made = planned_for(Fleet{Procedure::kDehydrate, Provider::kAws, 1, 70});
  const Result<GroundPlan> plan = GroundPlan::of(*made.model, made.plan);
  ASSERT_TRUE(plan) << plan.error().message;
  const PackedPlan packed(plan.value(), FaultBudget());
  const PackedSymmetry chosen(packed, Symmetry(plan.value()));
  std::vector<std::uint64_t> state = packed.initial();
  EXPECT_EQ(chosen.orbit_size(state.data()), 1U);
  const auto hibernates = [&](int container) {
    packed
        .status_field(
            position_of(made.plan, "hibernate-container", {"c" + std::to_string(container)}))
        .set(state.data(), 1);
  };
  hibernates(1);
  chosen.canonicalize(state.data());
  EXPECT_EQ(chosen.orbit_size(state.data()), 70U);
  for (int i = 1; i <= 35; ++i) hibernates(i);
  chosen.canonicalize(state.data());
  EXPECT_EQ(chosen.orbit_size(state.data()), PackedSymmetry::kMany);  // C(70, 35) > 2^64
}

// What is reduced and what is not share the model's data alone: on random plans, they must agree.

enum class Spoils { kNothing, kAlike, kAnything };

/// A plan, begun somewhere in its middle, spoilt perhaps, and what may go wrong.
struct Case {
  Fleet fleet;
  std::size_t cut = 0;     ///< so many steps have been done
  bool cut_alike = false;  ///< and all that are as far from the beginning as the last of them
  Spoils spoils = Spoils::kNothing;
  unsigned seed = 0;  ///< of what is spoilt
  std::string faults;
};

std::ostream& operator<<(std::ostream& out, const Case& each) {
  constexpr const char* kSpoils[] = {"sound", "spoilt evenly", "spoilt"};
  return out << each.fleet << ", begun after " << each.cut << " steps"
             << (each.cut_alike ? " and those beside" : "") << ", "
             << kSpoils[static_cast<std::size_t>(each.spoils)] << " with seed " << each.seed
             << ", faults: " << each.faults;
}

/// Plans take longer to make than to explore.
const Planned& planned_once(const Fleet& fleet) {
  static std::map<Fleet, Planned> made;
  const auto at = made.find(fleet);
  return at != made.end() ? at->second : made.emplace(fleet, planned_for(fleet)).first->second;
}

Installation installation_in(const GroundModel& model, const State& state) {
  Installation made = model.installation();
  for (Variable each = 0; each < model.variable_count(); ++each) {
    const std::vector<std::string> arguments = model.arguments_of(each);
    made.initial[fluents()[model.fluent_index(each)].name]
                [arguments.empty() ? "" : arguments.front()] = model.value_text(each, state[each]);
  }
  return made;
}

/// The steps with the longest way to them last.
std::vector<std::size_t> by_depth(const PlanOrder& order, std::vector<std::size_t>& depth) {
  depth.assign(order.size(), 0);
  for (const std::size_t step : order.topological())
    for (const std::size_t before : order.predecessors()[step])
      depth[step] = std::max(depth[step], depth[before] + 1);
  std::vector<std::size_t> steps = order.topological();
  std::ranges::stable_sort(steps, std::less<>{}, [&](std::size_t step) { return depth[step]; });
  return steps;
}

/// Nobody who does this waits for anybody who does that any more.
Plan spoilt_evenly(std::mt19937& random, Plan plan) {
  std::map<std::string, std::string> action_of;
  std::vector<std::pair<std::string, std::string>> waits;
  for (const Step& step : plan.steps) action_of[step.id] = step.action;
  for (const Step& step : plan.steps)
    for (const Edge& edge : step.after) waits.emplace_back(step.action, action_of[edge.step]);
  if (waits.empty()) return plan;
  const auto& [action, before] = waits[any_below(random, waits.size())];
  for (Step& step : plan.steps)
    if (step.action == action)
      std::erase_if(step.after, [&](const Edge& edge) { return action_of[edge.step] == before; });
  return plan;
}

Planned begun(const Case& wanted) {
  const Planned& whole = planned_once(wanted.fleet);
  const GroundPlan plan = GroundPlan::of(*whole.model, whole.plan).value();
  Replay run(plan);
  std::vector<std::size_t> depth;
  const std::vector<std::size_t> steps = by_depth(plan.order(), depth);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool beside =
        wanted.cut_alike && wanted.cut > 0 && depth[steps[i]] == depth[steps[wanted.cut - 1]];
    if (i >= wanted.cut && !beside) break;
    run.take(requests(steps[i]));
    run.take(ends(steps[i]));
  }
  Planned made;
  made.plan = whole.plan;
  made.model = std::make_unique<GroundModel>(installation_in(*whole.model, run.state()));
  const auto is_done = [&](const std::string& id) {
    return run.status(plan.order().index_of(id)) == Replay::Status::kDone;
  };
  std::erase_if(made.plan.steps, [&](const Step& step) { return is_done(step.id); });
  for (Step& step : made.plan.steps)
    std::erase_if(step.after, [&](const Edge& edge) { return is_done(edge.step); });
  std::mt19937 random(wanted.seed);
  constexpr std::size_t kStepsMin = 4;  // each change may drop one
  if (made.plan.steps.size() < kStepsMin) return made;
  if (wanted.spoils == Spoils::kAnything) made.plan = spoilt(random, made.plan);
  if (wanted.spoils == Spoils::kAlike) made.plan = spoilt_evenly(random, std::move(made.plan));
  return made;
}

Case any_case(const std::vector<std::string>& faults, std::size_t steps_max) {
  Case made;
  made.fleet.procedure = *rc::gen::elementOf(kEveryProcedure);
  made.fleet.provider = *rc::gen::elementOf(std::vector{Provider::kAws, Provider::kEsxi});
  std::tie(made.fleet.instances, made.fleet.containers) =
      *rc::gen::elementOf(std::vector<std::pair<int, int>>{{1, 2}, {1, 3}, {2, 1}, {2, 2}, {3, 1}});
  made.fleet.states =
      *rc::gen::elementOf(std::vector{States::kRunning, States::kRunning, States::kStopped,
                                      States::kStopped, States::kParked, States::kMixed});
  const std::size_t steps = planned_once(made.fleet).plan.steps.size();
  const std::size_t left = std::min(steps, steps_max);
  made.cut = *rc::gen::inRange(steps - left, steps);
  made.seed = *rc::gen::arbitrary<unsigned>();
  made.cut_alike = *rc::gen::weightedElement<bool>({{3, true}, {1, false}});
  made.spoils = *rc::gen::elementOf(
      std::vector{Spoils::kNothing, Spoils::kAlike, Spoils::kAlike, Spoils::kAnything});
  made.faults = *rc::gen::elementOf(faults);
  return made;
}

std::set<std::string> keys_of(const std::map<std::string, Reached>& violations) {
  std::set<std::string> keys;
  for (const auto& [key, reached] : violations) keys.insert(key);
  return keys;
}

void assert_replays(const GroundPlan& plan, const Reached& reached) {
  if (reached.broken.front().kind == PropertyKind::kStart) return;
  const std::optional<ReplayEnd> end = replayed(plan, reached.trace);
  RC_ASSERT(end.has_value());
  RC_ASSERT(std::ranges::count(end->broken, reached.broken.front()) == 1);
}

struct Tally {
  int cases = 0;
  int symmetric = 0;
  int violated = 0;
  std::size_t largest = 0;
  std::size_t discarded = 0;
};
std::ostream& operator<<(std::ostream& out, const Tally& tally) {
  return out << tally.cases << " cases, " << tally.symmetric << " with symmetry, " << tally.violated
             << " with violations, the largest of " << tally.largest << " states; "
             << tally.discarded << " left out";
}

/// Small enough for every state without any reduction.
constexpr std::size_t kStatesMax = 6000;

void compare_explorations(const Case& wanted, Tally& tally) {
  const Planned made = begun(wanted);
  Result<GroundPlan> ground = GroundPlan::of(*made.model, made.plan);
  RC_ASSERT(bool(ground));
  const GroundPlan& plan = ground.value();
  ExploreOptions options;
  options.faults = FaultBudget::parse(wanted.faults).value();
  options.states_max = kStatesMax;
  options.reductions = Reductions::none();
  if (!options.faults.is_empty()) ground.value().add_environment();
  const Exploration all = explore(plan, options);
  if (!all.complete) {
    ++tally.discarded;
    return;
  }
  RC_ASSERT(all.states_stood_for == all.states);
  for (const auto& [symmetry, partial_order] :
       {std::pair(true, false), {false, true}, {true, true}}) {
    options.reductions = {false, partial_order, symmetry};
    const Exploration some = explore(plan, options);
    RC_ASSERT(some.complete);
    RC_ASSERT(some.states <= all.states);
    RC_ASSERT(keys_of(some.violations) == keys_of(all.violations));
    RC_ASSERT(some.never_requested == all.never_requested);
    RC_ASSERT((some.ends > 0) == (all.ends > 0));
    for (const auto& [key, reached] : some.violations) {
      assert_replays(plan, reached);
      if (!partial_order) RC_ASSERT(reached.trace.size() == all.violations.at(key).trace.size());
    }
    if (!partial_order) {
      RC_ASSERT(some.states_stood_for == all.states);
      RC_ASSERT(some.depth == all.depth);
      if (some.reductions.symmetry && some.states < all.states) ++tally.symmetric;
    }
  }
  ++tally.cases;
  tally.largest = std::max(tally.largest, all.states);
  if (!all.violations.empty()) ++tally.violated;
}

TEST(Reductions, FindTheSameViolationsInAsManyStatesAsThereAre) {
  constexpr int kCases = cases_to_try(15);  // for each of a hundred
  Tally tally;
  EXPECT_TRUE(rc::check("with and without faults", [&] {
    for (int i = 0; i < kCases; ++i) {
      const Case wanted = any_case({"0", "0", "1", "user-wakes=1", "stale-read=1,lost-answer=1",
                                    "machine-lost=1,stale-read=1", "executor-killed=2"},
                                   14);
      RC_LOG() << wanted << "\n";
      compare_explorations(wanted, tally);
    }
  }));
  std::cout << tally << "\n";
  EXPECT_GT(tally.cases, 80 * kCases);
  EXPECT_GT(tally.symmetric, 6 * kCases);
  EXPECT_GT(tally.violated, 13 * kCases);
}

std::map<std::string, Verdict> verdicts_of(const Verification& verification) {
  std::map<std::string, Verdict> verdicts;
  for (const PropertyVerdict& each : verification.properties) verdicts[each.id] = each.verdict;
  return verdicts;
}

void compare_verdicts(const Case& wanted, Tally& tally) {
  const Planned made = begun(wanted);
  const GroundPlan plan = [&] {
    GroundPlan ground = GroundPlan::of(*made.model, made.plan).value();
    ground.add_environment();
    return ground;
  }();
  VerifyOptions options;
  options.faults = FaultBudget::parse(wanted.faults).value();
  options.states_max = kStatesMax;
  options.symbolic_steps_max = 0;
  options.explore = VerifyOptions::Explore::kAlways;
  options.reductions = Reductions::none();
  const Verification whole = verify(*made.model, made.plan, options).value();
  if (!whole.exploration->complete) {
    ++tally.discarded;
    return;
  }
  RC_ASSERT(whole.disagreements.empty());
  std::vector<std::string> assumed;
  for (std::size_t kinds = options.faults.is_empty() ? 4 : 0; kinds < 8; ++kinds) {
    options.reductions = {(kinds & 4U) != 0, (kinds & 2U) != 0, (kinds & 1U) != 0};
    const Verification some = verify(*made.model, made.plan, options).value();
    RC_ASSERT(some.disagreements.empty());
    if (!options.reductions.symmetry) assumed = some.assumed;
    RC_ASSERT(some.assumed == assumed);
    if (kinds == 7 && some.exploration->reductions.symmetry) ++tally.symmetric;
    RC_ASSERT(verdicts_of(some) == verdicts_of(whole));
    for (const Counterexample& each : some.counterexamples) {
      const std::optional<ReplayEnd> end = replayed(plan, each.trace);
      RC_ASSERT(end.has_value());
      RC_ASSERT(each.broken.kind == PropertyKind::kMaskedEnd ||
                std::ranges::count(end->broken, each.broken) == 1);
    }
  }
  ++tally.cases;
  tally.largest = std::max(tally.largest, whole.exploration->states);
  if (whole.verdict == Verdict::kRefuted) ++tally.violated;
}

TEST(Reductions, LeaveEveryVerdictAsItIs) {
  Tally tally;
  EXPECT_TRUE(rc::check("one by one and together", [&] {
    const Case wanted = any_case(
        {"0", "1", "user-wakes=1,hibernation-cron=1", "machine-lost=1", "stale-read=1"}, 12);
    RC_LOG() << wanted << "\n";
    compare_verdicts(wanted, tally);
  }));
  std::cout << tally << "\n";
  EXPECT_GT(tally.cases, 80);
  EXPECT_GT(tally.symmetric, 20);
  EXPECT_GT(tally.violated, 20);
}

}  // namespace
}  // namespace wme::tests
