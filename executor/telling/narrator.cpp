#include "executor/telling/narrator.hpp"

#include <algorithm>
#include <utility>

namespace wme::executor {

namespace {

ToldKind kind_of(RunEvent::Kind kind) {
  switch (kind) {
    case RunEvent::Kind::kRunStarted:
      return ToldKind::kRunStarted;
    case RunEvent::Kind::kResumed:
      return ToldKind::kRunResumed;
    case RunEvent::Kind::kStarted:
      return ToldKind::kStepStarted;
    case RunEvent::Kind::kWaiting:
      return ToldKind::kStepWaiting;
    case RunEvent::Kind::kHeartbeat:
      return ToldKind::kHeartbeat;
    case RunEvent::Kind::kDone:
      return ToldKind::kStepDone;
    case RunEvent::Kind::kRetry:
      return ToldKind::kStepRetried;
    case RunEvent::Kind::kSlowed:
      return ToldKind::kSlowed;
    case RunEvent::Kind::kSurprise:
      return ToldKind::kSurprise;
    case RunEvent::Kind::kFailed:
      return ToldKind::kStepFailed;
    case RunEvent::Kind::kGate:
      return ToldKind::kGate;
    case RunEvent::Kind::kPaused:
      return ToldKind::kRunPaused;
    case RunEvent::Kind::kContinued:
      return ToldKind::kRunContinued;
    case RunEvent::Kind::kAborting:
      return ToldKind::kRunAborting;
    case RunEvent::Kind::kRunEnded:
      return ToldKind::kRunEnded;
  }
  return ToldKind::kHeartbeat;
}

/// "failed: s3: no device": the verdict, and the rest as the reason.
void split_verdict(Told& told) {
  const std::size_t colon = std::min(told.text.find(": "), told.text.size());
  const std::string first = told.text.substr(0, colon);
  if (first != "done" && first != "failed" && first != "stopped") {
    told.outcome = "failed";  // whatever else ends a run is no good end
    return;
  }
  told.outcome = first;
  told.text = told.text.substr(std::min(colon + 2, told.text.size()));
}

}  // namespace

Narrator::Narrator(std::string run, const model::Plan& plan, std::size_t done)
    : run_(std::move(run)),
      installation_(plan.installation),
      procedure_(plan.procedure),
      plan_(plan),
      before_(done) {}

void Narrator::turn_to(const model::Plan& plan) {
  plan_ = plan;
  ++leg_;
  before_ = 0;
  steps_.clear();
}

Told Narrator::told(const RunEvent& event) {
  if (started_ == TimePoint{}) started_ = event.at;
  Told told;
  told.kind = kind_of(event.kind);
  if (told.kind == ToldKind::kRunStarted || told.kind == ToldKind::kRunResumed)
    if (std::exchange(has_begun_, true)) told.kind = ToldKind::kRunTurned;
  told.at = event.at;
  told.run = run_;
  told.installation = installation_;
  told.procedure = procedure_;
  told.leg = leg_;
  told.steps = plan_.steps.size();
  told.steps_before = before_;
  told.text = event.text;
  // A clock that was set back makes nothing take less than no time.
  told.elapsed = std::max(event.at - started_, std::chrono::milliseconds(0));
  if (event.step < plan_.steps.size()) add_step(event, told);
  if (event.kind == RunEvent::Kind::kRunEnded) split_verdict(told);
  return told;
}

void Narrator::add_step(const RunEvent& event, Told& told) {
  const model::Step& step = plan_.steps[event.step];
  Progress& progress = steps_.try_emplace(event.step, Progress{event.at, 1}).first->second;
  told.step = step.id;
  told.action = step.action;
  told.arguments = step.arguments;
  told.door = step.door;
  told.attempt = progress.attempt;
  told.elapsed = std::max(event.at - progress.started, std::chrono::milliseconds(0));
  if (event.kind == RunEvent::Kind::kRetry) ++progress.attempt;
}

}  // namespace wme::executor
