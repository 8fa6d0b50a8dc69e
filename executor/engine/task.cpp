#include "executor/engine/task.hpp"

#include <algorithm>
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

/// A new attempt after one that ended badly is another request: systems that know the token would
/// answer with the old one's end.
std::string token_of(const std::string& run_id, const std::string& step, int failures) {
  return run_id + "/" + step + (failures == 0 ? "" : "#" + std::to_string(failures + 1));
}

void find_reads(Task& task, const Observer& observer) {
  std::set<model::Variable> guard;
  for (const model::GroundCondition& each : task.action.guard)
    collect_variables(each.formula, guard);
  std::set<model::Variable> end;
  collect_variables(task.end, end);
  guard.insert(end.begin(), end.end());
  task.guard_reads.assign(guard.begin(), guard.end());
  for (const model::Variable each : end)
    if (observer.can_observe(each)) task.end_reads.push_back(each);
}

/// Where an earlier process left the step.
void take_up(Task& task, const StepHistory& history) {
  using Known = StepHistory::Known;
  task.record.started = history.started;
  task.is_approved = history.is_approved;
  task.origin = history.before;
  switch (history.known) {
    case Known::kNothing:
    case Known::kFailed:
      break;
    case Known::kInDoubt:
      task.in_doubt = true;
      task.record.tries = 1;  // of an earlier process
      break;
    case Known::kAccepted:
      task.phase = Task::Phase::kAwaits;
      task.record.tries = 1;
      break;
    case Known::kDone:
      task.record.state = StepState::kDone;
      break;
    case Known::kSkipped:
      task.record.state = StepState::kSkipped;
      break;
  }
  task.record.ended = history.ended;
}

}  // namespace

std::optional<model::Value> Task::wanted(model::Variable variable) const {
  return value_in(action.outcomes.front(), variable);
}

std::optional<model::Value> Task::during(model::Variable variable) const {
  return value_in(action.request, variable);
}

bool Task::is_under_way(const model::State& state) const {
  for (std::size_t k = 0; k < end_reads.size(); ++k) {
    const model::Variable each = end_reads[k];
    if (state[each] != before[k] && (state[each] == during(each) || state[each] == wanted(each)))
      return true;
  }
  return false;
}

bool Task::has_ended(const std::vector<Observation>& observed, const model::State& seen) const {
  for (std::size_t k = 0; k < end_reads.size(); ++k) {
    const auto value = wanted(end_reads[k]);
    const bool must_be_seen = during(end_reads[k]) || action.request.empty();
    const bool is_visible = observed[k].value.has_value();
    if (!value || (is_visible ? seen[end_reads[k]] != *value : must_be_seen)) return false;
  }
  return true;
}

void Task::note_transition(const std::vector<Observation>& observed, const model::State& seen) {
  for (std::size_t k = 0; k < end_reads.size(); ++k) {
    const auto transitional = during(end_reads[k]);
    if (observed[k].value && transitional && seen[end_reads[k]] == *transitional &&
        before[k] != *transitional)
      saw_transition = true;
  }
}

std::string Task::failed_outcome(const model::State& seen) const {
  for (std::size_t o = 1; o < action.outcomes.size(); ++o)
    for (std::size_t k = 0; k < end_reads.size(); ++k) {
      const auto value = value_in(action.outcomes[o], end_reads[k]);
      if (!value || seen[end_reads[k]] != *value) continue;
      if (*value != before[k] || saw_transition) return action.action->outcomes[o].name;
    }
  return "";
}

void Task::apply_request(model::State& state) const {
  if (origin.empty())
    model::apply(action.request, state);
  else
    model::request_from(action, origin, state);
}

void Task::remember_before(const model::State& state) {
  before.clear();
  for (const model::Variable each : end_reads) before.push_back(state[each]);
}

Result<std::vector<Task>> tasks_of(const model::GroundModel& model, const model::Plan& plan,
                                   const model::PlanOrder& order, const Ports& ports,
                                   const Observer& observer, const std::string& run_id,
                                   const std::vector<StepHistory>& history) {
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const model::Step& step = plan.steps[i];
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
    Task& task = tasks.emplace_back();
    task.action = std::move(*grounded);
    task.end = model::end_of(task.action);
    find_reads(task, observer);
    const int failures = history.empty() ? 0 : history[i].failures;
    task.call = {step.id, {step.action, step.arguments, token_of(run_id, step.id, failures)}};
    task.waits_for = order.predecessors()[i].size();
    if (!history.empty()) take_up(task, history[i]);
  }
  return tasks;
}

}  // namespace wme::executor
