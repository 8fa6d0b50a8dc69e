#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>

#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"
#include "tests/model/walks.hpp"

/// For each ordering rule and each action that it guards: a state in which the rule, and nothing
/// else, says no.
namespace wme::tests {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::StartsWith;

using model::Condition;
using model::Failure;
using model::GroundAction;
using model::GroundFormula;
using model::GroundModel;
using model::State;

/// One condition of one guard that a rule names, or that nobody but us keeps.
struct Guarded {
  const model::Action* action = nullptr;
  const Condition* condition = nullptr;
  std::size_t position = 0;  ///< in the guard
};

std::ostream& operator<<(std::ostream& out, const Guarded& guarded) {
  return out << guarded.action->name << ": " << guarded.condition->sentence;
}

std::vector<Guarded> every_rule_condition() {
  std::vector<Guarded> all;
  for (const model::Action& action : model::all_actions()) {
    const std::vector<Condition>& guard = model::guard_of(action);
    for (std::size_t i = 0; i < guard.size(); ++i)
      if (guard[i].enforcer == model::Enforcer::kRule || !guard[i].rule.empty())
        all.push_back({&action, &guard[i], i});
  }
  return all;
}

/// Settings that differ in what exists in them.
const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = [] {
    std::vector<Setting> made;
    for (const model::Procedure procedure : kEveryProcedure)
      for (const model::Provider provider : {model::Provider::kAws, model::Provider::kEsxi})
        for (const Addresses addresses : {Addresses::kSame, Addresses::kNewPlatform})
          for (const char* version : {kEveryVersion.front(), kEveryVersion.back()}) {
            Setting& setting = made.emplace_back(Setting{procedure, {}});
            setting.shape.provider = provider;
            setting.shape.addresses = addresses;
            setting.shape.version = version;
          }
    return made;
  }();
  return all;
}

/// Planned when first needed: most rules are met on the first plans.
const PlannedModel& plan_at(std::size_t index) {
  static std::map<std::size_t, PlannedModel> all;
  const auto at = all.find(index);
  if (at != all.end()) return at->second;
  return all.emplace(index, planned(settings()[index])).first->second;
}

const std::vector<State>& states(const PlannedModel& of) {
  static std::map<const PlannedModel*, std::vector<State>> all;
  const auto [at, is_new] = all.try_emplace(&of);
  if (is_new) at->second = states_of(of);
  return at->second;
}

/// Changes the state until the formula is as wanted; `which` chooses among ways to get there.
void force(const GroundModel& model, const GroundFormula& formula, bool wanted, std::size_t which,
           State& state) {
  if (evaluate(formula, state) == wanted) return;
  if (formula.kind == GroundFormula::Kind::kIn) {
    const model::Mask full = model.full_mask(formula.variable);
    const model::Mask mask = wanted ? formula.mask : full & ~formula.mask;
    std::vector<model::Value> values;
    for (model::Value value = 0; full >> value != 0; ++value)
      if ((mask >> value & 1U) != 0) values.push_back(value);
    if (!values.empty()) state[formula.variable] = values[which % values.size()];
    return;
  }
  if (formula.parts.empty()) return;
  if ((formula.kind == GroundFormula::Kind::kAnd) == wanted) {
    for (const GroundFormula& part : formula.parts) force(model, part, wanted, which, state);
    return;
  }
  const std::size_t count = formula.parts.size();
  force(model, formula.parts[which % count], wanted, which / count, state);
}

/// Conditions that cannot fail alone, with the rule or fact of the same guard that they follow
/// from. They stay in the data: a plan in which the other one is relaxed must still meet them.
const std::map<std::string, std::string> kImplied = {
    {"INV-07 stop-services", "INV-05: what is being parked is not parked"},
    {"INV-21 initialize", "a new Platform without its address cannot be reached at all"},
};

bool is_implied(const Guarded& guarded) {
  return kImplied.contains(guarded.condition->rule + " " + guarded.action->name);
}

/// A state in which all of the guard holds but the one condition.
struct Witness {
  const PlannedModel* plan = nullptr;
  GroundAction action;
  State state;
};

bool only_it_fails(const Guarded& guarded, const GroundAction& action, const State& state) {
  const std::size_t position = guarded.position;
  if (is_implied(guarded)) return !evaluate(action.guard[position].formula, state);
  for (std::size_t i = 0; i < action.guard.size(); ++i)
    if (evaluate(action.guard[i].formula, state) == (i == position)) return false;
  return true;
}

template <class Try>
std::optional<Witness> first_witness(const Guarded& guarded, const Try& attempt) {
  for (std::size_t index = 0; index < settings().size(); ++index) {
    const PlannedModel& plan = plan_at(index);
    for (const auto& arguments : plan.model->choices(*guarded.action)) {
      const auto action = plan.model->ground(*guarded.action, arguments);
      if (!action || action->guard[guarded.position].formula.is_true()) continue;
      for (const State& state : states(plan))
        if (const auto found = attempt(plan, *action, state))
          return Witness{&plan, *action, *found};
    }
  }
  return std::nullopt;
}

std::optional<Witness> on_the_way(const Guarded& guarded) {
  return first_witness(
      guarded, [&](const PlannedModel&, const GroundAction& action, const State& state) {
        return only_it_fails(guarded, action, state) ? std::optional(state) : std::nullopt;
      });
}

/// No state of a plan: the nearest one is changed by hand until only the rule says no.
std::optional<Witness> crafted(const Guarded& guarded) {
  return first_witness(guarded,
                       [&](const PlannedModel& plan, const GroundAction& action,
                           const State& state) -> std::optional<State> {
                         constexpr std::size_t kWaysMax = 24;
                         for (std::size_t way = 0; way < kWaysMax; ++way) {
                           State changed = state;
                           force(*plan.model, action.guard[guarded.position].formula, false, way,
                                 changed);
                           for (std::size_t i = 0; i < action.guard.size(); ++i)
                             if (i != guarded.position)
                               force(*plan.model, action.guard[i].formula, true, way, changed);
                           if (only_it_fails(guarded, action, changed)) return changed;
                         }
                         return std::nullopt;
                       });
}

class OrderingRule : public testing::TestWithParam<Guarded> {};

TEST_P(OrderingRule, ClosesTheGuardOfEachActionThatItNames) {
  const Guarded& guarded = GetParam();
  // Given a state in which everything but the rule allows the action
  std::optional<Witness> witness = on_the_way(guarded);
  if (!witness) {
    witness = crafted(guarded);
    RecordProperty("state", "crafted");
  }
  ASSERT_TRUE(witness) << "no state breaks only this condition: another implies it";
  const GroundModel& model = *witness->plan->model;
  // When it is asked for
  const std::vector<Failure> failed = failures(model, witness->action, witness->state);
  const auto next = requested(model, witness->action, witness->state);
  // Then the rule says no, in its own words
  const std::string sentence = model::filled_in(model, *guarded.action, witness->action.arguments,
                                                guarded.condition->sentence);
  EXPECT_THAT(failed,
              Contains(AllOf(Field("rule", &Failure::rule, guarded.condition->rule),
                             Field("enforcer", &Failure::enforcer, guarded.condition->enforcer),
                             Field("sentence", &Failure::sentence, StartsWith(sentence + " (")))));
  EXPECT_EQ(failed.size() > 1, is_implied(guarded));
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, ErrorCode::kBlocked);
  if (!is_implied(guarded)) {
    EXPECT_THAT(next.error().message,
                StartsWith(name_of(model, witness->action) + ": " + sentence));
  }
}

std::string test_name(const testing::TestParamInfo<Guarded>& info) {
  const Guarded& guarded = info.param;
  const std::string rule = guarded.condition->rule.empty() ? "order" : guarded.condition->rule;
  std::string name = rule + "_" + guarded.action->name + "_" + std::to_string(guarded.position);
  std::ranges::replace(name, '-', '_');
  std::erase_if(name, [](char letter) { return letter == ',' || letter == ' '; });
  return name;
}

INSTANTIATE_TEST_SUITE_P(Model, OrderingRule, testing::ValuesIn(every_rule_condition()), test_name);

TEST(OrderingRules, EachHaveAtLeastOneActionThatExistsSomewhere) {
  for (const model::Rule& rule : model::all_rules())
    for (const model::OrderingRule& order : rule.before) {
      EXPECT_FALSE(order.actions.empty()) << rule.id;
      for (const std::string& name : order.actions)
        EXPECT_NE(model::find_action(name), nullptr) << rule.id << " " << name;
    }
}

}  // namespace
}  // namespace wme::tests
