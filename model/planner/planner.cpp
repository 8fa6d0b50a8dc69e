#include "model/planner/planner.hpp"

#include <utility>

#include "model/language/interpreter.hpp"
#include "model/planner/order.hpp"
#include "model/planner/search.hpp"
#include "model/planner/way.hpp"
#include "model/wme/safe_stops.hpp"
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

Plan plan_of(const GroundModel& model, const State& from, const std::vector<Goal>& goals,
             const std::vector<GroundAction>& actions, std::vector<std::string> assumes) {
  const Installation& installation = model.installation();
  Plan plan;
  plan.procedure = std::string(to_string(installation.procedure));
  plan.installation = installation.inventory.name;
  plan.provider = std::string(to_string(installation.inventory.provider));
  plan.version = installation.inventory.version;
  if (installation.procedure == Procedure::kUpgrade)
    plan.target_version = installation.inventory.target_version;
  plan.assumes = std::move(assumes);
  for (const Goal& goal : goals) plan.achieves.push_back(goal.words);
  const std::vector<std::vector<Need>> needs = needed_order(model, from, actions);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    Step step = step_of(model, actions[i], i);
    for (const Need& need : needs[i])
      step.after.push_back({plan.steps[need.before].id, need.because});
    plan.steps.push_back(std::move(step));
  }
  return plan;
}

}  // namespace

Result<Plan> make_plan(const GroundModel& model) {
  const Installation& installation = model.installation();
  const std::vector<Goal> goals = goals_of(installation.procedure);
  Actions actions(model, Repertoire::kProcedures);
  const Result<std::vector<GroundAction>> sequence =
      sequence_to(actions, model.initial(), goals, {});
  if (!sequence) return sequence.error();
  return plan_of(model, model.initial(), goals, sequence.value(), assumptions(model));
}

Result<Plan> make_plan(const GroundModel& model, const State& from, const std::vector<Goal>& goals,
                       std::vector<std::string> assumes) {
  const Way way = WaySearch(model, goals, Repertoire::kWaysBack).from(from);
  if (way.answer == Way::Answer::kThere)
    return plan_of(model, from, goals, way.actions, std::move(assumes));
  return Error{ErrorCode::kInvalid, (way.answer == Way::Answer::kNone
                                         ? "there is no way: "
                                         : "no way was found, which does not mean that there is "
                                           "none: ") +
                                        way.why};
}

std::vector<Goal> where_it_was(const GroundModel& model) {
  std::vector<Goal> goals;
  for (const BusinessFact& each : business_facts())
    if (evaluate(model.ground(each.formula), model.initial()))
      goals.push_back({each.formula, each.words});
  return goals;
}

Installation found_in(const GroundModel& model, const State& state) {
  Installation made = model.installation();
  for (Variable each = 0; each < model.variable_count(); ++each) {
    std::string arguments;
    for (const std::string& argument : model.arguments_of(each))
      arguments += (arguments.empty() ? "" : ",") + argument;
    made.initial[fluents()[model.fluent_index(each)].name][arguments] =
        model.value_text(each, state[each]);
  }
  return made;
}

}  // namespace wme::model
