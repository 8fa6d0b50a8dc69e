#include "executor/engine/task.hpp"

#include <utility>

#include "model/language/interpreter.hpp"

namespace wme::executor {

namespace {

/// A new attempt after one that ended badly is another request: systems that know the token would
/// answer with the old one's end.
std::string token_of(const std::string& run_id, const std::string& step, int failures) {
  return run_id + "/" + step + (failures == 0 ? "" : "#" + std::to_string(failures + 1));
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

bool Task::is_under_way(const model::State& state) const {
  for (std::size_t k = 0; k < step->end_reads.size(); ++k) {
    const model::Value now = state[step->end_reads[k]];
    const ScriptStep::Sign& sign = step->signs[k];
    if (now != before[k] && (now == sign.during || now == sign.wanted)) return true;
  }
  return false;
}

bool Task::has_ended(const Observer& observer, const model::State& seen) const {
  for (std::size_t k = 0; k < step->end_reads.size(); ++k) {
    const model::Variable each = step->end_reads[k];
    const ScriptStep::Sign& sign = step->signs[k];
    const bool must_be_seen = sign.during || step->action.request.empty();
    const bool is_otherwise = observer.is_visible(each) ? seen[each] != sign.wanted : must_be_seen;
    if (!sign.wanted || is_otherwise) return false;
  }
  return true;
}

void Task::note_transition(const Observer& observer, const model::State& seen) {
  for (std::size_t k = 0; k < step->end_reads.size(); ++k) {
    const model::Variable each = step->end_reads[k];
    const std::optional<model::Value> during = step->signs[k].during;
    if (observer.is_visible(each) && during && seen[each] == *during && before[k] != *during)
      saw_transition = true;
  }
}

std::string Task::failed_outcome(const model::State& seen) const {
  const model::GroundAction& action = step->action;
  for (std::size_t o = 1; o < action.outcomes.size(); ++o)
    for (std::size_t k = 0; k < step->end_reads.size(); ++k) {
      const std::optional<model::Value> value = step->signs[k].failed[o - 1];
      if (!value || seen[step->end_reads[k]] != *value) continue;
      if (*value != before[k] || saw_transition) return action.action->outcomes[o].name;
    }
  return "";
}

void Task::apply_request(model::State& state) const {
  if (origin.empty())
    model::apply(step->action.request, state);
  else
    model::request_from(step->action, origin, state);
}

void Task::remember_before(const model::State& state) {
  before.clear();
  for (const model::Variable each : step->end_reads) before.push_back(state[each]);
}

Result<std::vector<Task>> tasks_of(const Script& script, const model::Plan& plan,
                                   const model::PlanOrder& order, const Ports& ports,
                                   const std::string& run_id,
                                   const std::vector<StepHistory>& history) {
  std::vector<Task> tasks(plan.steps.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const model::Step& step = plan.steps[i];
    Task& task = tasks[i];
    task.step = &script.steps()[i];
    const auto port = ports.find(task.step->door);
    if (port == ports.end())
      return Error{ErrorCode::kInvalid, "step " + step.id + " needs the door " + task.step->door +
                                            ", for which this program has no driver"};
    task.port = port->second;
    const int failures = history.empty() ? 0 : history[i].failures;
    task.call = {step.id, {step.action, step.arguments, token_of(run_id, step.id, failures)}};
    task.waits_for = order.predecessors()[i].size();
    if (!history.empty()) take_up(task, history[i]);
  }
  return tasks;
}

}  // namespace wme::executor
