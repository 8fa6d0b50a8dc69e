#include "model/checker/ground_plan.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/planner/planner.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

/// What is wrong with the plan as a whole for this installation; empty if nothing is.
std::string mismatch(const Installation& here, const Plan& plan) {
  const auto differs = [](const char* what, const std::string& theirs, std::string_view ours) {
    if (theirs == ours) return std::string();
    return "the plan's " + std::string(what) + " is \"" + theirs + "\", the inventory's is \"" +
           std::string(ours) + "\"; plan again for this inventory";
  };
  for (std::string wrong : {differs("procedure", plan.procedure, to_string(here.procedure)),
                            differs("installation", plan.installation, here.inventory.name),
                            differs("provider", plan.provider, to_string(here.inventory.provider)),
                            differs("version", plan.version, here.inventory.version)})
    if (!wrong.empty()) return wrong;
  return "";
}

std::string described(const Step& step) {
  std::string text = "step " + step.id + " (" + step.action;
  for (const std::string& argument : step.arguments) text += " " + argument;
  return text + ")";
}

/// Why `action` cannot be taken with these arguments.
std::string why_not_ground(const GroundModel& model, const Action& action,
                           const std::vector<std::string>& arguments) {
  if (arguments.size() != action.parameters.size())
    return "it has " + std::to_string(arguments.size()) + " arguments, the action takes " +
           std::to_string(action.parameters.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::optional<Entity> entity = model.entity(arguments[i]);
    const std::string& sort = action.parameters[i].sort;
    if (!entity) return "the inventory has no " + sort + " \"" + arguments[i] + "\"";
    const std::vector<Entity>& members = model.sort(sort);
    if (std::ranges::find(members, *entity) == members.end())
      return "\"" + arguments[i] + "\" is no " + sort;
  }
  return "the action does not exist for this provider, version or generation of machines";
}

Result<GroundAction> grounded(const GroundModel& model, const Step& step) {
  const Action* action = find_action(step.action);
  if (!action) return invalid(described(step) + ": the model knows no such action; plan again");
  if (action->door == Door::kEnvironment)
    return invalid(described(step) + ": it happens by itself, nobody can be asked to do it; " +
                   "take it out of the plan");
  std::optional<GroundAction> made = model.ground(*action, step.arguments);
  if (!made)
    return invalid(described(step) + ": " + why_not_ground(model, *action, step.arguments) +
                   "; plan again");
  return std::move(*made);
}

GroundFormula leaf(const GroundEffect& effect) {
  return {GroundFormula::Kind::kIn, effect.target, Mask{1} << effect.value, {}};
}

GroundFormula visible_work_of(const GroundModel& model, const GroundAction& action) {
  const auto is_seen = [&](const GroundEffect& effect) {
    const SeenBy by = fluents()[model.fluent_index(effect.target)].seen_by;
    return effect.when.is_true() && by != SeenBy::kGhost && by != SeenBy::kJournal;
  };
  GroundFormula end = {GroundFormula::Kind::kAnd, 0, 0, {}};
  for (const GroundEffect& effect : action.outcomes.front())
    if (is_seen(effect)) end.parts.push_back(leaf(effect));
  GroundFormula work = {GroundFormula::Kind::kOr, 0, 0, {}};
  if (!end.parts.empty()) work.parts.push_back(std::move(end));
  for (const GroundEffect& effect : action.request)
    if (is_seen(effect)) work.parts.push_back(leaf(effect));
  return work;
}

}  // namespace

GroundPlan::GroundPlan(const GroundModel& model, const Plan& plan, PlanOrder order)
    : model_(&model), plan_(&plan), order_(std::move(order)), invariants_(model.invariants()) {
  index_invariants();
  aim_at(goals_of(model.installation().procedure));
}

void GroundPlan::aim_at(const std::vector<Goal>& goals) {
  goals_.clear();
  for (const Goal& goal : goals) goals_.push_back({goal.words, model_->ground(goal.formula)});
}

Result<GroundPlan> GroundPlan::of(const GroundModel& model, const Plan& plan) {
  return of(model, plan, [](std::size_t, GroundAction&) {});
}

Result<GroundPlan> GroundPlan::of(const GroundModel& model, const Plan& plan,
                                  const Change& change) {
  const std::string wrong = mismatch(model.installation(), plan);
  if (!wrong.empty()) return invalid(wrong);
  Result<PlanOrder> order = PlanOrder::of(plan);
  if (!order) return order.error();
  GroundPlan made(model, plan, std::move(order).value());
  made.actions_.reserve(plan.steps.size());
  for (const Step& step : plan.steps) {
    Result<GroundAction> action = grounded(model, step);
    if (!action) return action.error();
    change(made.size(), action.value());
    made.add_step(std::move(action).value());
  }
  return made;
}

void GroundPlan::add_step(GroundAction action) {
  visible_work_.push_back(visible_work_of(*model_, action));
  weakened_.push_back(false);
  actions_.push_back(std::move(action));
}

void GroundPlan::index_invariants() {
  std::vector<std::vector<Variable>> about(invariants_.size());
  invariant_start_.assign(model_->variable_count() + 1, 0);
  for (std::size_t i = 0; i < invariants_.size(); ++i) {
    collect_variables(invariants_[i].formula, about[i]);
    std::ranges::sort(about[i]);
    const auto repeated = std::ranges::unique(about[i]);
    about[i].erase(repeated.begin(), repeated.end());
    for (const Variable variable : about[i]) ++invariant_start_[variable + 1];
  }
  for (std::size_t v = 0; v + 1 < invariant_start_.size(); ++v)
    invariant_start_[v + 1] += invariant_start_[v];
  invariant_of_.resize(invariant_start_.back());
  std::vector<std::uint32_t> next(invariant_start_.begin(), invariant_start_.end() - 1);
  for (std::size_t i = 0; i < invariants_.size(); ++i)
    for (const Variable variable : about[i])
      invariant_of_[next[variable]++] = static_cast<std::uint32_t>(i);
}

std::span<const std::uint32_t> GroundPlan::invariants_about(Variable variable) const {
  return std::span(invariant_of_)
      .subspan(invariant_start_[variable],
               invariant_start_[variable + 1] - invariant_start_[variable]);
}

std::string GroundPlan::name(std::size_t step) const { return name_of(*model_, actions_[step]); }

void GroundPlan::add_environment() {
  if (!environment_.empty()) return;
  for (const Action& action : all_actions()) {
    if (action.door != Door::kEnvironment) continue;
    for (const std::vector<Entity>& choice : model_->choices(action))
      if (std::optional<GroundAction> event = model_->ground(action, choice))
        environment_.push_back(std::move(*event));
  }
}

void collect_variables(const GroundFormula& formula, std::vector<Variable>& into) {
  if (formula.kind == GroundFormula::Kind::kIn) into.push_back(formula.variable);
  for (const GroundFormula& part : formula.parts) collect_variables(part, into);
}

std::vector<std::size_t> in_order(const PlanOrder& order, const std::vector<bool>& wanted) {
  std::vector<std::size_t> steps;
  for (const std::size_t step : order.topological())
    if (wanted[step]) steps.push_back(step);
  return steps;
}

}  // namespace wme::model
