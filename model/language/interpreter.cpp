#include "model/language/interpreter.hpp"

#include <algorithm>

namespace wme::model {

bool evaluate(const GroundFormula& formula, const State& state) {
  switch (formula.kind) {
    case GroundFormula::Kind::kIn:
      return (formula.mask >> state[formula.variable] & 1U) != 0;
    case GroundFormula::Kind::kAnd:
      return std::ranges::all_of(formula.parts,
                                 [&](const GroundFormula& part) { return evaluate(part, state); });
    case GroundFormula::Kind::kOr:
      return std::ranges::any_of(formula.parts,
                                 [&](const GroundFormula& part) { return evaluate(part, state); });
  }
  return false;
}

std::vector<Failure> failures(const GroundModel& model, const GroundAction& action,
                              const State& state) {
  std::vector<Failure> found;
  for (const GroundCondition& each : action.guard)
    if (!evaluate(each.formula, state)) found.push_back(failure_of(model, action, each, state));
  return found;
}

std::optional<Failure> first_failure(const GroundModel& model, const GroundAction& action,
                                     const State& state) {
  for (const GroundCondition& each : action.guard)
    if (!evaluate(each.formula, state)) return failure_of(model, action, each, state);
  return std::nullopt;
}

Failure failure_of(const GroundModel& model, const GroundAction& action,
                   const GroundCondition& condition, const State& state) {
  const std::string why = why_not(model, condition.formula, state);
  std::string sentence =
      filled_in(model, *action.action, action.arguments, condition.condition->sentence);
  if (!why.empty()) sentence += " (" + why + ")";
  return {std::move(sentence), condition.condition->enforcer, condition.condition->rule};
}

std::vector<Variable> apply(const std::vector<GroundEffect>& effects, State& state) {
  std::vector<const GroundEffect*> due;
  for (const GroundEffect& effect : effects)
    if (evaluate(effect.when, state)) due.push_back(&effect);
  std::vector<Variable> changed;
  for (const GroundEffect* effect : due) {
    if (state[effect->target] == effect->value) continue;
    state[effect->target] = effect->value;
    changed.push_back(effect->target);
  }
  return changed;
}

State applied(const std::vector<GroundEffect>& effects, const State& state) {
  State next = state;
  apply(effects, next);
  return next;
}

void request_from(const GroundAction& action, const State& before, State& state) {
  for (const auto* effects : {&action.request, &action.outcomes.front()})
    for (const GroundEffect& effect : *effects)
      if (effect.when.is_true()) state[effect.target] = before[effect.target];
  apply(action.request, state);
}

Result<State> requested(const GroundModel& model, const GroundAction& action, const State& state) {
  if (const std::optional<Failure> failed = first_failure(model, action, state))
    return Error{ErrorCode::kBlocked, name_of(model, action) + ": " + failed->sentence};
  return applied(action.request, state);
}

std::string why_not(const GroundModel& model, const GroundFormula& formula, const State& state) {
  if (evaluate(formula, state)) return "";
  switch (formula.kind) {
    case GroundFormula::Kind::kIn:
      return model.text(formula.variable) + " is " +
             model.value_text(formula.variable, state[formula.variable]) + ", not " +
             model.mask_text(formula.variable, formula.mask);
    case GroundFormula::Kind::kAnd: {
      const auto bad = std::ranges::find_if(
          formula.parts, [&](const GroundFormula& part) { return !evaluate(part, state); });
      return why_not(model, *bad, state);
    }
    case GroundFormula::Kind::kOr:
      // The last one: in an implication, that is the conclusion.
      return formula.parts.empty() ? "" : why_not(model, formula.parts.back(), state);
  }
  return "";
}

std::string name_of(const GroundModel& model, const GroundAction& action) {
  std::string text = action.action->name;
  for (const Entity argument : action.arguments) text += " " + model.name(argument);
  return text;
}

std::string filled_in(const GroundModel& model, const Action& action,
                      const std::vector<Entity>& arguments, std::string_view sentence) {
  GroundModel::Binding binding;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    binding.emplace_back(action.parameters[i].name, arguments[i]);
  return filled_in(sentence, [&](const Term& term) -> std::optional<std::string> {
    const std::optional<Entity> entity = model.resolve(term, binding);
    if (!entity) return std::nullopt;
    return model.name(*entity);
  });
}

std::string filled_in(std::string_view sentence,
                      const std::function<std::optional<std::string>(const Term&)>& name) {
  std::string text;
  while (!sentence.empty()) {
    const std::size_t open = sentence.find('{');
    text += sentence.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = sentence.find('}', open);
    const std::string inside(sentence.substr(open + 1, close - open - 1));
    const std::size_t dot = inside.find('.');
    Term term(inside.substr(0, dot));
    if (dot != std::string::npos) term.functions.push_back(inside.substr(dot + 1));
    text += name(term).value_or(inside);
    sentence.remove_prefix(close + 1);
  }
  return text;
}

GroundFormula end_of(const GroundAction& action) {
  GroundFormula end;
  for (const GroundEffect& effect : action.outcomes.front()) {
    if (!effect.when.is_true()) continue;
    GroundFormula leaf;
    leaf.kind = GroundFormula::Kind::kIn;
    leaf.variable = effect.target;
    leaf.mask = Mask{1} << effect.value;
    end.parts.push_back(std::move(leaf));
  }
  return end;
}

}  // namespace wme::model
