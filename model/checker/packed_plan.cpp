#include "model/checker/packed_plan.hpp"

#include <algorithm>
#include <bit>

#include "model/wme/vocabulary.hpp"

namespace wme::model {

bool PackedFormula::holds(const std::uint64_t* state) const {
  switch (kind) {
    case GroundFormula::Kind::kIn:
      return (mask >> field.get(state) & 1U) != 0;
    case GroundFormula::Kind::kAnd:
      for (const PackedFormula& part : parts)
        if (!part.holds(state)) return false;
      return true;
    case GroundFormula::Kind::kOr:
      for (const PackedFormula& part : parts)
        if (part.holds(state)) return true;
      return false;
  }
  return false;
}

PackedPlan::PackedPlan(const GroundPlan& plan, bool with_faults) : plan_(plan) {
  lay_out(with_faults);
  compile(with_faults);
}

BitField PackedPlan::add_field(std::uint64_t values) {
  const auto width = static_cast<std::uint32_t>(std::bit_width(values - 1));
  if (next_bit_ % 64 + width > 64) next_bit_ += 64 - next_bit_ % 64;
  const BitField field{static_cast<std::uint32_t>(next_bit_ / 64),
                       static_cast<std::uint32_t>(next_bit_ % 64), (std::uint64_t{1} << width) - 1};
  next_bit_ += width;
  words_ = (next_bit_ + 63) / 64;
  return field;
}

void PackedPlan::lay_out(bool with_faults) {
  constexpr std::uint64_t kStatuses = 4;
  constexpr std::uint64_t kFaultCounts = 256;
  for (std::size_t step = 0; step < plan_.size(); ++step) status_.push_back(add_field(kStatuses));
  faults_used_ = add_field(kFaultCounts);
  stopped_ = add_field(2);
  const GroundModel& model = plan_.model();
  std::vector<bool> changes(model.variable_count(), false);
  const auto mark = [&](const GroundAction& action) {
    for (const GroundEffect& effect : action.request) changes[effect.target] = true;
    for (std::size_t o = 0; o < (with_faults ? action.outcomes.size() : 1); ++o)
      for (const GroundEffect& effect : action.outcomes[o]) changes[effect.target] = true;
  };
  for (std::size_t step = 0; step < plan_.size(); ++step) mark(plan_.action(step));
  if (with_faults)
    for (const GroundAction& action : plan_.environment()) mark(action);
  field_of_.resize(model.variable_count());
  for (Variable v = 0; v < model.variable_count(); ++v)
    if (changes[v]) {
      field_of_[v] = add_field(fluents()[model.fluent_index(v)].values.size());
      ++packed_variables_;
    }
  initial_.assign(words_, 0);
  for (Variable v = 0; v < model.variable_count(); ++v)
    if (field_of_[v].bits != 0) field_of_[v].set(initial_.data(), model.initial()[v]);
}

PackedFormula PackedPlan::packed(const GroundFormula& formula) const {
  PackedFormula made;
  made.kind = formula.kind;
  if (formula.kind == GroundFormula::Kind::kIn) {
    const BitField& field = field_of_[formula.variable];
    if (field.bits == 0) {
      const bool holds = (formula.mask >> plan_.model().initial()[formula.variable] & 1U) != 0;
      made.kind = holds ? GroundFormula::Kind::kAnd : GroundFormula::Kind::kOr;
      return made;
    }
    made.field = field;
    made.mask = formula.mask;
    return made;
  }
  const GroundFormula::Kind neutral = formula.kind;
  for (const GroundFormula& part : formula.parts) {
    PackedFormula inner = packed(part);
    if (inner.kind != GroundFormula::Kind::kIn && inner.parts.empty()) {
      if (inner.kind == neutral) continue;  // true in an and, false in an or
      return inner;                         // false in an and, true in an or
    }
    made.parts.push_back(std::move(inner));
  }
  return made;
}

PackedEvent PackedPlan::event(Happening happening, const std::vector<GroundCondition>& guard,
                              const std::vector<const std::vector<GroundEffect>*>& effects) const {
  PackedEvent made;
  made.happening = happening;
  for (const GroundCondition& condition : guard) made.guard.push_back(packed(condition.formula));
  for (const std::vector<GroundEffect>* list : effects)
    for (const GroundEffect& effect : *list) {
      made.effects.push_back({field_of_[effect.target], effect.value, packed(effect.when)});
      const std::span<const std::uint32_t> about = plan_.invariants_about(effect.target);
      made.invariants.insert(made.invariants.end(), about.begin(), about.end());
    }
  std::ranges::sort(made.invariants);
  const auto repeated = std::ranges::unique(made.invariants);
  made.invariants.erase(repeated.begin(), repeated.end());
  return made;
}

void PackedPlan::compile(bool with_faults) {
  for (std::size_t step = 0; step < plan_.size(); ++step) {
    const GroundAction& action = plan_.action(step);
    requests_.push_back(event(requests(step), action.guard, {&action.request}));
    std::vector<PackedEvent>& outcomes = outcomes_.emplace_back();
    for (std::size_t o = 0; o < (with_faults ? action.outcomes.size() : 1); ++o)
      outcomes.push_back(event(ends(step, o), {}, {&action.outcomes[o]}));
  }
  if (with_faults)
    for (std::size_t i = 0; i < plan_.environment().size(); ++i) {
      const GroundAction& action = plan_.environment()[i];
      environment_.push_back(event({Happening::Kind::kEnvironment, i, 0}, action.guard,
                                   {&action.request, &action.outcomes.front()}));
    }
  for (const GroundInvariant& each : plan_.invariants())
    invariants_.push_back(packed(each.formula));
  for (const GroundGoal& each : plan_.goals()) goals_.push_back(packed(each.formula));
}

void PackedPlan::apply(const PackedEvent& event, const std::uint64_t* state, std::uint64_t* next) {
  for (const PackedEffect& effect : event.effects)
    if (effect.when.holds(state)) effect.target.set(next, effect.value);
}

}  // namespace wme::model
