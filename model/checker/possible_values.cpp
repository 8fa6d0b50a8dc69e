#include "model/checker/possible_values.hpp"

#include <algorithm>

namespace wme::model {

namespace {

/// Three-valued: only what holds for every choice of possible values is certain.
template <class ValuesOf>
Truth judge(const GroundFormula& formula, const ValuesOf& values_of) {
  switch (formula.kind) {
    case GroundFormula::Kind::kIn: {
      const Mask possible = values_of(formula.variable);
      if ((possible & ~formula.mask) == 0) return Truth::kTrue;
      return (possible & formula.mask) == 0 ? Truth::kFalse : Truth::kMaybe;
    }
    case GroundFormula::Kind::kAnd: {
      Truth worst = Truth::kTrue;
      for (const GroundFormula& part : formula.parts) {
        worst = std::min(worst, judge(part, values_of));
        if (worst == Truth::kFalse) break;
      }
      return worst;
    }
    case GroundFormula::Kind::kOr: {
      Truth best = Truth::kFalse;
      for (const GroundFormula& part : formula.parts) {
        best = std::max(best, judge(part, values_of));
        if (best == Truth::kTrue) break;
      }
      return best;
    }
  }
  return Truth::kMaybe;
}

}  // namespace

PossibleValues::PossibleValues(const GroundPlan& plan, const PlanOrder& order)
    : plan_(plan), order_(order) {
  collect_writes();
  index_by_variable();
  // Each round starts from sound sets and can only make them smaller, so it may stop at any time.
  constexpr int kRoundsMax = 8;
  for (int round = 0; round < kRoundsMax && decide_conditions(); ++round) {
  }
}

void PossibleValues::collect_writes() {
  event_start_.assign(2 * plan_.size(), 0);
  event_end_.assign(2 * plan_.size(), 0);
  for (const std::size_t step : order_.topological()) {
    collect_event(request_of(step), plan_.action(step).request);
    collect_event(end_event_of(step), plan_.action(step).outcomes.front());
  }
  uncertain_start_.push_back(static_cast<std::uint32_t>(uncertain_.size()));
}

void PossibleValues::collect_event(PlanEvent event, const std::vector<GroundEffect>& effects) {
  std::vector<const GroundEffect*> sorted;
  sorted.reserve(effects.size());
  for (const GroundEffect& effect : effects) sorted.push_back(&effect);
  std::ranges::stable_sort(sorted, std::less<>{}, &GroundEffect::target);
  event_start_[event] = static_cast<std::uint32_t>(writes_.size());
  for (std::size_t i = 0; i < sorted.size();) {
    const auto position = static_cast<std::uint32_t>(writes_.size());
    writes_.push_back({event, sorted[i]->target, 0, false});
    uncertain_start_.push_back(static_cast<std::uint32_t>(uncertain_.size()));
    Mask certain = 0;
    for (; i < sorted.size() && sorted[i]->target == writes_.back().variable; ++i)
      if (sorted[i]->when.is_true())
        certain |= Mask{1} << sorted[i]->value;
      else
        uncertain_.push_back({sorted[i], position, Truth::kMaybe});
    certain_values_.push_back(certain);
    Mask values = certain;
    for (std::size_t u = uncertain_start_[position]; u < uncertain_.size(); ++u)
      values |= Mask{1} << uncertain_[u].effect->value;
    writes_.back().values = values;
    writes_.back().definite = certain != 0;
  }
  event_end_[event] = static_cast<std::uint32_t>(writes_.size());
}

void PossibleValues::index_by_variable() {
  variable_start_.assign(plan_.model().variable_count() + 1, 0);
  for (const PossibleWrite& write : writes_) ++variable_start_[write.variable + 1];
  for (std::size_t v = 0; v + 1 < variable_start_.size(); ++v)
    variable_start_[v + 1] += variable_start_[v];
  variable_writes_.resize(writes_.size());
  std::vector<std::uint32_t> next(variable_start_.begin(), variable_start_.end() - 1);
  for (std::size_t w = writes_.size(); w-- > 0;)
    variable_writes_[next[writes_[w].variable]++] = static_cast<std::uint32_t>(w);
}

/// True if a condition was decided that was not before.
bool PossibleValues::decide_conditions() {
  bool changed = false;
  for (Uncertain& each : uncertain_) {
    if (each.truth != Truth::kMaybe) continue;
    each.truth = judge_before(writes_[each.write].event, each.effect->when);
    if (each.truth == Truth::kMaybe) continue;
    changed = true;
    summarize(each.write);
  }
  return changed;
}

void PossibleValues::summarize(std::uint32_t position) {
  PossibleWrite& write = writes_[position];
  write.values = certain_values_[position];
  write.definite = write.values != 0;
  for (std::uint32_t u = uncertain_start_[position]; u < uncertain_start_[position + 1]; ++u) {
    if (uncertain_[u].truth == Truth::kFalse) continue;
    write.values |= Mask{1} << uncertain_[u].effect->value;
    if (uncertain_[u].truth == Truth::kTrue) write.definite = true;
  }
}

bool PossibleValues::earlier(PlanEvent a, PlanEvent b) const {
  if (b == kEndOfPlan) return true;
  return step_of(a) == step_of(b) ? a < b : order_.before(step_of(a), step_of(b));
}

Mask PossibleValues::before(PlanEvent event, Variable variable) const {
  Mask possible = 0;
  kept_.clear();  // certain writes before the event that no later one hides
  for (const std::uint32_t position : writes_to(variable)) {
    const PossibleWrite& write = writes_[position];
    if (write.values == 0 || write.event == event) continue;
    if (!earlier(write.event, event)) {
      if (!earlier(event, write.event)) possible |= write.values;
      continue;
    }
    const bool hidden =
        std::ranges::any_of(kept_, [&](PlanEvent later) { return earlier(write.event, later); });
    if (hidden) continue;
    possible |= write.values;
    if (write.definite) kept_.push_back(write.event);
  }
  if (kept_.empty()) possible |= Mask{1} << plan_.model().initial()[variable];
  return possible;
}

Mask PossibleValues::after(PlanEvent event, Variable variable) const {
  const PossibleWrite* write = write_by(event, variable);
  if (!write) return before(event, variable);
  return write->definite ? write->values : write->values | before(event, variable);
}

Truth PossibleValues::judge_before(PlanEvent event, const GroundFormula& formula) const {
  return judge(formula, [&](Variable variable) { return before(event, variable); });
}

Truth PossibleValues::judge_after(PlanEvent event, const GroundFormula& formula) const {
  return judge(formula, [&](Variable variable) { return after(event, variable); });
}

std::span<const PossibleWrite> PossibleValues::writes_of(PlanEvent event) const {
  return std::span(writes_).subspan(event_start_[event], event_end_[event] - event_start_[event]);
}

std::span<const std::uint32_t> PossibleValues::writes_to(Variable variable) const {
  return std::span(variable_writes_)
      .subspan(variable_start_[variable],
               variable_start_[variable + 1] - variable_start_[variable]);
}

const PossibleWrite* PossibleValues::write_by(PlanEvent event, Variable variable) const {
  const std::span<const PossibleWrite> mine = writes_of(event);
  const auto at = std::ranges::lower_bound(mine, variable, std::less<>{}, &PossibleWrite::variable);
  return at != mine.end() && at->variable == variable ? &*at : nullptr;
}

}  // namespace wme::model
