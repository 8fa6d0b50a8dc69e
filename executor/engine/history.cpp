#include "executor/engine/history.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "executor/journal/timestamp.hpp"
#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"

namespace wme::executor {

namespace {

using Known = StepHistory::Known;

std::string detail(const Entry& entry, const std::string& name) {
  const auto found = entry.details.find(name);
  return found == entry.details.end() ? "" : found->second;
}

Actor actor_of(const Entry& entry) {
  return {detail(entry, "by"), detail(entry, "host"), detail(entry, "process"),
          detail(entry, "fence")};
}

RunFacts facts_of(const Entry& entry) {
  RunFacts facts;
  facts.plan_digest = detail(entry, "plan");
  facts.inventory_name = detail(entry, "inventory");
  facts.inventory_digest = detail(entry, "inventory-digest");
  facts.model_fingerprint = detail(entry, "model");
  facts.tool_version = detail(entry, "version");
  facts.seed = detail(entry, "seed");
  facts.run_id = detail(entry, "run");
  facts.actor = actor_of(entry);
  for (const char* each : {"certificate", "author", "approvers", "break-glass"})
    if (entry.details.contains(each)) facts.authority[each] = detail(entry, each);
  return facts;
}

long long number(const std::string& text) {
  long long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void note(History& history, std::size_t position, const Record& record) {
  const Entry& entry = record.entry;
  history.last = entry.at;
  history.last_wall = record.wall_clock;
  switch (entry.kind) {
    case EntryKind::kAttachment:
      history.attachments[detail(entry, "name")] = detail(entry, "content");
      break;
    case EntryKind::kResumed:
      history.actor = actor_of(entry);
      ++history.resumed;
      history.is_stopping = false;
      history.verdict = history.reason = "";
      break;
    case EntryKind::kTurned:
      history.legs.push_back(
          {detail(entry, "to"), detail(entry, "goal"), detail(entry, "plan"), position + 1});
      history.verdict = history.reason = "";
      history.is_paused = history.is_stopping = history.wants_abort = false;
      break;
    case EntryKind::kDecision: {
      const std::string what = detail(entry, "decision");
      if (what == "abort") {
        history.wants_abort = true;
        history.abort_was_tried =
            number(detail(entry, "request")) == 0 && detail(entry, "by") != kGateItself;
      }
      if (what == "stop") history.is_stopping = true;
      if (what == "pause") history.is_paused = true;
      if (what == "continue") history.is_paused = false;
      history.last_request = std::max(history.last_request, number(detail(entry, "request")));
      break;
    }
    case EntryKind::kRunEnded:
      // Where the command itself came to its end, there was no way, and it has said so.
      if (history.abort_was_tried) history.wants_abort = false;
      history.is_stopping = false;
      history.verdict = detail(entry, "verdict");
      history.reason = detail(entry, "reason");
      break;
    default:
      break;
  }
}

/// Follows the entries about the steps of one plan.
class Follower {
 public:
  Follower(const model::GroundModel& model, const model::Plan& plan, model::State start)
      : model_(model), state_(std::move(start)), steps_(plan.steps.size()) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i) position_[plan.steps[i].id] = i;
  }

  Status take(const Record& record) {
    const Entry& entry = record.entry;
    if (entry.kind == EntryKind::kObservation) see(entry.observed);
    const auto at = position_.find(entry.step);
    if (at == position_.end()) return Done{};
    StepHistory& step = steps_[at->second];
    step.last = entry.at;
    if (entry.kind == EntryKind::kDecision) return decided(step, entry);
    if (step.started == TimePoint{}) step.started = entry.at;
    switch (entry.kind) {
      case EntryKind::kIntent:
        step.known = Known::kInDoubt;
        step.before = state_;
        step.reason = step.waits_for = step.gate = "";
        step.deadline = TimePoint{};
        return allowed(record);
      case EntryKind::kGate:
        step.gate = detail(entry, "on-expiry");
        if (const auto until = time_from_rfc3339(detail(entry, "expires"))) step.deadline = *until;
        break;
      case EntryKind::kUnknownOutcome:
        step.reason = entry.text;
        break;
      case EntryKind::kRefused:
        step.known = Known::kNothing;
        step.reason = entry.text;
        break;
      case EntryKind::kAccepted:
        step.known = Known::kAccepted;
        return requested(step, record);
      case EntryKind::kWaiting:
        // Without an answer of its own it was seen to be under way.
        if (step.known != Known::kAccepted) {
          step.known = Known::kAccepted;
          if (Status taken = requested(step, record); !taken) return taken;
        }
        step.waits_for = detail(entry, "for");
        if (const auto until = time_from_rfc3339(detail(entry, "deadline"))) step.deadline = *until;
        break;
      case EntryKind::kOutcome:
        return ended(step, record);
      case EntryKind::kSurprise:
        step.reason = entry.text;
        break;
      default:
        break;
    }
    return Done{};
  }

  LegHistory result() && { return {std::move(state_), std::move(steps_)}; }

 private:
  /// What was seen to be otherwise than expected counts from then on.
  void see(const std::vector<Observation>& observed) {
    for (const Observation& each : observed) {
      const auto variable = model_.variable(each.variable.fluent, each.variable.arguments);
      const auto value =
          variable && each.value ? model_.value(*variable, *each.value) : std::nullopt;
      if (value) state_[*variable] = *value;
    }
  }

  Result<model::GroundAction> action_of(const Record& record) const {
    const model::Action* action = model::find_action(record.entry.action);
    auto grounded =
        action == nullptr ? std::nullopt : model_.ground(*action, record.entry.arguments);
    if (!grounded)
      return Error{ErrorCode::kFailed, "journal entry " + std::to_string(record.sequence) +
                                           ": the model has no " + record.entry.action +
                                           " for this installation"};
    return std::move(*grounded);
  }

  /// An intent is a step that the model allows then.
  Status allowed(const Record& record) const {
    const Result<model::GroundAction> action = action_of(record);
    if (!action) return action.error();
    if (applied_.contains(record.entry.step)) return Done{};
    const auto closed = model::failures(model_, action.value(), state_);
    if (closed.empty()) return Done{};
    return Error{ErrorCode::kFailed,
                 "journal entry " + std::to_string(record.sequence) + ": the model forbids " +
                     model::name_of(model_, action.value()) + ": " + closed.front().sentence};
  }

  void apply_request(const StepHistory& step, const model::GroundAction& action) {
    if (step.before.empty())
      model::apply(action.request, state_);
    else
      model::request_from(action, step.before, state_);
  }

  Status requested(StepHistory& step, const Record& record) {
    if (applied_.contains(record.entry.step)) return Done{};
    const Result<model::GroundAction> action = action_of(record);
    if (!action) return action.error();
    apply_request(step, action.value());
    applied_.insert(record.entry.step);
    step.known = Known::kAccepted;
    return Done{};
  }

  Status ended(StepHistory& step, const Record& record) {
    if (Status taken = requested(step, record); !taken) return taken;
    const Result<model::GroundAction> action = action_of(record);
    if (!action) return action.error();
    apply_request(step, action.value());  // once more: looks may have shown its end since
    const std::string name = detail(record.entry, "outcome");
    const auto& outcomes = action.value().action->outcomes;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      if (outcomes[i].name == name) model::apply(action.value().outcomes[i], state_);
    step.ended = record.entry.at;
    step.waits_for = "";
    step.known = name == outcomes.front().name ? Known::kDone : Known::kFailed;
    if (step.known == Known::kFailed) {
      ++step.failures;
      step.reason = record.entry.text;
      applied_.erase(record.entry.step);
    }
    return Done{};
  }

  Status decided(StepHistory& step, const Entry& entry) {
    const std::string what = detail(entry, "decision");
    if (what == "approve" || what == "reject") {
      step.is_approved = what == "approve";
      step.gate = "";
    }
    if (what == "skip") {
      step.break_glass = detail(entry, "break-glass");
      step.known = Known::kSkipped;
      step.ended = entry.at;
    }
    return Done{};
  }

  const model::GroundModel& model_;
  model::State state_;
  std::vector<StepHistory> steps_;
  std::map<std::string, std::size_t> position_;
  std::set<std::string> applied_;  ///< steps whose request the state has
};

}  // namespace

Result<History> read_history(const std::vector<Record>& records) {
  if (records.empty() || records.front().entry.kind != EntryKind::kRunStarted)
    return Error{ErrorCode::kInvalid, "the journal does not begin with a run"};
  History history;
  history.facts = facts_of(records.front().entry);
  history.actor = history.facts.actor;
  history.started = records.front().entry.at;
  for (std::size_t i = 0; i < records.size(); ++i) note(history, i, records[i]);
  const auto plan = history.attachments.find("plan.json");
  if (plan == history.attachments.end())
    return Error{ErrorCode::kInvalid,
                 "the journal lacks its plan: the run ended before anything was done; run the plan "
                 "again with a new journal"};
  history.legs.insert(history.legs.begin(), LegText{"plan", "", plan->second, 0});
  return history;
}

Result<LegHistory> follow(const model::GroundModel& model, const model::Plan& plan,
                          const model::State& start, const std::vector<Record>& records,
                          std::size_t begins, std::size_t ends) {
  Follower follower(model, plan, start);
  for (std::size_t i = begins; i < ends; ++i)
    if (Status taken = follower.take(records[i]); !taken) return taken.error();
  return std::move(follower).result();
}

}  // namespace wme::executor
