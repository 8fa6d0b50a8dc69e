#include "executor/engine/script.hpp"

#include <set>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"

namespace wme::executor {

namespace {

/// The value that effects give a variable; none if they do not speak of it for sure.
std::optional<model::Value> value_in(const std::vector<model::GroundEffect>& effects,
                                     model::Variable variable) {
  for (const model::GroundEffect& effect : effects)
    if (effect.target == variable && effect.when.is_true()) return effect.value;
  return std::nullopt;
}

ScriptStep::Sign sign_of(const model::GroundAction& action, model::Variable variable) {
  ScriptStep::Sign sign{
      value_in(action.outcomes.front(), variable), value_in(action.request, variable), {}};
  for (std::size_t o = 1; o < action.outcomes.size(); ++o)
    sign.failed.push_back(value_in(action.outcomes[o], variable));
  return sign;
}

void find_reads(ScriptStep& step, const model::GroundModel& model, const Ports& ports) {
  std::set<model::Variable> end;
  collect_variables(step.end, end);
  std::set<model::Variable> guard = end;
  for (const model::GroundCondition& each : step.action.guard)
    collect_variables(each.formula, guard);
  for (const model::Variable each : guard)
    if (can_observe(model, ports, each)) step.guard_reads.push_back(each);
  for (const model::Variable each : end) {
    if (!can_observe(model, ports, each)) continue;
    step.end_reads.push_back(each);
    step.signs.push_back(sign_of(step.action, each));
  }
}

}  // namespace

Result<std::shared_ptr<const Script>> Script::of(const model::GroundModel& model,
                                                 const model::Plan& plan,
                                                 const model::PlanOrder& order,
                                                 const Ports& ports) {
  auto script = std::make_shared<Script>();
  for (const model::Step& step : plan.steps) {
    const model::Action* action = model::find_action(step.action);
    std::optional<model::GroundAction> grounded =
        action == nullptr ? std::nullopt : model.ground(*action, step.arguments);
    if (!grounded)
      return Error{ErrorCode::kInvalid, "step " + step.id + ": the model has no " + step.action +
                                            " for this installation; plan again"};
    const std::string door(model::to_string(action->door));
    if (!ports.contains(door))
      return Error{ErrorCode::kInvalid, "step " + step.id + " needs the door " + door +
                                            ", for which this program has no driver"};
    ScriptStep& made = script->steps_.emplace_back();
    made.action = std::move(*grounded);
    made.name = model::name_of(model, made.action);
    made.door = door;
    made.end = model::end_of(made.action);
    find_reads(made, model, ports);
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    for (const std::size_t before : order.predecessors()[i])
      script->steps_[before].successors.push_back(i);
  return std::shared_ptr<const Script>(std::move(script));
}

}  // namespace wme::executor
