#include "model/checker/packed_plan.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "model/wme/vocabulary.hpp"

namespace wme::model {

void Tests::mark_read(Entry at, std::vector<std::uint64_t>& bits) const {
  std::vector<Entry> open = {at};
  std::vector<bool> seen(tests_.size(), false);
  while (!open.empty()) {
    const Entry each = open.back();
    open.pop_back();
    if (each < 0 || seen[static_cast<std::size_t>(each)]) continue;
    seen[static_cast<std::size_t>(each)] = true;
    const Test& test = tests_[static_cast<std::size_t>(each)];
    bits[test.word] |= test.bits << test.shift;
    open.push_back(test.yes);
    open.push_back(test.no);
  }
}

PackedPlan::PackedPlan(const GroundPlan& plan, const FaultBudget& budget)
    : plan_(plan), lines_(budget.lines()) {
  lay_out(budget);
  for (std::size_t step = 0; step < plan_.size(); ++step) {
    compile_step(step);
    compile_policy(step);
  }
  first_event_.push_back(static_cast<std::uint32_t>(events_.size()));
  compile_environment();
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

void PackedPlan::lay_out(const FaultBudget& budget) {
  constexpr std::uint64_t kStatuses = 4;
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
  for (const FaultBudget::Line& line : budget.lines()) {
    limits_.push_back(static_cast<std::uint64_t>(line.count));
    used_.push_back(add_field(limits_.back() + 1));
  }
  if (!budget.is_empty()) stopped_ = add_field(2);
  if (line_of(fault::kStaleRead) != PackedEvent::kNoBudget)
    committed_ = add_field(plan_.size() + 1);
  const GroundModel& model = plan_.model();
  std::vector<bool> changes(model.variable_count(), false);
  const auto mark = [&](const GroundAction& action) {
    for (const GroundEffect& effect : action.request) changes[effect.target] = true;
    const bool fails = line_of(fault::kFailedOutcome) != PackedEvent::kNoBudget;
    for (std::size_t o = 0; o < (fails ? action.outcomes.size() : 1); ++o)
      for (const GroundEffect& effect : action.outcomes[o]) changes[effect.target] = true;
  };
  for (std::size_t step = 0; step < plan_.size(); ++step) mark(plan_.action(step));
  for (const GroundAction& action : plan_.environment())
    if (line_of(action.action->fault) != PackedEvent::kNoBudget) mark(action);
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

std::vector<BitField> PackedPlan::fields() const {
  std::vector<BitField> made = status_;
  const auto add = [&](const BitField& field) {
    if (field.bits != 0) made.push_back(field);
  };
  for (const BitField& each : used_) add(each);
  add(stopped_);
  add(committed_);
  for (const BitField& each : field_of_) add(each);
  return made;
}

std::size_t PackedPlan::line_of(std::string_view kind) const {
  for (std::size_t line = 0; line < lines_.size(); ++line)
    if (std::ranges::find(lines_[line].kinds, kind) != lines_[line].kinds.end()) return line;
  return PackedEvent::kNoBudget;
}

State PackedPlan::valuation(const std::uint64_t* state) const {
  State values = plan_.model().initial();
  for (std::size_t v = 0; v < values.size(); ++v)
    if (field_of_[v].bits != 0) values[v] = static_cast<Value>(field_of_[v].get(state));
  return values;
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

void PackedPlan::compile_step(std::size_t step) {
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
  const std::size_t failures = line_of(fault::kFailedOutcome);
  const std::size_t outcomes = failures == PackedEvent::kNoBudget ? 1 : action.outcomes.size();
  for (std::size_t o = 0; o < outcomes; ++o) {
    PackedEvent end;
    end.happening = ends(step, o);
    if (o == 0) end.guard = compile(action.lasts);
    if (o > 0) end.budget = failures;
    const Status status = o == 0 ? Status::kDone : Status::kFailed;
    add_change(end, Tests::kTrue, status_[step], static_cast<std::uint64_t>(status));
    if (o > 0) add_change(end, Tests::kTrue, stopped_, 1);
    add_effects(end, action.outcomes[o]);
    add_judgements(end, written_by(action.outcomes[o]));
    events_.push_back(std::move(end));
  }
}

Footprint PackedPlan::footprint(std::uint32_t e) const {
  const PackedEvent& event = events_[e];
  Footprint made;
  made.decide.assign(words_, 0);
  made.write.assign(words_, 0);
  made.judge.assign(words_, 0);
  const auto mark = [](std::vector<std::uint64_t>& bits, const BitField& field) {
    bits[field.word] |= field.bits << field.shift;
  };
  tests_.mark_read(event.guard, made.decide);
  for (const PackedChange& change : event.changes) {
    tests_.mark_read(change.when, made.decide);
    made.write[change.word] |= ~change.keep;
  }
  for (const PackedJudgement& each : event.judged) {
    tests_.mark_read(each.conjuncts, made.judge);
    tests_.mark_read(invariants_[each.invariant], made.judge);
  }
  if (event.budget != PackedEvent::kNoBudget) mark(made.write, used_[event.budget]);
  if (event.happening.kind == Happening::Kind::kEnvironment) return made;
  const std::size_t step = event.happening.what;
  mark(made.decide, status_[step]);
  if (event.happening.kind == Happening::Kind::kOutcome) return made;
  for (const DoneMask& each : predecessors_[step]) made.decide[each.word] |= each.bits;
  tests_.mark_read(events_[request(step)].guard, made.decide);  // open: nothing is found done
  mark(made.decide, stopped_);
  mark(made.decide, committed_);
  return made;
}

/// What the executor makes of faults between it and the step's system.
void PackedPlan::compile_policy(std::size_t step) {
  first_policy_.push_back(static_cast<std::uint32_t>(events_.size()));
  if (lines_.empty()) return;
  const PackedEvent request = events_[first_event_[step]];
  PackedEvent found;
  found.happening = {Happening::Kind::kFoundDone, step, 0};
  found.guard = compile(plan_.visible_work(step));
  add_change(found, Tests::kTrue, status_[step], static_cast<std::uint64_t>(Status::kRunning));
  events_.push_back(std::move(found));

  PackedEvent lost_request;
  lost_request.happening = {Happening::Kind::kLostRequest, step, 0};
  lost_request.guard = request.guard;
  add_for_lines_of(fault::kLostRequest, std::move(lost_request));
  PackedEvent lost_answer;
  lost_answer.happening = {Happening::Kind::kLostAnswer, step, 0};
  lost_answer.guard = request.guard;
  add_effects(lost_answer, plan_.action(step).request);
  lost_answer.judged = request.judged;
  add_for_lines_of(fault::kLostAnswer, std::move(lost_answer));

  const std::size_t stale = line_of(fault::kStaleRead);
  if (stale == PackedEvent::kNoBudget) return;
  PackedEvent looked;
  looked.happening = {Happening::Kind::kStaleRead, step, 0};
  looked.budget = stale;
  looked.guard = request.guard;
  add_change(looked, Tests::kTrue, committed_, step + 1);
  events_.push_back(std::move(looked));
  PackedEvent sent = request;  // and obeyed, unless the system itself refuses
  GroundFormula by_the_system = {GroundFormula::Kind::kAnd, 0, 0, {}};
  for (const GroundCondition& condition : plan_.action(step).guard)
    if (condition.condition->enforcer == Enforcer::kSystem)
      by_the_system.parts.push_back(condition.formula);
  sent.guard = compile(by_the_system);
  add_change(sent, Tests::kTrue, committed_, 0);
  events_.push_back(std::move(sent));
}

/// Killed between the intent and the request is a request that never arrived; killed between the
/// request and its outcome, an answer that never came. Where both come from one number, once.
void PackedPlan::add_for_lines_of(std::string_view kind, PackedEvent event) {
  const std::size_t own = line_of(kind);
  const std::size_t killed = line_of(fault::kExecutorKilled);
  if (own != PackedEvent::kNoBudget) {
    event.budget = own;
    events_.push_back(event);
  }
  if (killed != PackedEvent::kNoBudget && killed != own) {
    event.budget = killed;
    events_.push_back(std::move(event));
  }
}

void PackedPlan::compile_environment() {
  for (std::size_t i = 0; i < plan_.environment().size(); ++i) {
    const GroundAction& action = plan_.environment()[i];
    PackedEvent event;
    event.happening = {Happening::Kind::kEnvironment, i, 0};
    event.budget = line_of(action.action->fault);
    if (event.budget == PackedEvent::kNoBudget) continue;
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
