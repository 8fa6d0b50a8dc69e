#include "executor/engine/choices.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/planner/way.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/safe_stops.hpp"

namespace wme::executor {

namespace {

using Known = StepHistory::Known;

/// What the request and the first outcome change for sure is so, or is on its way.
bool shows_in(const model::GroundAction& action, const model::State& state) {
  const auto is_so = [&](const std::vector<model::GroundEffect>& effects) {
    return !effects.empty() && std::ranges::all_of(effects, [&](const model::GroundEffect& each) {
      return !each.when.is_true() || state[each.target] == each.value;
    });
  };
  return is_so(action.request) || model::evaluate(model::end_of(action), state);
}

/// Follows the rest of a plan on the model.
class Rest {
 public:
  Rest(const Leg& leg, model::State state)
      : leg_(leg), state_(std::move(state)), invariants_(leg.model.invariants()) {}

  std::string why_not(const std::vector<StepHistory>& steps, const std::set<std::size_t>& without) {
    broken_before_ = broken();
    for (const std::size_t i : leg_.order.topological()) {
      const Known known = steps.empty() ? Known::kNothing : steps[i].known;
      if (known == Known::kDone || known == Known::kSkipped || without.contains(i)) continue;
      const model::State* before = steps.empty() ? nullptr : &steps[i].before;
      if (const std::string why = carry_out(i, known, before); !why.empty()) return why;
    }
    for (const model::Goal& goal : leg_.goals) {
      const model::GroundFormula formula = leg_.model.ground(goal.formula);
      if (!model::evaluate(formula, state_))
        return "at the end this would not be so: " + goal.words + " (" +
               model::why_not(leg_.model, formula, state_) + ")";
    }
    return "";
  }

 private:
  std::string carry_out(std::size_t i, Known known, const model::State* before) {
    const model::Step& step = leg_.plan.steps[i];
    const model::Action* found = model::find_action(step.action);
    const auto action = found == nullptr ? std::nullopt : leg_.model.ground(*found, step.arguments);
    if (!action) return step.id + ": the model has no " + step.action;
    const bool may_be_under_way = known == Known::kAccepted || known == Known::kInDoubt;
    if (may_be_under_way && shows_in(*action, state_)) {
      if (before->empty())
        model::apply(action->request, state_);
      else
        model::request_from(*action, *before, state_);
    } else {
      const auto closed = model::failures(leg_.model, *action, state_);
      if (!closed.empty() && !model::evaluate(model::end_of(*action), state_))
        return step.id + " " + model::name_of(leg_.model, *action) + ": " +
               closed.front().sentence +
               (closed.front().rule.empty() ? "" : " (" + closed.front().rule + ")");
      model::apply(action->request, state_);
    }
    model::apply(action->outcomes.front(), state_);
    const std::set<std::size_t> now = broken();
    for (const std::size_t each : now)
      if (!broken_before_.contains(each))
        return step.id + " " + model::name_of(leg_.model, *action) + " would break " +
               invariants_[each].rule + ": " +
               (invariants_[each].about.empty() ? "" : invariants_[each].about + ": ") +
               invariants_[each].sentence;
    return "";
  }

  std::set<std::size_t> broken() const {
    std::set<std::size_t> found;
    for (std::size_t i = 0; i < invariants_.size(); ++i)
      if (!model::evaluate(invariants_[i].formula, state_)) found.insert(i);
    return found;
  }

  const Leg& leg_;
  model::State state_;
  std::vector<model::GroundInvariant> invariants_;
  std::set<std::size_t> broken_before_;
};

/// Ids of several plans in one journal must differ.
void rename(model::Plan& plan, const std::string& prefix) {
  for (model::Step& step : plan.steps) {
    step.id = prefix + step.id;
    for (model::Edge& edge : step.after) edge.step = prefix + edge.step;
  }
}

bool holds(const model::GroundModel& model, const std::vector<model::Goal>& goals,
           const model::State& state) {
  return std::ranges::all_of(goals, [&](const model::Goal& each) {
    return model::evaluate(model.ground(each.formula), state);
  });
}

/// A plan without a step where the goals hold already.
Result<model::Plan> plan_to(const model::GroundModel& model, const model::State& state,
                            const std::vector<model::Goal>& goals, const std::string& assumes) {
  if (!holds(model, goals, state)) return model::make_plan(model, state, goals, {assumes});
  const model::Inventory& inventory = model.installation().inventory;
  model::Plan nothing;
  nothing.procedure = to_string(model.installation().procedure);
  nothing.installation = inventory.name;
  nothing.provider = to_string(inventory.provider);
  nothing.version = inventory.version;
  nothing.assumes = {assumes};
  for (const model::Goal& each : goals) nothing.achieves.push_back(each.words);
  return nothing;
}

std::vector<model::Goal> goals_of_stop(const model::SafeStop& stop) {
  return {{stop.formula, stop.words}};
}

constexpr const char* kAssumes = "the installation is as it was seen when the run was turned";

}  // namespace

std::string why_not_on(const Leg& leg, const model::State& state,
                       const std::vector<StepHistory>& steps,
                       const std::set<std::size_t>& without) {
  return Rest(leg, state).why_not(steps, without);
}

Result<Turn> turn_to_safe_stop(const model::GroundModel& model, const model::State& state,
                               const std::string& prefix) {
  std::optional<Turn> nearest;
  std::string missing;
  for (const model::SafeStop& stop : model::safe_stops()) {
    std::vector<model::Goal> goals = goals_of_stop(stop);
    Result<model::Plan> plan = plan_to(model, state, goals, kAssumes);
    if (!plan) {
      missing += "\n  " + stop.name + ": " + plan.error().message;
      continue;
    }
    if (nearest && nearest->plan.steps.size() <= plan.value().steps.size()) continue;
    nearest = Turn{"abort",
                   stop.name,
                   stop.words + "; safe: " + stop.safe,
                   stop.next,
                   std::move(plan).value(),
                   std::move(goals)};
    if (nearest->plan.steps.empty()) break;
  }
  if (!nearest)
    return Error{ErrorCode::kBlocked, "no declared safe stop can be reached from here:" + missing};
  rename(nearest->plan, prefix);
  return std::move(*nearest);
}

Result<Turn> turn_to_the_start(const model::GroundModel& model, const model::State& state,
                               const std::string& prefix) {
  std::vector<model::Goal> goals = model::where_it_was(model);
  Result<model::Plan> plan = plan_to(model, state, goals, kAssumes);
  if (!plan)
    return Error{ErrorCode::kBlocked,
                 "there is no way back to where the installation was: " + plan.error().message};
  std::string words;
  for (const model::Goal& each : goals) words += (words.empty() ? "" : "; ") + each.words;
  Turn turn{"undo", "where-it-was", words, "", std::move(plan).value(), std::move(goals)};
  rename(turn.plan, prefix);
  return turn;
}

Result<std::vector<model::Goal>> goals_of_turn(const model::GroundModel& model,
                                               const std::string& to, const std::string& goal) {
  if (to == "undo") return model::where_it_was(model);
  const auto stop = std::ranges::find(model::safe_stops(), goal, &model::SafeStop::name);
  if (stop == model::safe_stops().end())
    return Error{ErrorCode::kInvalid, "the model knows no safe stop " + goal};
  return goals_of_stop(*stop);
}

std::vector<Choice> choices_for(const Leg& leg, const model::State& state,
                                const std::vector<StepHistory>& steps, std::size_t failed) {
  std::vector<Choice> choices;
  const auto judged = [&](const std::string& what, const std::string& why_not,
                          const std::string& when_safe) {
    choices.push_back({what, why_not.empty(), why_not.empty() ? when_safe : why_not});
  };
  judged("retry", why_not_on(leg, state, steps), "the rest of the plan leads to its goals");
  judged("skip", why_not_on(leg, state, steps, {failed}),
         "the rest of the plan leads to its goals without it");
  const auto turned = [&](const std::string& what, const Result<Turn>& turn) {
    if (!turn) return choices.push_back({what, false, turn.error().message});
    const std::size_t count = turn.value().plan.steps.size();
    choices.push_back({what, true,
                       (count == 0 ? "no step is needed, it holds already: "
                                   : std::to_string(count) + " steps; then: ") +
                           turn.value().words});
  };
  turned("undo", turn_to_the_start(leg.model, state, ""));
  turned("abort", turn_to_safe_stop(leg.model, state, ""));
  return choices;
}

}  // namespace wme::executor
