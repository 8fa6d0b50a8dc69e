#pragma once

#include <optional>
#include <vector>

#include "executor/engine/history.hpp"
#include "executor/engine/observer.hpp"
#include "executor/engine/script.hpp"
#include "executor/journal/entries.hpp"
#include "model/planner/plan.hpp"

namespace wme::executor {

enum class StepState { kTodo, kRunning, kDone, kFailed, kSkipped };

/// What became of one step, for reports.
struct StepRecord {
  StepState state = StepState::kTodo;
  TimePoint started{};
  TimePoint ended{};
  int tries = 0;
  bool found_done = false;  ///< its effect was there before anything was sent
  std::string reason;       ///< why it failed
};

/// One step of the plan, with what the run knows of it.
struct Task {
  enum class Phase {
    kNone,     ///< not begun, or ended
    kGated,    ///< an approval is waited for
    kGuard,    ///< its guard is looked at
    kCalling,  ///< its request is under way
    kAwaits,   ///< its end is looked for
  };

  const ScriptStep* step = nullptr;
  SystemPort* port = nullptr;
  StepCall call;
  StepRecord record;
  Phase phase = Phase::kNone;
  std::size_t waits_for = 0;
  bool in_doubt = false;  ///< the request may have been sent, and what came of it is unknown
  bool is_approved = false;
  model::State origin;          ///< the state when it was requested; empty: it was not
  bool saw_transition = false;  ///< an observation showed it under way
  bool was_taken_up = false;    ///< another process requested it, and may have seen it under way
  TimePoint first_look{};       ///< at its end, of this process
  model::State before;          ///< values of the step's end_reads before the request
  TimePoint next{};             ///< when to try or look again
  TimePoint not_before{};       ///< when it may be requested again after an unknown outcome
  TimePoint not_ready_since{};  ///< when the other side first said "not yet"
  TimePoint since{};            ///< when it was accepted
  TimePoint deadline{};         ///< of the guard before the request, of the end after it

  /// Something has become what the request makes it, or the end: since the request, so that it was
  /// obeyed.
  bool is_under_way(const model::State& state) const;
  /// Whether what was seen shows the end. What the request moved must be seen at its end. What
  /// merely follows (docker of a machine that is off now) comes true with it, unless it is seen to
  /// be otherwise.
  bool has_ended(const Observer& observer, const model::State& seen) const;
  /// Notes whether what was seen shows it under way.
  void note_transition(const Observer& observer, const model::State& seen);
  /// The name of the failure that was seen, else "". One that brings the old value back is believed
  /// only once the transition was seen: a read may lag behind the request.
  std::string failed_outcome(const model::State& seen) const;
  void remember_before(const model::State& state);
  /// The request was obeyed, with all that nobody can see: in `state`.
  void apply_request(model::State& state) const;
};

/// The tasks of a run. `run_id` is part of each idempotency token. Errors: kInvalid when the
/// program has no driver for a door.
Result<std::vector<Task>> tasks_of(const Script& script, const model::Plan& plan,
                                   const model::PlanOrder& order, const Ports& ports,
                                   const std::string& run_id,
                                   const std::vector<StepHistory>& history);

}  // namespace wme::executor
