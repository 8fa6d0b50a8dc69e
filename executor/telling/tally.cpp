#include "executor/telling/tally.hpp"

#include <algorithm>

namespace wme::executor {

namespace {

constexpr std::array<std::string_view, kTallyStates> kStateNames = {
    "starting", "running", "waiting", "paused", "aborting", "done", "stopped", "failed"};

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
  const std::size_t begun = steps_before_ + step_.size();
  return steps_ > begun ? steps_ - begun : 0;
}

Tally::State Tally::state() const {
  return state_ == State::kRunning && !for_person_.empty() ? State::kWaiting : state_;
}

std::optional<TimePoint> Tally::waiting_since() const {
  std::optional<TimePoint> since = paused_since_;
  for (const auto& [step, asked] : for_person_) since = std::min(since.value_or(asked), asked);
  return since;
}

void Tally::turn(int leg) {
  leg_ = leg;
  step_.clear();
  counts_ = {};
  for_person_.clear();
}

void Tally::take(const Told& told) {
  last_ = std::max(last_, told.at);
  if (told.leg != leg_) turn(told.leg);
  steps_ = told.steps;
  steps_before_ = told.steps_before;
  switch (told.kind) {
    case ToldKind::kRunStarted:
    case ToldKind::kRunResumed:
      if (!started_) started_ = told.at;
      state_ = State::kRunning;
      return;
    case ToldKind::kRunPaused:
      if (!paused_since_) paused_since_ = told.at;
      state_ = State::kPaused;
      return;
    case ToldKind::kRunContinued:
      paused_since_.reset();
      state_ = State::kRunning;
      return;
    case ToldKind::kRunAborting:
    case ToldKind::kRunTurned:  // in one process: to the plan of an abort
      paused_since_.reset();
      state_ = State::kAborting;
      return;
    case ToldKind::kRunEnded:
      ended_ = told.at;
      paused_since_.reset();
      for_person_.clear();
      state_ = told.outcome == "done"     ? State::kDone
               : told.outcome == "failed" ? State::kFailed
                                          : State::kStopped;
      return;
    case ToldKind::kSlowed:
      ++slowdowns_;
      return;
    case ToldKind::kGate:
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
  const bool asks_operator = told.door == "operator" && (told.kind == ToldKind::kStepStarted ||
                                                         told.kind == ToldKind::kStepWaiting);
  if (told.kind == ToldKind::kGate || asks_operator)
    for_person_.try_emplace(told.step, told.at);
  else
    for_person_.erase(told.step);
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
