#include "executor/engine/observer.hpp"

#include <utility>

#include "model/wme/vocabulary.hpp"

namespace wme::executor {

namespace {

/// The door through which a fluent is seen; empty for what only the journal or nobody knows.
std::string door_of(const model::Fluent& fluent) {
  switch (fluent.seen_by) {
    case model::SeenBy::kLaunchpad:
    case model::SeenBy::kConfigWizard:
    case model::SeenBy::kCloud:
    case model::SeenBy::kHost:
      return std::string(model::to_string(fluent.seen_by));
    case model::SeenBy::kJournal:
    case model::SeenBy::kGhost:
      return "";
  }
  return "";
}

}  // namespace

void collect_variables(const model::GroundFormula& formula, std::set<model::Variable>& into) {
  if (formula.kind == model::GroundFormula::Kind::kIn) into.insert(formula.variable);
  for (const model::GroundFormula& part : formula.parts) collect_variables(part, into);
}

void Observer::forget(const std::vector<model::GroundEffect>& effects) {
  for (const model::GroundEffect& effect : effects) seen_.erase(effect.target);
}

Observer::Observer(const model::GroundModel& model, const Ports& ports, const Clock& clock,
                   std::chrono::milliseconds freshness)
    : model_(model), ports_(ports), clock_(clock), freshness_(freshness) {}

bool Observer::can_observe(model::Variable variable) const {
  const std::string door = door_of(model::fluents()[model_.fluent_index(variable)]);
  return !door.empty() && ports_.contains(door);
}

Status Observer::read(const std::set<model::Variable>& variables) {
  std::map<std::string, std::vector<model::Variable>> by_door;
  for (const model::Variable each : variables)
    by_door[door_of(model::fluents()[model_.fluent_index(each)])].push_back(each);
  for (const auto& [door, asked] : by_door) {
    std::vector<Variable> wanted;
    for (const model::Variable each : asked)
      wanted.push_back(
          {model::fluents()[model_.fluent_index(each)].name, model_.arguments_of(each)});
    Result<std::vector<Observation>> answers = ports_.at(door)->observe(wanted);
    if (!answers) return answers.error();
    if (answers.value().size() != asked.size())
      return Error{ErrorCode::kFailed, "the " + door + " driver answered " +
                                           std::to_string(answers.value().size()) + " of " +
                                           std::to_string(asked.size()) + " observations"};
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const std::optional<std::string>& value = answers.value()[i].value;
      if (value && !model_.value(asked[i], *value))
        return Error{ErrorCode::kFailed, "the " + door + " driver saw " + model_.text(asked[i]) +
                                             " = " + *value + ", a value that the model lacks"};
      seen_[asked[i]] = {clock_.now(), std::move(answers.value()[i])};
    }
  }
  return Done{};
}

Result<std::vector<Observation>> Observer::look(const std::vector<model::Variable>& variables,
                                                model::State& state) {
  std::set<model::Variable> stale;
  for (const model::Variable each : variables) {
    if (!can_observe(each)) continue;
    const auto known = seen_.find(each);
    if (known == seen_.end() || clock_.now() - known->second.at >= freshness_) stale.insert(each);
  }
  if (Status read_now = read(stale); !read_now) return read_now.error();
  std::vector<Observation> observed;
  for (const model::Variable each : variables) {
    if (!can_observe(each)) continue;
    const Observation& observation = seen_.at(each).observation;
    if (observation.value) state[each] = *model_.value(each, *observation.value);
    observed.push_back(observation);
  }
  return observed;
}

}  // namespace wme::executor
