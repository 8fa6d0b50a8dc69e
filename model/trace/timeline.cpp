#include <algorithm>
#include <set>

#include "model/language/interpreter.hpp"
#include "model/trace/trace_file.hpp"

namespace wme::model {

namespace {

std::string happens(const Happening& happening) {
  switch (happening.kind) {
    case Happening::Kind::kRequest:
      return "is requested";
    case Happening::Kind::kOutcome:
      return happening.outcome == 0 ? "ends" : "fails";
    case Happening::Kind::kEnvironment:
      return "happens by itself";
    case Happening::Kind::kFoundDone:
      return "is found done, or under way";
    case Happening::Kind::kLostRequest:
      return "is requested, and the request is lost";
    case Happening::Kind::kLostAnswer:
      return "is requested and obeyed, and the answer is lost";
    case Happening::Kind::kStaleRead:
      return "is about to be requested: its guard was seen open";
  }
  return "";
}

std::set<Variable> variables_of(const GroundPlan& plan, const std::vector<Obligation>& broken) {
  std::vector<Variable> found;
  for (const Obligation& each : broken) {
    if (const GroundFormula* formula = formula_of(plan, each))
      collect_variables(*formula, found);
    else
      found.push_back(each.variable);
  }
  return {found.begin(), found.end()};
}

}  // namespace

std::vector<TimelineRow> timeline_of(const GroundPlan& plan, const BoundTrace& trace) {
  const GroundModel& model = plan.model();
  const std::set<Variable> bearing = variables_of(plan, trace.broken);
  std::vector<TimelineRow> rows;
  Replay run(plan);
  for (const Happening& each : trace.trace) {
    const bool by_itself = each.kind == Happening::Kind::kEnvironment;
    const GroundAction& action = by_itself ? plan.environment()[each.what] : plan.action(each.what);
    TimelineRow row;
    if (!by_itself) row.step = plan.id(each.what);
    row.happens = happens(each);
    row.action = name_of(model, action);
    row.sentence = filled_in(model, *action.action, action.arguments, action.action->imperative);
    const State before = run.state();
    run.take(each);
    for (Variable v = 0; v < before.size(); ++v)
      if (before[v] != run.state()[v])
        row.changes.push_back({model.text(v), model.value_text(v, before[v]),
                               model.value_text(v, run.state()[v]), bearing.contains(v)});
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace wme::model
