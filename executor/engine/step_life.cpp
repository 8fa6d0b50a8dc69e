#include <algorithm>
#include <utility>

#include "executor/engine/run_loop.hpp"
#include "model/language/interpreter.hpp"

namespace wme::executor::detail {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kObservedShown = 12;  // a gathering step reads a variable per container

}  // namespace

void RunLoop::begin(std::size_t i) {
  Task& task = tasks_[i];
  task.record.state = StepState::kRunning;
  if (task.record.started == TimePoint{}) task.record.started = clock_.now();
  ++running_;
  tell(Kind::kStarted, i, plan_.steps[i].sentence);
}

void RunLoop::start(std::size_t i) {
  begin(i);
  const auto gate = gates_.find(plan_.steps[i].id);
  if (gate == gates_.end() || tasks_[i].is_approved || tasks_[i].in_doubt) return open(i);
  Task& task = tasks_[i];
  task.phase = Phase::kGated;
  task.deadline = clock_.now() + gate->second.expires;
  task.next = task.deadline;
  const std::string outcome(to_string(gate->second.on_expiry));
  if (!write(executor::gate(clock_.now(), task.call, task.deadline, outcome)))
    return fail(i, write_error_);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(gate->second.expires).count();
  tell(Kind::kGate, i,
       "an approval; without one in " + std::to_string(minutes) + " min: " + outcome);
}

void RunLoop::open(std::size_t i) {
  Task& task = tasks_[i];
  task.phase = Phase::kGuard;
  task.next = clock_.now();
  task.deadline = clock_.now() + patience_.guard_max;
  if (task.in_doubt) {
    task.remember_before(leg_.steps[i].before);
    task.not_before = clock_.now() + patience_.settle;
    task.deadline = task.not_before + patience_.guard_max;
  }
}

void RunLoop::try_request(std::size_t i) {
  Task& task = tasks_[i];
  if (clock_.now() < pace_.earliest()) {
    task.deadline += pace_.earliest() - clock_.now();  // a wait of our own is no sign of trouble
    task.next = pace_.earliest();
    return;
  }
  const Result<Looked> changed = observer_.look(task.step->guard_reads, state_);
  if (!changed) return cannot_look(i, changed.error());
  if (!note_changes(changed.value())) return fail(i, write_error_);
  if (task.in_doubt && settled_by_looking(i)) return;
  if (const auto closed = model::first_failure(model_, task.step->action, state_))
    return closed_guard(i, *closed);
  if (clock_.now() < task.not_before) {  // a read may lag behind what was asked for
    task.next = task.not_before;
    return;
  }
  if (settle_only_) return did_not_happen(i);
  looks_.erase(i);
  if (!write(
          intent(clock_.now(), task.call, shown(task.step->guard_reads), plan_.steps[i].sentence)))
    return fail(i, write_error_);
  task.remember_before(state_);
  task.origin = state_;
  ++task.record.tries;
  task.in_doubt = true;
  task.phase = Phase::kCalling;
  pace_.noted(clock_.now());
  pool_->submit(i, [&task, fence = controls_.fence]() -> Result<std::string> {
    if (fence != nullptr)
      if (Status held = fence->confirm(); !held) return held.error();
    return task.port->perform(task.call.call);
  });
  if (is_alone_) take_answers();  // so that a rehearsal's journal tells one thing after the other
}

bool RunLoop::note_changes(const std::vector<model::Variable>& changed) {
  if (changed.empty()) return true;
  const std::string text = "Seen otherwise than known: " + in_words(shown(changed));
  return write(observation(clock_.now(), observer_.observations(changed), text));
}

bool RunLoop::settled_by_looking(std::size_t i) {
  Task& task = tasks_[i];
  const Looked& at = task.step->guard_reads;
  if (task.step->end_reads.empty()) return false;  // it changes nothing that anybody could see
  if (model::evaluate(task.step->end, state_)) {
    end(i, "done", at);
    return true;
  }
  if (task.is_under_way(state_)) {
    taken(i);
    return true;
  }
  const std::string failed = task.failed_outcome(state_);
  if (failed.empty()) return false;
  ended_badly(i, failed, in_words(shown(at)), at);
  return true;
}

void RunLoop::did_not_happen(std::size_t i) {
  const Error seen{ErrorCode::kBlocked, tasks_[i].step->end_reads.empty()
                                            ? "it changes nothing that could be seen"
                                            : "looked again: it has not taken effect"};
  if (!write(executor::not_accepted(clock_.now(), tasks_[i].call, seen)))
    return fail(i, write_error_);
  tasks_[i].in_doubt = false;
  close_gate(i);
}

void RunLoop::closed_guard(std::size_t i, const model::Failure& why) {
  Task& task = tasks_[i];
  const Looked& at = task.step->guard_reads;
  // Done already: before this run, or by somebody else.
  if (!task.step->end_reads.empty() && model::evaluate(task.step->end, state_)) {
    task.record.found_done = true;
    return end(i, "done", at);
  }
  if (clock_.now() < task.deadline)  // a read may lag
    return ask_again_later(i, ++looks_[i]);
  surprise(i, why.sentence, at, {ErrorCode::kBlocked, why.sentence});
}

void RunLoop::cannot_look(std::size_t i, const Error& error) {
  if (error.code == ErrorCode::kThrottled) pace_.throttled(clock_.now());
  const Reaction reaction = reaction_to(error.code);
  const bool passes = reaction == Reaction::kRetry || reaction == Reaction::kWait;
  if (!passes || clock_.now() >= tasks_[i].deadline) return fail(i, error);
  tell(Kind::kRetry, i, error.message);
  ask_again_later(i, ++looks_[i]);
}

void RunLoop::ask_again_later(std::size_t i, int tries) {
  Task& task = tasks_[i];
  task.next = clock_.now() +
              back_off(patience_.retry_first, patience_.retry_max, tries, task.call.call.token);
}

void RunLoop::take_answers() {
  for (const CalledBack& each : pool_->collect()) called_back(each.task, each.receipt);
}

void RunLoop::called_back(std::size_t i, const Result<std::string>& receipt) {
  Task& task = tasks_[i];
  observer_.forget(task.step->action.request);
  observer_.forget(task.step->action.outcomes.front());
  if (!receipt) return not_accepted(i, receipt.error());
  pace_.accepted();
  if (!write(accepted(clock_.now(), task.call, receipt.value()))) return fail(i, write_error_);
  taken(i);
}

void RunLoop::taken(std::size_t i) {
  Task& task = tasks_[i];
  task.apply_request(state_);
  task.in_doubt = false;
  if (task.step->end_reads.empty()) return end(i, "done", {});
  await(i);
}

void RunLoop::not_accepted(std::size_t i, const Error& error) {
  Task& task = tasks_[i];
  task.phase = Phase::kGuard;
  if (error.code == ErrorCode::kRefused && lost_lock()) return;
  if (!write(executor::not_accepted(clock_.now(), task.call, error))) return fail(i, write_error_);
  const Reaction reaction = reaction_to(error.code);
  if (error.code == ErrorCode::kThrottled) {
    pace_.throttled(clock_.now());
    tell(Kind::kSlowed, i, error.message);
  }
  const bool is_unknown = error.code == ErrorCode::kUnknownOutcome;
  task.in_doubt = is_unknown;
  const bool once_more = task.record.tries < patience_.tries_max &&
                         (reaction == Reaction::kRetry ||
                          (reaction == Reaction::kWait && clock_.now() < not_ready_until(task)));
  if (!once_more) return fail(i, error);
  tell(Kind::kRetry, i, error.message);
  task.not_before = clock_.now() + (is_unknown ? patience_.settle : milliseconds(0));
  ask_again_later(i, task.record.tries);
  task.deadline = std::max(task.next, task.not_before) + patience_.guard_max;
}

TimePoint RunLoop::not_ready_until(Task& task) const {
  if (task.not_ready_since == TimePoint{}) task.not_ready_since = clock_.now();
  return task.not_ready_since + patience_.guard_max;
}

void RunLoop::await(std::size_t i) {
  Task& task = tasks_[i];
  task.phase = Phase::kAwaits;
  task.since = clock_.now();
  const model::Action& action = *task.step->action.action;
  task.deadline = clock_.now() + action.deadline;
  task.next = next_look(task.since, clock_.now(), action.typical, patience_);
  if (!write(waiting(clock_.now(), task.call, plan_.steps[i].wait, task.deadline)))
    return fail(i, write_error_);
  tell(Kind::kWaiting, i, plan_.steps[i].wait);
}

void RunLoop::look_for_end(std::size_t i) {
  Task& task = tasks_[i];
  const model::Action& action = *task.step->action.action;
  const Looked& at = task.step->end_reads;
  seen_ = state_;
  if (const auto looked = observer_.look(at, seen_); !looked) return cannot_look(i, looked.error());
  looks_.erase(i);
  task.note_transition(observer_, seen_);
  if (task.has_ended(observer_, seen_)) return end(i, "done", at);
  // Nothing may have been seen under way because it failed before this process came: known when it
  // is seen twice, and after a while.
  if (task.first_look == TimePoint{}) task.first_look = clock_.now();
  if (task.was_taken_up && clock_.now() >= task.first_look + patience_.settle)
    task.saw_transition = true;
  // What the system says of it may tell more than the variables, and may be all that tells.
  std::string failed = task.failed_outcome(seen_);
  std::string why = failed.empty() ? "" : in_words(shown(at));
  if (action.outcomes.size() > 1) {
    const Result<std::optional<std::string>> told = task.port->failure_of(task.call.call);
    // An error here tells nothing: the deadline stands.
    if (told && told.value()) {
      if (failed.empty()) failed = action.outcomes[1].name;
      why += (why.empty() ? "" : "; ") + *told.value();
    }
  }
  if (!failed.empty()) return ended_badly(i, failed, why, at);
  if (clock_.now() >= task.deadline) {
    const std::string expected =
        plan_.steps[i].wait + " within " + std::to_string(action.deadline.count()) + " s";
    return surprise(i, expected, at, {ErrorCode::kFailed, "expected " + expected});
  }
  task.next = std::max(next_look(task.since, clock_.now(), action.typical, patience_),
                       clock_.now() + pace_.distance());
}

void RunLoop::end(std::size_t i, const std::string& name, const Looked& at) {
  Task& task = tasks_[i];
  if (!write(outcome(clock_.now(), task.call, name, shown(at)))) return fail(i, write_error_);
  task.apply_request(state_);
  model::apply(task.step->action.outcomes.front(), state_);
  task.in_doubt = false;
  task.phase = Phase::kNone;
  task.record.state = StepState::kDone;
  task.record.ended = clock_.now();
  --running_;
  ++ended_;
  tell(Kind::kDone, i, plan_.steps[i].sentence);
  for (const std::size_t next : task.step->successors)
    if (--tasks_[next].waits_for == 0 && !settle_only_) ready_.insert(next);
}

void RunLoop::ended_badly(std::size_t i, const std::string& name, const std::string& seen,
                          const Looked& at) {
  Task& task = tasks_[i];
  const model::GroundAction& action = task.step->action;
  if (write(outcome(clock_.now(), task.call, name, shown(at)))) {
    task.apply_request(state_);
    for (std::size_t o = 1; o < action.outcomes.size(); ++o)
      if (action.action->outcomes[o].name == name) model::apply(action.outcomes[o], state_);
  }
  task.in_doubt = false;
  fail(i, {ErrorCode::kFailed, "it ended as \"" + name + "\"; seen: " + seen});
}

void RunLoop::surprise(std::size_t i, const std::string& expected, const Looked& at,
                       const Error& why) {
  const std::vector<Observation> seen = shown(at);
  write(executor::surprise(clock_.now(), tasks_[i].call, expected, seen));
  tell(Kind::kSurprise, i, why.message);
  fail(i, {why.code, why.message + (seen.empty() ? "" : "; seen: " + in_words(seen))});
}

void RunLoop::fail(std::size_t i, const Error& error) {
  Task& task = tasks_[i];
  task.record.state = StepState::kFailed;
  task.record.ended = clock_.now();
  task.record.reason = error.message;
  task.phase = Phase::kNone;
  --running_;
  tell(Kind::kFailed, i, error.message);
  halt({error.code, plan_.steps[i].id + " " + task.step->name + ": " + error.message});
}

std::vector<Observation> RunLoop::shown(const Looked& at) const {
  return observer_.observations(at, kObservedShown);
}

}  // namespace wme::executor::detail
