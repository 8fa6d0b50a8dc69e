#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "executor/engine/history.hpp"
#include "executor/engine/observer.hpp"
#include "executor/engine/patience.hpp"
#include "executor/engine/run_event.hpp"
#include "executor/engine/script.hpp"
#include "executor/engine/task.hpp"
#include "executor/ports/fence.hpp"
#include "executor/ports/journal.hpp"
#include "executor/ports/requests.hpp"
#include "model/planner/planner.hpp"

namespace wme::executor {

/// One plan on the way of a run: what is carried out, and where it begins or goes on.
struct Leg {
  const model::GroundModel& model;
  const model::Plan& plan;
  const model::PlanOrder& order;
  std::vector<model::Goal> goals;       ///< what is looked at when every step has ended
  model::State state;                   ///< what is known of the installation
  std::vector<StepHistory> steps = {};  ///< by position in the plan; empty: nothing was begun
  /// Of this model and plan, for whoever runs them more than once; null: made when the run begins.
  std::shared_ptr<const Script> script = {};
};
/// A procedure's own plan from its beginning.
Leg first_leg(const model::GroundModel& model, const model::Plan& plan,
              const model::PlanOrder& order);

/// What happens when nobody approves in time.
enum class OnExpiry { kStop, kAbort, kContinue };
std::string_view to_string(OnExpiry outcome);

/// A step that is not requested before somebody approves it.
struct Gate {
  std::string step;
  std::chrono::seconds expires{std::chrono::minutes(30)};
  OnExpiry on_expiry = OnExpiry::kStop;
};

/// Why the run shall stop at the next safe point: "a signal". Empty: it shall not.
using StopRequested = std::function<std::string()>;

struct RunOptions {
  std::string run_id;  ///< part of each idempotency token: the same run, the same tokens
  Patience patience = {};
  std::size_t workers = 0;  ///< calls at the same time; 0: one after the other, in a fixed order
  std::vector<Gate> gates = {};
  /// Nothing is requested: only what came of the requests under way, or in doubt, is found out.
  bool settle_only = false;
};

/// Who may hold a run back, or change its mind. All may be null.
struct Controls {
  StopRequested stop_requested = {};
  FencePort* fence = nullptr;
  RequestPort* requests = nullptr;
  long long last_request = 0;  ///< those up to it were decided about
  bool is_paused = false;
};

struct RunResult {
  bool done = false;
  bool interrupted = false;  ///< by a signal, a person or an expired gate; can be resumed
  bool wants_abort = false;  ///< a person or an expired gate asked for the way to a safe stop
  bool lost_lock = false;    ///< another process has taken over: it accounts for what follows
  Error error;               ///< why it is not done
  std::vector<StepRecord> steps;
  model::State state;  ///< as far as known at the end
};

namespace detail {
class RunLoop;
}

/// Runs a plan: every step whose predecessors have ended, each after a fresh look at what its guard
/// reads; waits for each end by looking; halts at the first surprise, letting what runs come to its
/// end. One thread owns the state; calls are carried out beside it.
class Executor {
 public:
  Executor(Leg leg, const Ports& ports, Clock& clock, JournalPort& journal);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Once for each Executor: what comes of it is in the journal, and the next leg has its own.
  RunResult run(const RunOptions& options, const RunListener& listener, const Controls& controls);

 private:
  std::unique_ptr<detail::RunLoop> loop_;
};

}  // namespace wme::executor
