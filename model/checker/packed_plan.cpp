#include "model/checker/packed_plan.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "model/wme/vocabulary.hpp"

namespace wme::model {

PackedPlan::PackedPlan(const GroundPlan& plan, bool with_faults) : plan_(plan) {
  lay_out(with_faults);
  for (std::size_t step = 0; step < plan_.size(); ++step) compile_step(step, with_faults);
  first_event_.push_back(static_cast<std::uint32_t>(events_.size()));
  if (with_faults) compile_environment();
  for (const GroundInvariant& each : plan_.invariants())
    invariants_.push_back(compile(each.formula));
  for (const GroundGoal& each : plan_.goals()) goals_.push_back(compile(each.formula));
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
  successors_.resize(plan_.size());
  for (std::size_t step = 0; step < plan_.size(); ++step) {
    std::vector<DoneMask>& masks = predecessors_.emplace_back();
    for (const std::size_t before : plan_.order().predecessors()[step]) {
      const BitField& field = status_[before];
      const auto same_word = std::ranges::find(masks, field.word, &DoneMask::word);
      DoneMask& mask =
          same_word != masks.end() ? *same_word : masks.emplace_back(DoneMask{field.word, 0});
      mask.bits |= field.bits << field.shift;
      successors_[before].push_back(static_cast<std::uint32_t>(step));
    }
  }
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

bool PackedPlan::is_all_done(const std::uint64_t* state) const {
  const std::size_t whole = plan_.size() / kStatusesPerWord;
  for (std::size_t word = 0; word < whole; ++word)
    if (~state[word] != 0) return false;
  const std::uint64_t rest = (std::uint64_t{1} << 2 * (plan_.size() % kStatusesPerWord)) - 1;
  return rest == 0 || (state[whole] & rest) == rest;
}

Tests::Entry PackedPlan::compile(const GroundFormula& formula, Tests::Entry yes, Tests::Entry no) {
  switch (formula.kind) {
    case GroundFormula::Kind::kIn: {
      const BitField& field = field_of_[formula.variable];
      if (field.bits != 0) return yes == no ? yes : tests_.add(field, formula.mask, yes, no);
      return (formula.mask >> plan_.model().initial()[formula.variable] & 1U) != 0 ? yes : no;
    }
    case GroundFormula::Kind::kAnd: {
      Tests::Entry next = yes;
      for (auto part = formula.parts.rbegin(); part != formula.parts.rend(); ++part)
        next = compile(*part, next, no);
      return next;
    }
    case GroundFormula::Kind::kOr: {
      Tests::Entry next = no;
      for (auto part = formula.parts.rbegin(); part != formula.parts.rend(); ++part)
        next = compile(*part, yes, next);
      return next;
    }
  }
  return no;
}

/// Changes of one word under one condition are made at once, as long as their order does not
/// matter.
void PackedPlan::add_change(PackedEvent& event, Tests::Entry when, const BitField& field,
                            std::uint64_t value) {
  if (when == Tests::kFalse) return;
  const std::uint64_t bits = field.bits << field.shift;
  const bool joins = !event.changes.empty() && event.changes.back().when == when &&
                     event.changes.back().word == field.word;
  if (!joins) event.changes.push_back({when, field.word, ~std::uint64_t{0}, 0});
  PackedChange& change = event.changes.back();
  change.keep &= ~bits;
  change.set = (change.set & ~bits) | value << field.shift;
}

void PackedPlan::add_effects(PackedEvent& event, const std::vector<GroundEffect>& effects) {
  // Those that happen in any case come first, word by word: of two for one variable, the last wins.
  std::vector<const GroundEffect*> always;
  for (const GroundEffect& effect : effects)
    if (effect.when.is_true()) always.push_back(&effect);
  std::ranges::stable_sort(always, std::less<>{},
                           [&](const GroundEffect* each) { return field_of_[each->target].word; });
  for (const GroundEffect* effect : always)
    add_change(event, Tests::kTrue, field_of_[effect->target], effect->value);
  for (auto effect = effects.begin(); effect != effects.end(); ++effect) {
    const bool is_hidden = std::any_of(effect, effects.end(), [&](const GroundEffect& later) {
      return later.target == effect->target && later.when.is_true();
    });
    if (!is_hidden)
      add_change(event, compile(effect->when), field_of_[effect->target], effect->value);
  }
}

void PackedPlan::add_judgements(PackedEvent& event, std::vector<Variable> written) {
  std::vector<std::uint32_t> about;
  for (const Variable each : written) {
    const std::span<const std::uint32_t> those = plan_.invariants_about(each);
    about.insert(about.end(), those.begin(), those.end());
  }
  std::ranges::sort(about);
  const auto repeated = std::ranges::unique(about);
  about.erase(repeated.begin(), repeated.end());
  std::ranges::sort(written);
  const auto is_touched = [&](const GroundFormula& conjunct) {
    std::vector<Variable> read;
    collect_variables(conjunct, read);
    return std::ranges::any_of(
        read, [&](Variable each) { return std::ranges::binary_search(written, each); });
  };
  for (const std::uint32_t i : about) {
    const GroundFormula& formula = plan_.invariants()[i].formula;
    if (formula.kind != GroundFormula::Kind::kAnd) {
      event.judged.push_back({i, compile(formula)});
      continue;
    }
    GroundFormula touched = {GroundFormula::Kind::kAnd, 0, 0, {}};
    for (const GroundFormula& conjunct : formula.parts)
      if (is_touched(conjunct)) touched.parts.push_back(conjunct);
    const Tests::Entry entry = compile(touched);
    if (entry != Tests::kTrue) event.judged.push_back({i, entry});
  }
}

void PackedPlan::compile_step(std::size_t step, bool with_faults) {
  const GroundAction& action = plan_.action(step);
  const auto written_by = [](const std::vector<GroundEffect>& effects) {
    std::vector<Variable> written;
    for (const GroundEffect& effect : effects) written.push_back(effect.target);
    return written;
  };
  first_event_.push_back(static_cast<std::uint32_t>(events_.size()));
  PackedEvent request;
  request.happening = requests(step);
  std::vector<Tests::Entry>& conditions = conditions_.emplace_back();
  GroundFormula guard = {GroundFormula::Kind::kAnd, 0, 0, {}};
  for (const GroundCondition& condition : action.guard) {
    conditions.push_back(compile(condition.formula));
    guard.parts.push_back(condition.formula);
  }
  request.guard = compile(guard);
  add_change(request, Tests::kTrue, status_[step], static_cast<std::uint64_t>(Status::kRunning));
  add_effects(request, action.request);
  add_judgements(request, written_by(action.request));
  events_.push_back(std::move(request));
  for (std::size_t o = 0; o < (with_faults ? action.outcomes.size() : 1); ++o) {
    PackedEvent end;
    end.happening = ends(step, o);
    end.is_fault = o > 0;
    const Status status = o == 0 ? Status::kDone : Status::kFailed;
    add_change(end, Tests::kTrue, status_[step], static_cast<std::uint64_t>(status));
    if (o > 0) add_change(end, Tests::kTrue, stopped_, 1);
    add_effects(end, action.outcomes[o]);
    add_judgements(end, written_by(action.outcomes[o]));
    events_.push_back(std::move(end));
  }
}

void PackedPlan::compile_environment() {
  for (std::size_t i = 0; i < plan_.environment().size(); ++i) {
    const GroundAction& action = plan_.environment()[i];
    PackedEvent event;
    event.happening = {Happening::Kind::kEnvironment, i, 0};
    event.is_fault = true;
    GroundFormula guard = {GroundFormula::Kind::kAnd, 0, 0, {}};
    for (const GroundCondition& condition : action.guard) guard.parts.push_back(condition.formula);
    event.guard = compile(guard);
    std::vector<GroundEffect> effects = action.request;
    effects.insert(effects.end(), action.outcomes.front().begin(), action.outcomes.front().end());
    add_effects(event, effects);
    std::vector<Variable> written;
    for (const GroundEffect& effect : effects) written.push_back(effect.target);
    add_judgements(event, std::move(written));
    events_.push_back(std::move(event));
  }
}

}  // namespace wme::model
