#include "model/planner/planner.hpp"

#include "model/language/interpreter.hpp"
#include "model/planner/order.hpp"
#include "model/planner/search.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

/// What can be seen of a step's end; ghosts cannot.
std::string seen_end(const GroundModel& model, const GroundFormula& end) {
  std::string text;
  for (const GroundFormula& leaf : end.parts)
    if (fluents()[model.fluent_index(leaf.variable)].seen_by != SeenBy::kGhost)
      text += (text.empty() ? "" : ", ") + model.text(leaf.variable) + " = " +
              model.mask_text(leaf.variable, leaf.mask);
  return text;
}

/// The row of the runbook for these arguments.
std::string row_of(const GroundModel& model, const GroundAction& grounded) {
  const Action& action = *grounded.action;
  GroundModel::Binding binding;
  for (std::size_t i = 0; i < grounded.arguments.size(); ++i)
    binding.emplace_back(action.parameters[i].name, grounded.arguments[i]);
  for (const auto& [when, row] : action.rows)
    if (model.holds(when, binding)) return row;
  return action.runbook.substr(0, action.runbook.find('/'));
}

Step step_of(const GroundModel& model, const GroundAction& grounded, std::size_t position) {
  const Action& action = *grounded.action;
  Step step;
  step.id = "s" + std::to_string(position + 1);
  step.action = action.name;
  for (const Entity argument : grounded.arguments) step.arguments.push_back(model.name(argument));
  step.runbook = row_of(model, grounded);
  step.door = std::string(to_string(action.door));
  step.sentence = filled_in(model, action, grounded.arguments, action.imperative);
  step.wait = seen_end(model, end_of(grounded));
  step.typical_s = action.typical.count();
  step.deadline_s = action.deadline.count();
  step.irreversible = action.irreversible;
  return step;
}

std::vector<std::string> assumptions(const GroundModel& model) {
  if (situation_of(model.installation().procedure) == Situation::kLost)
    return {
        "a verified backup set of this inventory exists and nobody has worked since it was taken",
        "every old machine is gone, or can never come back", "the Platform's address is free"};
  return {"the installation serves and is as the inventory says",
          "nobody but the executor changes it once logins are restricted"};
}

}  // namespace

Result<Plan> make_plan(const GroundModel& model) {
  const Installation& installation = model.installation();
  const std::vector<Goal> goals = goals_of(installation.procedure);
  Result<std::vector<GroundAction>> sequence = sequence_to(model, goals);
  if (!sequence) return sequence.error();
  Plan plan;
  plan.procedure = std::string(to_string(installation.procedure));
  plan.installation = installation.inventory.name;
  plan.provider = std::string(to_string(installation.inventory.provider));
  plan.version = installation.inventory.version;
  if (installation.procedure == Procedure::kUpgrade)
    plan.target_version = installation.inventory.target_version;
  plan.assumes = assumptions(model);
  for (const Goal& goal : goals) plan.achieves.push_back(goal.words);
  const std::vector<GroundAction>& actions = sequence.value();
  const std::vector<std::vector<Need>> needs = needed_order(model, actions);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    Step step = step_of(model, actions[i], i);
    for (const Need& need : needs[i])
      step.after.push_back({plan.steps[need.before].id, need.because});
    plan.steps.push_back(std::move(step));
  }
  return plan;
}

}  // namespace wme::model
