#include "executor/engine/observer.hpp"

#include <algorithm>
#include <utility>

namespace wme::executor {

namespace {

using model::SeenBy;

/// In the order of their names: in a rehearsal, it is always the same one that is read first.
constexpr std::array kDoors = {SeenBy::kCloud, SeenBy::kConfigWizard, SeenBy::kHost,
                               SeenBy::kLaunchpad};

SystemPort* port_at(const Ports& ports, SeenBy seen_by) {
  const auto at = ports.find(std::string(model::to_string(seen_by)));
  return at == ports.end() ? nullptr : at->second;
}

const model::Fluent& fluent_of(const model::GroundModel& model, model::Variable variable) {
  return model::fluents()[model.fluent_index(variable)];
}

}  // namespace

bool can_observe(const model::GroundModel& model, const Ports& ports, model::Variable variable) {
  const SeenBy seen_by = fluent_of(model, variable).seen_by;
  return std::ranges::find(kDoors, seen_by) != kDoors.end() &&
         ports.contains(std::string(model::to_string(seen_by)));
}

void collect_variables(const model::GroundFormula& formula, std::set<model::Variable>& into) {
  if (formula.kind == model::GroundFormula::Kind::kIn) into.insert(formula.variable);
  for (const model::GroundFormula& part : formula.parts) collect_variables(part, into);
}

Observer::Observer(const model::GroundModel& model, const Ports& ports, const Clock& clock,
                   std::chrono::milliseconds freshness)
    : model_(model), clock_(clock), freshness_(freshness), seen_(model.variable_count()) {
  for (std::size_t i = 0; i < doors_.size(); ++i) {
    SystemPort* port = port_at(ports, kDoors[i]);
    doors_[i] = {kDoors[i], port, port != nullptr && port->shares(model), {}};
  }
  for (const model::Fluent& each : model::fluents()) {
    std::optional<std::size_t>& door = door_of_fluent_.emplace_back();
    for (std::size_t i = 0; i < doors_.size(); ++i)
      if (doors_[i].seen_by == each.seen_by && doors_[i].port != nullptr) door = i;
  }
}

Variable Observer::in_words(model::Variable variable) const {
  return {fluent_of(model_, variable).name, model_.arguments_of(variable)};
}

void Observer::forget(const std::vector<model::GroundEffect>& effects) {
  for (const model::GroundEffect& effect : effects) seen_[effect.target].at.reset();
}

void Observer::forget() {
  for (Seen& each : seen_) each.at.reset();
}

Status Observer::look(const std::vector<model::Variable>& variables) {
  const TimePoint now = clock_.now();
  for (Door& each : doors_) each.asked.clear();
  for (const model::Variable each : variables) {
    const std::optional<std::size_t> door = door_of(each);
    const std::optional<TimePoint>& at = seen_[each].at;
    if (door && (!at || now - *at >= freshness_)) doors_[*door].asked.push_back(each);
  }
  for (const Door& each : doors_)
    if (!each.asked.empty())
      if (Status answered = read(each); !answered) return answered;
  return Done{};
}

Result<std::vector<model::Variable>> Observer::look(const std::vector<model::Variable>& variables,
                                                    model::State& state) {
  if (Status looked = look(variables); !looked) return looked.error();
  std::vector<model::Variable> changed;
  for (const model::Variable each : variables) {
    const std::optional<model::Value>& value = seen_[each].value;
    if (!value || !can_observe(each) || state[each] == *value) continue;
    state[each] = *value;
    changed.push_back(each);
  }
  return changed;
}

std::vector<Observation> Observer::observations(const std::vector<model::Variable>& variables,
                                                std::size_t at_most) const {
  std::vector<Observation> told;
  for (const model::Variable each : variables) {
    if (told.size() >= at_most) break;
    if (!can_observe(each)) continue;
    const Seen& seen = seen_[each];
    Observation& observation = told.emplace_back();
    observation.variable = in_words(each);
    if (seen.value) observation.value = model_.value_text(each, *seen.value);
    observation.detail = seen.detail;
  }
  return told;
}

Status Observer::read(const Door& door) {
  if (!door.by_number) return read_in_words(door);
  sights_.resize(door.asked.size());
  if (Status answered = door.port->glance(door.asked, sights_); !answered) return answered;
  const TimePoint now = clock_.now();
  for (std::size_t i = 0; i < door.asked.size(); ++i) {
    Seen& seen = seen_[door.asked[i]];
    seen.at = now;
    seen.value = sights_[i].value;
    seen.detail = sights_[i].detail;
  }
  return Done{};
}

Status Observer::read_in_words(const Door& door) {
  std::vector<Variable> wanted;
  for (const model::Variable each : door.asked) wanted.push_back(in_words(each));
  Result<std::vector<Observation>> answers = door.port->observe(wanted);
  if (!answers) return answers.error();
  const std::string name(model::to_string(door.seen_by));
  if (answers.value().size() != door.asked.size())
    return Error{ErrorCode::kFailed, "the " + name + " driver answered " +
                                         std::to_string(answers.value().size()) + " of " +
                                         std::to_string(door.asked.size()) + " observations"};
  for (std::size_t i = 0; i < door.asked.size(); ++i) {
    const model::Variable asked = door.asked[i];
    const std::optional<std::string>& text = answers.value()[i].value;
    std::optional<model::Value> value;
    if (text) value = model_.value(asked, *text);
    if (text && !value)
      return Error{ErrorCode::kFailed, "the " + name + " driver saw " + model_.text(asked) + " = " +
                                           *text + ", a value that the model lacks"};
    seen_[asked] = {clock_.now(), value, answers.value()[i].detail};
  }
  return Done{};
}

}  // namespace wme::executor
