#include "executor/telling/tally.hpp"

#include <algorithm>

namespace wme::executor {

namespace {

constexpr std::array<std::string_view, kTallyStates> kStateNames = {
    "starting", "running", "gate", "paused", "aborting", "done", "stopped", "failed"};

}  // namespace

std::string_view to_string(Tally::State state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

bool Tally::set(const std::string& step, StepIs state) {
  const auto [place, is_new] = step_.try_emplace(step, state);
  if (!is_new) {
    if (place->second == state) return false;
    --counts_[static_cast<std::size_t>(place->second)];
    place->second = state;
  }
  ++counts_[static_cast<std::size_t>(state)];
  return true;
}

std::size_t Tally::todo() const {
  const std::size_t begun = step_.size();
  return steps_ > begun ? steps_ - begun : 0;
}

void Tally::enter(State state, const Told& told) {
  state_ = state;
  if (state != State::kGate && state != State::kPaused)
    waiting_since_.reset();
  else if (!waiting_since_)
    waiting_since_ = told.at;
}

void Tally::take(const Told& told) {
  last_ = std::max(last_, told.at);
  if (told.steps > 0) steps_ = told.steps;
  switch (told.kind) {
    case ToldKind::kRunStarted:
    case ToldKind::kRunResumed:
      if (!started_) started_ = told.at;
      return enter(State::kRunning, told);
    case ToldKind::kRunPaused:
      return enter(State::kPaused, told);
    case ToldKind::kRunContinued:
      return enter(State::kRunning, told);
    case ToldKind::kRunAborting:
      return enter(State::kAborting, told);
    case ToldKind::kRunEnded:
      ended_ = told.at;
      return enter(told.outcome == "done"     ? State::kDone
                   : told.outcome == "failed" ? State::kFailed
                                              : State::kStopped,
                   told);
    case ToldKind::kGate:
      return enter(State::kGate, told);
    case ToldKind::kSlowed:
      ++slowdowns_;
      return;
    case ToldKind::kStepStarted:
    case ToldKind::kStepWaiting:
    case ToldKind::kStepDone:
    case ToldKind::kStepRetried:
    case ToldKind::kStepFailed:
    case ToldKind::kSurprise:
      return step_event(told);
    case ToldKind::kHeartbeat:
    case ToldKind::kTellingDropped:
      return;
  }
}

void Tally::step_event(const Told& told) {
  // Something goes on, so no gate holds everything up.
  if (state_ == State::kGate) enter(State::kRunning, told);
  const auto count = [&](const char* outcome) { ++attempts_[{told.action, outcome}]; };
  switch (told.kind) {
    case ToldKind::kStepDone:
      set(told.step, StepIs::kDone);
      spent_[told.action].count += 1;
      spent_[told.action].time += told.elapsed;
      return count("done");
    case ToldKind::kStepFailed:
      // A surprise was counted when it was seen; the step's failure is only its end.
      if (set(told.step, StepIs::kFailed)) count("failed");
      return;
    case ToldKind::kSurprise:
      set(told.step, StepIs::kFailed);
      return count("surprised");
    case ToldKind::kStepRetried:
      set(told.step, StepIs::kRunning);
      return count("retried");
    default:
      set(told.step, StepIs::kRunning);
  }
}

}  // namespace wme::executor
