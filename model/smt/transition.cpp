#include "model/smt/transition.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "model/wme/actions.hpp"

namespace wme::model::smt {

namespace {

using Binding = Fleet::Binding;

[[noreturn]] void broken_model(const std::string& what) {
  std::cerr << "rehydrate: the proof for any fleet size cannot read the model: " << what << "\n";
  std::abort();
}

Binding with(Binding binding, std::string name, Ref ref) {
  binding.emplace_back(std::move(name), std::move(ref));
  return binding;
}

std::uint32_t mask_of(const Cell& cell, const std::vector<std::string>& values) {
  std::uint32_t mask = 0;
  for (const std::string& value : values) {
    const auto at = std::ranges::find(*cell.words, value);
    if (at == cell.words->end()) broken_model(cell.fluent + " is never " + value);
    mask |= std::uint32_t{1} << (at - cell.words->begin());
  }
  return mask;
}

}  // namespace

std::vector<Ref> choices(const Fleet& fleet, const Var& variable) {
  std::vector<Ref> all;
  for (const std::string& name : fleet.members(variable.sort))
    all.push_back({OpenSort::kNone, name, {}, false});
  const OpenSort open = Fleet::open_part(variable.sort);
  if (open == OpenSort::kNone) return all;
  all.push_back({open, variable.name, {}, false});
  if (open == OpenSort::kInstance) all.push_back({open, variable.name, {}, true});
  return all;
}

std::vector<Ref> arguments_for(const Fleet& fleet, const Var& parameter) {
  std::vector<Ref> all = choices(fleet, parameter);
  for (Ref& each : all)
    if (each.sort != OpenSort::kNone) each.name = kArgument + each.name;
  return all;
}

bool Without::names(const Action& of, std::size_t position, const Condition& condition) const {
  if (!action.empty() && action != of.name) return false;
  if (number != 0) return number == position;
  if (rule.empty()) return !action.empty();
  // "INV-24, INV-45" names both.
  std::size_t at = condition.rule.find(rule);
  return at != std::string::npos;
}

Expr Translator::after(const Cell& cell, std::uint32_t mask,
                       const std::vector<Change>& changes) const {
  Expr value = is_in(cell, mask);
  for (const Change& change : changes) {
    if (change.symbol != cell.symbol) continue;
    Binding binding = change.binding;
    std::vector<Expr> due;
    if (change.is_for_each)
      binding.emplace_back(change.at.name, cell.at);
    else if (change.at.sort != OpenSort::kNone)
      due.push_back(same(cell.at, change.at));
    if (change.effect) {
      due.push_back(before(change.effect->where, binding));
      due.push_back(before(change.effect->when, binding));
    }
    const Expr now = conjunction(std::move(due));
    const bool becomes = (mask >> change.value & 1U) != 0;
    value = disjunction(
        {conjunction({now, constant(becomes)}), conjunction({negation(now), std::move(value)})});
  }
  return value;
}

Expr Translator::quantified(const Formula& formula, const Binding& binding,
                            const std::vector<Change>* changes) const {
  const bool is_all = formula.kind == Formula::Kind::kForAll;
  const Var& variable = formula.variable;
  // Of an existing name a nested quantifier takes another: two containers, both called c.
  std::string fresh = variable.name;
  while (std::ranges::any_of(binding, [&](const auto& each) { return each.second.name == fresh; }))
    fresh += "'";
  std::vector<Expr> parts;
  for (Ref choice : choices(fleet_, variable)) {
    if (choice.sort != OpenSort::kNone) choice.name = fresh;
    const Binding inner = with(binding, variable.name, choice);
    const Expr where = translated(formula.parts[0], inner, changes);
    const Expr body = translated(formula.parts[1], inner, changes);
    Expr part = is_all ? implication(where, body) : negation(conjunction({where, body}));
    part = choice.sort == OpenSort::kNone ? std::move(part)
                                          : for_all(choice.sort, fresh, std::move(part));
    parts.push_back(is_all ? std::move(part) : negation(std::move(part)));
  }
  return is_all ? conjunction(std::move(parts)) : disjunction(std::move(parts));
}

Expr Translator::translated(const Formula& formula, const Binding& binding,
                            const std::vector<Change>* changes) const {
  switch (formula.kind) {
    case Formula::Kind::kTrue:
      return constant(true);
    case Formula::Kind::kAttributeIn:
      return fleet_.holds(formula, binding);
    case Formula::Kind::kNot:
      return negation(translated(formula.parts.front(), binding, changes));
    case Formula::Kind::kFluentIn: {
      const std::optional<Cell> cell = fleet_.cell(formula.fluent, binding);
      if (!cell) return constant(false);
      const std::uint32_t mask = mask_of(*cell, formula.values);
      return changes ? after(*cell, mask, *changes) : is_in(*cell, mask);
    }
    case Formula::Kind::kAnd:
    case Formula::Kind::kOr: {
      std::vector<Expr> parts;
      for (const Formula& part : formula.parts) parts.push_back(translated(part, binding, changes));
      return formula.kind == Formula::Kind::kAnd ? conjunction(std::move(parts))
                                                 : disjunction(std::move(parts));
    }
    case Formula::Kind::kForAll:
    case Formula::Kind::kExists:
      return quantified(formula, binding, changes);
  }
  broken_model("unknown kind of formula");
}

namespace {

class Compiler {
 public:
  Compiler(const Translator& translator, Overtaking overtaking, const std::vector<Without>& without)
      : translator_(translator), overtaking_(overtaking), without_(without) {}

  void compile(const Action& action, std::vector<Transition>& into) const {
    std::vector<std::vector<Ref>> all = {{}};
    for (const Var& parameter : action.parameters) {
      std::vector<std::vector<Ref>> longer;
      for (const std::vector<Ref>& begun : all)
        for (const Ref& choice : arguments_for(translator_.fleet(), parameter)) {
          longer.push_back(begun);
          longer.back().push_back(choice);
        }
      all = std::move(longer);
    }
    for (const std::vector<Ref>& arguments : all) compile(action, arguments, into);
  }

 private:
  void compile(const Action& action, const std::vector<Ref>& arguments,
               std::vector<Transition>& into) const {
    Transition base;
    base.action = &action;
    base.arguments = arguments;
    for (std::size_t p = 0; p < arguments.size(); ++p)
      base.binding.emplace_back(action.parameters[p].name, arguments[p]);
    const Expr applies = translator_.before(action.applies, base.binding);
    if (applies.is_false()) return;
    const std::vector<Obstacle> guard = obstacles(action, base.binding);
    base.left_out = left_out_of(action, base.binding);
    if (action.door == Door::kEnvironment) return compile_event(base, applies, guard, into);
    if (action.request.empty() && overtaking_ == Overtaking::kExcluded)
      return compile_at_once(base, applies, guard, into);
    Transition request = base;
    request.guard = guard;
    request.enabled = conjunction({applies, negation(working(base))});
    request.changes = changes(action.request, base.binding);
    request.changes.push_back(work(base, 1));
    for (std::size_t o = 0; o < action.outcomes.size(); ++o)
      into.push_back(outcome_of(base, request, o));
    into.push_back(std::move(request));
    Transition given_up = base;
    given_up.kind = Transition::Kind::kGivenUp;
    given_up.left_out.clear();
    given_up.enabled = working(base);
    given_up.changes = {work(base, 0)};
    into.push_back(std::move(given_up));
  }

  void compile_event(Transition event, const Expr& applies, const std::vector<Obstacle>& guard,
                     std::vector<Transition>& into) const {
    event.kind = Transition::Kind::kEvent;
    event.guard = guard;
    event.enabled = applies;
    event.changes = changes(event.action->outcomes.front().effects, event.binding);
    into.push_back(std::move(event));
  }

  void compile_at_once(const Transition& base, const Expr& applies,
                       const std::vector<Obstacle>& guard, std::vector<Transition>& into) const {
    for (std::size_t o = 0; o < base.action->outcomes.size(); ++o) {
      Transition done = base;
      done.kind = Transition::Kind::kAtOnce;
      done.outcome = o;
      done.guard = guard;
      done.enabled = applies;
      done.changes = changes(base.action->outcomes[o].effects, base.binding);
      into.push_back(std::move(done));
    }
  }

  Transition outcome_of(const Transition& base, const Transition& request, std::size_t o) const {
    Transition end = base;
    end.left_out.clear();  // nobody is asked any more
    end.kind = Transition::Kind::kOutcome;
    end.outcome = o;
    std::vector<Expr> enabled = {working(base)};
    if (o == 0 || overtaking_ == Overtaking::kExcluded)
      enabled.push_back(still_there(request, overtaking_ == Overtaking::kAllowed));
    if (o == 0)
      for (const Obstacle& each : all_obstacles(*base.action, base.binding))
        if (each.condition->throughout) enabled.push_back(each.formula);
    end.enabled = conjunction(std::move(enabled));
    end.changes = changes(base.action->outcomes[o].effects, base.binding);
    end.changes.push_back(work(base, 0));
    return end;
  }

  /// What the request made is there, or, as GroundModel::lasting() has it, what the first outcome
  /// makes of it.
  Expr still_there(const Transition& request, bool or_done) const {
    const std::vector<Change> done =
        changes(request.action->outcomes.front().effects, request.binding);
    std::vector<Expr> parts;
    for (const Change& made : request.changes) {
      if (!made.effect || made.is_for_each || !is_always(made)) continue;
      std::uint32_t mask = std::uint32_t{1} << made.value;
      for (const Change& end : done)
        if (or_done && end.symbol == made.symbol && end.at == made.at)
          mask |= std::uint32_t{1} << end.value;
      const std::optional<Cell> cell = translator_.fleet().cell(made.effect->target, made.binding);
      parts.push_back(is_in(*cell, mask));
    }
    return conjunction(std::move(parts));
  }

  bool is_always(const Change& change) const {
    return translator_.before(change.effect->when, change.binding).is_true() &&
           translator_.before(change.effect->where, change.binding).is_true();
  }

  bool is_left_out(const Action& action, std::size_t number, const Condition& condition) const {
    return std::ranges::any_of(
        without_, [&](const Without& without) { return without.names(action, number, condition); });
  }

  std::vector<Obstacle> all_obstacles(const Action& action, const Binding& binding) const {
    std::vector<Obstacle> guard;
    for (const Condition& each : guard_of(action))
      guard.push_back({&each, guard.size() + 1, translator_.before(each.formula, binding)});
    return guard;
  }

  std::vector<Obstacle> obstacles(const Action& action, const Binding& binding) const {
    std::vector<Obstacle> guard = all_obstacles(action, binding);
    std::erase_if(guard, [&](const Obstacle& each) {
      return is_left_out(action, each.number, *each.condition);
    });
    return guard;
  }

  std::vector<Obstacle> left_out_of(const Action& action, const Binding& binding) const {
    std::vector<Obstacle> guard = all_obstacles(action, binding);
    std::erase_if(guard, [&](const Obstacle& each) {
      return !is_left_out(action, each.number, *each.condition);
    });
    return guard;
  }

  Cell work_cell(const Transition& base) const {
    std::vector<Term> arguments;
    for (const Var& parameter : base.action->parameters) arguments.emplace_back(parameter);
    const std::optional<Cell> cell =
        translator_.fleet().cell(under_way(base.action->name, arguments), base.binding);
    if (!cell) broken_model("no work of " + base.action->name);
    return *cell;
  }
  Expr working(const Transition& base) const { return is_in(work_cell(base), 2); }
  Change work(const Transition& base, std::uint32_t value) const {
    const Cell cell = work_cell(base);
    return {cell.symbol, cell.at, false, base.binding, nullptr, value};
  }

  std::vector<Change> changes(const std::vector<Effect>& effects, const Binding& binding) const {
    std::vector<Change> made;
    for (const Effect& effect : effects) expand(effect, 0, binding, {}, made);
    return made;
  }

  void expand(const Effect& effect, std::size_t depth, const Binding& binding,
              const std::string& open_variable, std::vector<Change>& into) const {
    if (depth < effect.each.size()) {
      const Var& variable = effect.each[depth];
      for (const Ref& choice : choices(translator_.fleet(), variable))
        expand(effect, depth + 1, with(binding, variable.name, choice),
               choice.sort == OpenSort::kNone ? open_variable : variable.name, into);
      return;
    }
    if (translator_.before(effect.where, binding).is_false()) return;
    const std::optional<Cell> cell = translator_.fleet().cell(effect.target, binding);
    if (!cell) return;
    Change change{cell->symbol, cell->at, false, binding, &effect, 0};
    const auto value = std::ranges::find(*cell->words, effect.value);
    if (value == cell->words->end()) broken_model(cell->fluent + " is never " + effect.value);
    change.value = static_cast<std::uint32_t>(value - cell->words->begin());
    if (!open_variable.empty()) {
      if (cell->at.name != open_variable || !cell->at.functions.empty())
        broken_model("an effect for each " + open_variable + " on something else: " + cell->symbol);
      change.is_for_each = true;
      std::erase_if(change.binding, [&](const auto& each) { return each.first == open_variable; });
    }
    into.push_back(std::move(change));
  }

  const Translator& translator_;
  Overtaking overtaking_;
  const std::vector<Without>& without_;
};

}  // namespace

std::vector<Transition> transitions_of(const Translator& translator, Overtaking overtaking,
                                       const std::vector<Without>& without) {
  const Compiler compiler(translator, overtaking, without);
  std::vector<Transition> all;
  for (const Action& action : all_actions()) compiler.compile(action, all);
  return all;
}

}  // namespace wme::model::smt
