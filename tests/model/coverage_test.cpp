#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"
#include "tests/model/walks.hpp"

/// Nothing in the data is dead: every action can happen, every value is reached.
namespace wme::tests {
namespace {

using model::GroundAction;
using model::State;

using Words = std::map<std::string, std::string>;  ///< a word and why it is excused

/// Actions that whoever keeps the rules never comes to ask for.
const Words kOnlyWithoutRules = {
    {"clean-setup", "there is always data on a Platform that could be cleaned (INV-40)"},
    {"initialize-setup", "there is always data on a Platform that it would wipe (INV-40)"},
    {"set-setup-password", "a new Platform is only initialized over restored trees (INV-39)"},
    {"format-store", "an empty tree is never attached: volumes come from snapshots (INV-24)"},
};

/// Values that no action of ours brings about.
const Words kOnlyObserved = {
    {"record syncing",
     "Patch and Sync belong to procedures that no plan contains (3d in place, 3e)"},
    {"record upgrade-failed", "seen only after a Patch in place; a plan may still delete it"},
    {"content live", "what the old Platform's trees are from the start"},
};

struct Reached {
  std::set<std::string> lawful;               ///< actions whose whole guard was open
  std::map<std::size_t, model::Mask> values;  ///< of each fluent, by its index
  std::set<std::string> outcomes;             ///< "passivate-container failed"
};

void see(const model::GroundModel& model, const State& state, Reached& reached) {
  for (model::Variable variable = 0; variable < state.size(); ++variable)
    reached.values[model.fluent_index(variable)] |= model::Mask{1} << state[variable];
}

/// Does anything that the systems allow (or the rules, too), with any outcome.
void wander(const PlannedModel& plan, const std::vector<GroundAction>& deeds, bool lawful,
            State state, std::mt19937& random, Reached& reached) {
  constexpr int kDeedsMax = 10;
  for (int deed = 0; deed < kDeedsMax; ++deed) {
    std::vector<const GroundAction*> possible;
    for (const GroundAction& each : deeds) {
      bool by_systems = true;
      bool by_rules = true;
      for (const model::GroundCondition& condition : each.guard) {
        if (evaluate(condition.formula, state)) continue;
        by_rules = false;
        if (condition.condition->enforcer == model::Enforcer::kSystem) by_systems = false;
      }
      if (by_rules && lawful) reached.lawful.insert(each.action->name);
      if (lawful ? by_rules : by_systems) possible.push_back(&each);
    }
    if (possible.empty()) return;
    const GroundAction& chosen = *possible[any_below(random, possible.size())];
    const std::size_t outcome = any_below(random, chosen.outcomes.size());
    reached.outcomes.insert(chosen.action->name + " " + chosen.action->outcomes[outcome].name);
    apply(chosen.request, state);
    see(*plan.model, state, reached);
    apply(chosen.outcomes[outcome], state);
    see(*plan.model, state, reached);
  }
}

const Reached& reached() {
  static const Reached found = [] {
    Reached all;
    for (const model::Procedure procedure : kEveryProcedure)
      for (const model::Provider provider : {model::Provider::kAws, model::Provider::kEsxi})
        for (const Addresses addresses : {Addresses::kSame, Addresses::kNewPlatform}) {
          Setting setting{procedure, {}};
          setting.shape.provider = provider;
          setting.shape.addresses = addresses;
          if (addresses == Addresses::kNewPlatform) setting.shape.version = kEveryVersion.front();
          const PlannedModel plan = planned(setting);
          std::vector<GroundAction> deeds;
          for (const model::Action& action : model::all_actions())
            for (const auto& arguments : plan.model->choices(action))
              deeds.push_back(*plan.model->ground(action, arguments));
          std::mt19937 random(11);
          for (const State& state : states_of(plan)) {
            see(*plan.model, state, all);
            // Thrice, so that it is not chance whether a rare deed is among those that are drawn.
            for (const bool lawful : {true, false, true, false, true, false})
              wander(plan, deeds, lawful, state, random, all);
          }
        }
    return all;
  }();
  return found;
}

TEST(Coverage, LetsEveryActionHappenToWhoeverKeepsTheRules) {
  for (const model::Action& action : model::all_actions())
    EXPECT_EQ(reached().lawful.contains(action.name), !kOnlyWithoutRules.contains(action.name))
        << action.name;
}

TEST(Coverage, ReachesEveryOutcomeOfEveryAction) {
  for (const model::Action& action : model::all_actions())
    for (const model::Outcome& outcome : action.outcomes)
      EXPECT_TRUE(reached().outcomes.contains(action.name + " " + outcome.name))
          << action.name << " " << outcome.name;
}

TEST(Coverage, ReachesEveryValueOfEveryFluent) {
  for (std::size_t f = 0; f < model::fluents().size(); ++f) {
    const model::Fluent& fluent = model::fluents()[f];
    for (std::size_t value = 0; value < fluent.values.size(); ++value) {
      const std::string word = fluent.name + " " + fluent.values[value];
      EXPECT_TRUE((reached().values.at(f) >> value & 1U) != 0 || kOnlyObserved.contains(word))
          << word;
    }
  }
}

TEST(Coverage, LetsSomeActionWriteEveryValueThatIsNotExcused) {
  std::set<std::string> written;
  const auto add = [&](const std::vector<model::Effect>& effects) {
    for (const model::Effect& effect : effects)
      written.insert(effect.target.fluent + " " + effect.value);
  };
  for (const model::Action& action : model::all_actions()) {
    add(action.request);
    for (const model::Outcome& outcome : action.outcomes) add(outcome.effects);
  }
  for (const model::Fluent& fluent : model::fluents()) {
    std::size_t count = 0;
    for (const std::string& value : fluent.values) {
      const bool is_written = written.contains(fluent.name + " " + value);
      count += is_written ? 1U : 0U;
      if (value != fluent.values.front()) {
        EXPECT_EQ(is_written, !kOnlyObserved.contains(fluent.name + " " + value))
            << fluent.name << " " << value;
      }
    }
    EXPECT_GT(count, 0U) << fluent.name << " never changes: it is no fluent but a rigid fact";
  }
}

}  // namespace
}  // namespace wme::tests
