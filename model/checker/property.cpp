#include "model/checker/property.hpp"

#include "model/wme/rules.hpp"

namespace wme::model {

std::vector<std::string> rules_in(const std::string& text) {
  std::vector<std::string> rules;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    if (comma > at) rules.push_back(text.substr(at, comma - at));
    at = text.find_first_not_of(", ", comma);
  }
  return rules;
}

std::string guard_property(const std::string& action) { return "guard of " + action; }
std::string goal_property(const std::string& words) { return "goal: " + words; }

std::vector<std::string> properties_of(const GroundPlan& plan, const Obligation& obligation) {
  switch (obligation.kind) {
    case PropertyKind::kStart:
    case PropertyKind::kInvariant:
      return {plan.invariants()[obligation.index].rule};
    case PropertyKind::kGoal:
      return {goal_property(plan.goals()[obligation.index].words)};
    case PropertyKind::kMaskedEnd:
      return {kEndsProperty};
    case PropertyKind::kGuard:
      break;
  }
  const GroundAction& action = plan.action(obligation.step);
  std::vector<std::string> rules = rules_in(action.guard[obligation.index].condition->rule);
  if (rules.empty()) rules.push_back(guard_property(action.action->name));
  return rules;
}

bool is_accepted(const GroundPlan& plan, const Obligation& broken, const GroundAction& by) {
  if (broken.kind != PropertyKind::kInvariant) return false;
  const Rule* rule = find_rule(plan.invariants()[broken.index].rule);
  return rule && rule->accepted == by.action->name;
}

const GroundFormula* formula_of(const GroundPlan& plan, const Obligation& obligation) {
  switch (obligation.kind) {
    case PropertyKind::kStart:
    case PropertyKind::kInvariant:
      return &plan.invariants()[obligation.index].formula;
    case PropertyKind::kGoal:
      return &plan.goals()[obligation.index].formula;
    case PropertyKind::kGuard:
      return &plan.action(obligation.step).guard[obligation.index].formula;
    case PropertyKind::kMaskedEnd:
      break;
  }
  return nullptr;
}

}  // namespace wme::model
