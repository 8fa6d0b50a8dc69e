#include "scenarios/rehearsal/aftermath.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::scenarios {

namespace {

using executor::StepState;

constexpr std::size_t kShownMax = 3;

bool is_done(const executor::RunResult& result, std::size_t i) {
  return i < result.steps.size() && result.steps[i].state == StepState::kDone;
}

/// "s31 (A13) Take a snapshot of /wm-data".
std::string named(const model::Step& step) {
  return step.id + (step.runbook.empty() ? "" : " (" + step.runbook + ")") + " " + step.sentence;
}

/// "s31 take-snapshot snap-wm-data (A13, Take a snapshot of /wm-data)": with the name by which the
/// model explains it.
std::string called(const model::Step& step) {
  std::string text = step.id + " " + step.action;
  for (const std::string& each : step.arguments) text += " " + each;
  return text + " (" + (step.runbook.empty() ? "" : step.runbook + ", ") + step.sentence + ")";
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShownMax); ++i)
    text += (i == 0 ? "" : "; ") + names[i];
  if (names.size() > kShownMax)
    text += "; and " + std::to_string(names.size() - kShownMax) + " more";
  return text;
}

/// The model's state after what is done, and which step of the plan changed each variable last.
struct Reached {
  model::State state;
  std::map<model::Variable, std::size_t> changed_by;  ///< place in the order
};

Reached reached(const model::GroundModel& model, const model::Plan& plan,
                const model::PlanOrder& order, const executor::RunResult& result) {
  Reached at{model.initial(), {}};
  std::size_t place = 0;
  for (const std::size_t i : order.topological()) {
    ++place;
    const model::Action* action = model::find_action(plan.steps[i].action);
    if (!is_done(result, i) || action == nullptr) continue;
    const auto grounded = model.ground(*action, plan.steps[i].arguments);
    if (!grounded) continue;
    for (const auto* effects : {&grounded->request, &grounded->outcomes.front()})
      for (const model::Variable each : model::apply(*effects, at.state))
        at.changed_by[each] = place;
  }
  return at;
}

bool can_be_seen(const model::GroundModel& model, model::Variable variable) {
  const model::SeenBy seen_by = model::fluents()[model.fluent_index(variable)].seen_by;
  return seen_by != model::SeenBy::kGhost && seen_by != model::SeenBy::kJournal;
}

/// When the plan changed what the action would bring back to its value before the plan; none if it
/// would bring nothing back, or may not be requested now.
std::optional<std::size_t> undoes(const model::GroundModel& model, const Reached& at,
                                  const model::GroundAction& action) {
  std::optional<std::size_t> latest;
  for (const model::GroundEffect& effect : action.outcomes.front()) {
    const auto changed = at.changed_by.find(effect.target);
    if (changed == at.changed_by.end() || !effect.when.is_true()) continue;
    const model::Value before = model.initial()[effect.target];
    if (effect.value != before || at.state[effect.target] == before) continue;
    if (can_be_seen(model, effect.target)) latest = std::max(latest.value_or(0), changed->second);
  }
  if (latest && !model::failures(model, action, at.state).empty()) return std::nullopt;
  return latest;
}

/// Actions of the model that are possible now and bring something back; what was done last, first.
std::vector<std::string> ways_back(const model::GroundModel& model, const Reached& at) {
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const model::Action& action : model::all_actions()) {
    const bool ours =
        action.door != model::Door::kEnvironment && action.door != model::Door::kExecutor;
    if (!ours || !action.irreversible.empty()) continue;
    for (const std::vector<model::Entity>& arguments : model.choices(action)) {
      const auto grounded = model.ground(action, arguments);
      if (!grounded) continue;
      if (const auto place = undoes(model, at, *grounded))
        found.emplace_back(*place, model::filled_in(model, action, arguments, action.imperative));
    }
  }
  std::ranges::stable_sort(found, std::ranges::greater{},
                           [](const auto& each) { return each.first; });
  std::vector<std::string> sentences;
  for (auto& [place, sentence] : found) sentences.push_back(std::move(sentence));
  return sentences;
}

std::vector<std::string> next_steps(const model::Plan& plan, const model::PlanOrder& order,
                                    const executor::RunResult& result) {
  std::vector<std::string> next;
  for (const std::size_t i : order.topological()) {
    const auto& before = order.predecessors()[i];
    const bool ready =
        std::ranges::all_of(before, [&](std::size_t each) { return is_done(result, each); });
    if (ready && !is_done(result, i)) next.push_back(named(plan.steps[i]));
  }
  return next;
}

std::string progress_text(const model::Plan& plan, const executor::RunResult& result) {
  std::size_t done = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) done += is_done(result, i) ? 1 : 0;
  return "done: " + std::to_string(done) + " of " + std::to_string(plan.steps.size()) +
         " steps; what was under way has ended, nothing new was started";
}

std::string logins_text(const model::GroundModel& model, const model::State& state) {
  const auto gate = model.variable("gate", {});
  if (!gate || model.value_text(*gate, state[*gate]) == "open") return "";
  return "logins: restricted: developers are locked out until the restriction is lifted "
         "(Launchpad > Identity Providers; before 11.3, ports 80 and 443)";
}

/// The first step that cannot be taken back, done before one that is not.
const model::Step* point_of_no_return(const model::Plan& plan, const model::PlanOrder& order,
                                      const executor::RunResult& result, bool done) {
  for (const std::size_t i : order.topological())
    if (!plan.steps[i].irreversible.empty() && is_done(result, i) == done) return &plan.steps[i];
  return nullptr;
}

std::string expectation(const model::Step& step, const executor::StepRecord& record) {
  if (record.tries == 0) return "not requested: ";
  if (step.wait.empty() || record.reason.find(step.wait) != std::string::npos) return "";
  return "expected " + step.wait + ", but ";
}

}  // namespace

void tell(Progress& progress, const model::Plan& plan, const executor::RunEvent& event) {
  using Kind = executor::RunEvent::Kind;
  if (event.step == executor::RunEvent::kNoStep) {
    if (event.kind == Kind::kHeartbeat) progress.heartbeat(event.at);
    return;
  }
  const model::Step& step = plan.steps[event.step];
  switch (event.kind) {
    case Kind::kStarted:
      return progress.step_started(
          event.at, {step.id, step.runbook, step.sentence, std::chrono::seconds(step.typical_s)});
    case Kind::kWaiting:
    case Kind::kGate:
      return progress.step_waiting(event.at, step.id, event.text);
    case Kind::kDone:
      return progress.step_done(event.at, step.id);
    case Kind::kRetry:
    case Kind::kSlowed:
      return progress.step_troubled(event.at, step.id, event.text);
    case Kind::kFailed:
      return progress.step_failed(event.at, step.id, event.text);
    default:
      return;
  }
}

std::string stop_reason(const executor::RunResult& result) {
  if (result.done) return "";
  const bool told =
      std::ranges::count(result.steps, StepState::kFailed, &executor::StepRecord::state) > 0;
  return told ? "nothing new was started, what was under way has ended" : result.error.message;
}

std::vector<std::string> what_failed(const model::Plan& plan, const executor::RunResult& result) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < result.steps.size(); ++i)
    if (result.steps[i].state == StepState::kFailed)
      lines.push_back(called(plan.steps[i]) + ": " + expectation(plan.steps[i], result.steps[i]) +
                      result.steps[i].reason);
  if (lines.empty() && !result.done) lines.push_back(result.error.message);
  return lines;
}

std::vector<std::string> how_it_stands(const model::GroundModel& model, const model::Plan& plan,
                                       const model::PlanOrder& order,
                                       const executor::RunResult& result) {
  std::vector<std::string> lines{progress_text(plan, result)};
  const Reached at = reached(model, plan, order, result);
  if (const std::string logins = logins_text(model, at.state); !logins.empty())
    lines.push_back(logins);
  return lines;
}

std::vector<std::string> what_next(const model::GroundModel& model, const model::Plan& plan,
                                   const model::PlanOrder& order,
                                   const executor::RunResult& result) {
  const Reached at = reached(model, plan, order, result);
  std::vector<std::string> lines = how_it_stands(model, plan, order, result);
  lines.push_back("to go on: mend the cause, then " + listed(next_steps(plan, order, result)) +
                  "; the plan has what follows");
  if (const model::Step* passed = point_of_no_return(plan, order, result, true)) {
    lines.push_back("to go back: no cheap way any more, since " + named(*passed) +
                    " is done: " + passed->irreversible);
    return lines;
  }
  const std::vector<std::string> back = ways_back(model, at);
  const model::Step* ahead = point_of_no_return(plan, order, result, false);
  lines.push_back(
      "to go back: still possible" +
      (ahead == nullptr ? std::string() : ", the point of no return (" + ahead->id + ") is ahead") +
      (back.empty() ? "; nothing has to be undone" : "; first: " + listed(back)));
  return lines;
}

}  // namespace wme::scenarios
