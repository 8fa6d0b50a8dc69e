#include <utility>

#include "executor/engine/run_loop.hpp"

namespace wme::executor::detail {

void RunLoop::attend() {
  attend_to_stop();
  if (controls_.requests == nullptr) return;
  // An error is no reason to stop: they are asked for again in the next round. Nobody shall wait in
  // vain for a pause, though.
  const auto asked = controls_.requests->requests_after(controls_.last_request);
  if (!asked && !deaf_)
    tell(Kind::kRetry, RunEvent::kNoStep,
         "what people ask cannot be read: " + asked.error().message);
  deaf_ = !asked;
  if (!asked) return;
  for (const PersonRequest& each : asked.value()) {
    controls_.last_request = each.id;
    Decision decided{each.what, each.step, each.by, each.reason, {}, each.id};
    if (!write(decision(clock_.now(), decided))) return;
    obey(each);
  }
}

void RunLoop::attend_to_stop() {
  const std::string why = controls_.stop_requested ? controls_.stop_requested() : "";
  if (why.empty() || halted_) return;
  // Whoever asks for the status meanwhile shall read that it is stopping, and why.
  if (!write(decision(clock_.now(), {"stop", "", std::string(kProgramItself), why}))) return;
  stop({ErrorCode::kRefused, "stopped on request: " + why});
}

void RunLoop::obey(const PersonRequest& request) {
  const std::string who = request.by + (request.reason.empty() ? "" : ": " + request.reason);
  if (request.what == "pause" && !paused_) {
    paused_ = true;
    tell(Kind::kPaused, RunEvent::kNoStep, who);
  } else if (request.what == "continue" && paused_) {
    paused_ = false;
    tell(Kind::kContinued, RunEvent::kNoStep, who);
  } else if (request.what == "stop") {
    stop({ErrorCode::kRefused, "stopped by " + who});
  } else if (request.what == "abort") {
    abort("aborted by " + who);
  } else if (request.what == "approve" || request.what == "reject") {
    answer_gate(request, who);
  }
}

void RunLoop::answer_gate(const PersonRequest& request, const std::string& who) {
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    Task& task = tasks_[i];
    if (plan_.steps[i].id != request.step) continue;
    const bool is_gated = task.phase == Phase::kGated;
    const bool has_begun = task.record.state != StepState::kTodo && !is_gated;
    if (has_begun)
      return tell(Kind::kHeartbeat, RunEvent::kNoStep,
                  who + " answered for step " + request.step + " too late: it has begun");
    task.is_approved = request.what == "approve";
    if (task.is_approved && is_gated) return open(i);
    if (task.is_approved) return;
    // A no that comes before its time is a no all the same.
    if (is_gated) close_gate(i);
    return stop({ErrorCode::kRefused, "step " + request.step + " was rejected by " + who});
  }
  tell(Kind::kHeartbeat, RunEvent::kNoStep,
       who + " answered for step " + request.step + ", which this plan does not have");
}

void RunLoop::close_gate(std::size_t i) {
  tasks_[i].record = StepRecord{};
  tasks_[i].phase = Phase::kNone;
  --running_;
}

void RunLoop::gate_expired(std::size_t i) {
  const std::string& id = plan_.steps[i].id;
  const OnExpiry outcome = gates_.at(id).on_expiry;
  if (outcome == OnExpiry::kContinue) return open(i);
  close_gate(i);
  const std::string why = "nobody approved step " + id + " in time";
  if (outcome == OnExpiry::kAbort) {
    // Written down before it is tried: whoever resumes goes that way, too.
    if (!write(decision(clock_.now(), {"abort", id, std::string(kGateItself), why}))) return;
    return abort(why);
  }
  stop({ErrorCode::kRefused, why});
}

void RunLoop::stop(Error why) {
  if (halted_) return;
  interrupted_ = true;
  halt(std::move(why));
}

void RunLoop::abort(const std::string& why) {
  if (!wants_abort_) tell(Kind::kAborting, RunEvent::kNoStep, why);
  wants_abort_ = true;
  stop({ErrorCode::kRefused, why});
}

bool RunLoop::lost_lock() {
  if (controls_.fence == nullptr) return false;
  const Status held = controls_.fence->confirm();
  if (held || held.error().code != ErrorCode::kRefused) return false;
  halt(held.error());
  lock_is_lost_ = true;
  return true;
}

}  // namespace wme::executor::detail
