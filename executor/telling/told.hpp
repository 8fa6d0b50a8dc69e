#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "executor/ports/clock.hpp"

/// Telling: what others hear of a run, in logs, metrics, webhooks and from systemd. Whoever tells
/// knows nothing of the engine, and the run never waits for any of them.
namespace wme::executor {

enum class ToldKind {
  kRunStarted,
  kRunResumed,
  kRunPaused,
  kRunContinued,
  kRunAborting,
  kRunTurned,
  kRunEnded,
  kStepStarted,
  kStepWaiting,
  kStepDone,
  kStepRetried,
  kStepFailed,
  kSurprise,
  kGate,
  kSlowed,
  kHeartbeat,
  kTellingDropped,
};

/// kError: a person must act; kWarning: something went wrong and was survived, or a person is
/// waited for; kInfo: something began or ended; kDebug: nothing has changed.
enum class Severity { kDebug, kInfo, kWarning, kError };

struct ToldKindFacts {
  ToldKind kind;
  std::string_view name;  ///< in logs
  std::string_view type;  ///< of its CloudEvent; empty: none is sent
  Severity severity;
};

/// In the order of the enumerators. Names and types are stable: others filter by them.
inline constexpr std::array<ToldKindFacts, 17> kToldKinds{{
    {ToldKind::kRunStarted, "run-started", "example.rehydrate.run.started.v1", Severity::kInfo},
    {ToldKind::kRunResumed, "run-resumed", "example.rehydrate.run.resumed.v1", Severity::kInfo},
    {ToldKind::kRunPaused, "run-paused", "example.rehydrate.run.paused.v1", Severity::kWarning},
    {ToldKind::kRunContinued, "run-continued", "example.rehydrate.run.continued.v1",
     Severity::kInfo},
    {ToldKind::kRunAborting, "run-aborting", "example.rehydrate.run.aborting.v1",
     Severity::kWarning},
    {ToldKind::kRunTurned, "run-turned", "example.rehydrate.run.turned.v1", Severity::kWarning},
    {ToldKind::kRunEnded, "run-ended", "example.rehydrate.run.ended.v1", Severity::kInfo},
    {ToldKind::kStepStarted, "step-started", "example.rehydrate.step.started.v1", Severity::kInfo},
    {ToldKind::kStepWaiting, "step-waiting", "", Severity::kDebug},
    {ToldKind::kStepDone, "step-done", "example.rehydrate.step.done.v1", Severity::kInfo},
    {ToldKind::kStepRetried, "step-retried", "example.rehydrate.step.retried.v1",
     Severity::kWarning},
    {ToldKind::kStepFailed, "step-failed", "example.rehydrate.step.failed.v1", Severity::kError},
    {ToldKind::kSurprise, "surprise", "example.rehydrate.step.surprised.v1", Severity::kError},
    {ToldKind::kGate, "gate", "example.rehydrate.approval.requested.v1", Severity::kWarning},
    {ToldKind::kSlowed, "slowed", "example.rehydrate.run.slowed.v1", Severity::kWarning},
    {ToldKind::kHeartbeat, "heartbeat", "", Severity::kDebug},
    {ToldKind::kTellingDropped, "telling-dropped", "", Severity::kWarning},
}};

constexpr const ToldKindFacts& facts_of(ToldKind kind) {
  return kToldKinds[static_cast<std::size_t>(kind)];
}

/// One thing that happened in a run, as every teller gets it. Holds no secret: texts are those of
/// the journal.
struct Told {
  ToldKind kind = ToldKind::kHeartbeat;
  TimePoint at{};                ///< by the clock of the run
  std::string run;               ///< the same for all of a run, also after it was resumed
  std::string installation;      ///< the inventory's name
  std::string procedure;         ///< "restore"
  int leg = 0;                   ///< 0: the run's own plan; one more with each turn to another one
  std::size_t steps = 0;         ///< of the plan of this leg, in all
  std::size_t steps_before = 0;  ///< of these, what was done before this process came to it
  std::string step;              ///< id; empty: about the whole run
  std::string action;
  std::vector<std::string> arguments;
  std::string door;
  int attempt = 0;                      ///< of the step, from 1; 0: about the whole run
  std::chrono::milliseconds elapsed{};  ///< since the step was started, or the run
  std::string outcome;                  ///< of what has ended: "done", "failed", "stopped"
  std::string text;                     ///< one sentence for the operator
};

/// That of the kind, but for a run that did not reach its end, which is for a person to look at.
Severity severity_of(const Told& told);

std::string_view to_string(Severity severity);
/// "debug", "info", "warning" or "error"; none for anything else.
std::optional<Severity> severity_from(std::string_view text);

}  // namespace wme::executor
