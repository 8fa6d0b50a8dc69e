#include "simulators/core/world_model.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::simulators {

namespace {

constexpr std::size_t kKnownMax = 4096;  // of a large fleet, each is asked for once or twice

/// By variable: what only the executor itself knows (the inventory before, the comparison after).
std::vector<bool> executor_facts(const model::GroundModel& model) {
  std::set<std::string> names;
  for (const model::Action& action : model::all_actions())
    if (action.door == model::Door::kExecutor)
      for (const model::Effect& effect : action.outcomes.front().effects)
        names.insert(effect.target.fluent);
  std::vector<bool> facts(model.variable_count());
  for (model::Variable each = 0; each < facts.size(); ++each)
    facts[each] = names.contains(model::fluents()[model.fluent_index(each)].name);
  return facts;
}

}  // namespace

WorldModel::WorldModel(model::Installation installation, model::Durations durations)
    : WorldModel(std::make_shared<const model::GroundModel>(std::move(installation)),
                 std::move(durations)) {}

WorldModel::WorldModel(const model::GroundModel& model, model::Durations durations)
    : WorldModel(std::shared_ptr<const model::GroundModel>(
                     std::shared_ptr<const model::GroundModel>(), &model),
                 std::move(durations)) {}

WorldModel::WorldModel(std::shared_ptr<const model::GroundModel> model, model::Durations durations)
    : held_(std::move(model)),
      model_(*held_),
      durations_(std::move(durations)),
      invariants_(model_.invariants()),
      invariants_of_(model_.variable_count()),
      beyond_sight_(executor_facts(model_)) {
  for (std::size_t i = 0; i < invariants_.size(); ++i) {
    index(invariants_[i].formula, i);
    rule_of_invariant_.push_back(number_of(invariants_[i].rule));
  }
  for (const model::Action& action : model::all_actions())
    for (const model::Condition& each : model::guard_of(action))
      if (!each.rule.empty()) number_of(each.rule);
}

void WorldModel::index(const model::GroundFormula& formula, std::size_t invariant) {
  if (formula.kind == model::GroundFormula::Kind::kIn) {
    std::vector<std::size_t>& known = invariants_of_[formula.variable];
    if (known.empty() || known.back() != invariant) known.push_back(invariant);
  }
  for (const model::GroundFormula& part : formula.parts) index(part, invariant);
}

std::size_t WorldModel::number_of(const std::string& rule) {
  const auto [at, is_new] = rule_numbers_.emplace(rule, rules_.size());
  if (is_new) rules_.push_back(rule);
  return at->second;
}

std::shared_ptr<const KnownAction> WorldModel::action(
    std::string_view name, const std::vector<std::string>& arguments) const {
  const model::Action* action = model::find_action(name);
  if (action == nullptr) {
    std::cerr << "rehydrate: a simulator asked for what the model does not have: " << name << "\n";
    std::abort();
  }
  Asked asked{action, {}};
  for (const std::string& argument : arguments) {
    const std::optional<model::Entity> entity = model_.entity(argument);
    if (!entity) return nullptr;
    asked.second.push_back(*entity);
  }
  const std::lock_guard lock(mutex_);
  if (const auto known = known_.find(asked); known != known_.end()) return known->second;
  std::optional<model::GroundAction> ground = model_.ground(*action, asked.second);
  if (!ground) return nullptr;
  auto made = std::make_shared<KnownAction>();
  made->name = model::name_of(model_, *ground);
  made->takes = durations_.of(*action);
  for (const model::GroundCondition& each : ground->guard)
    if (!each.condition->rule.empty())
      made->judged_by.push_back(rule_numbers_.at(each.condition->rule));
  made->ground = std::move(*ground);
  if (known_.size() < kKnownMax) known_.emplace(std::move(asked), made);
  return made;
}

bool WorldModel::fails_in_sight(const model::GroundFormula& formula,
                                const model::State& state) const {
  switch (formula.kind) {
    case model::GroundFormula::Kind::kIn:
      return !beyond_sight_[formula.variable] && !model::evaluate(formula, state);
    case model::GroundFormula::Kind::kAnd:
      return std::ranges::any_of(formula.parts,
                                 [&](const auto& part) { return fails_in_sight(part, state); });
    case model::GroundFormula::Kind::kOr:
      return std::ranges::all_of(formula.parts,
                                 [&](const auto& part) { return fails_in_sight(part, state); });
  }
  return false;
}

}  // namespace wme::simulators
