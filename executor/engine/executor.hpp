#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "executor/engine/observer.hpp"
#include "executor/ports/clock.hpp"
#include "executor/ports/journal.hpp"
#include "model/planner/plan.hpp"

namespace wme::executor {

/// How patient the executor is. Every wait and retry has a bound.
struct Patience {
  std::chrono::milliseconds poll_first{1000};
  std::chrono::milliseconds poll_max{30000};
  int tries_max = 6;  ///< of one request that was throttled or whose answer was lost
  std::chrono::milliseconds retry_first{1000};
  std::chrono::milliseconds retry_max{60000};
  std::chrono::milliseconds guard_max{60000};  ///< how long a closed guard may lag behind
  std::chrono::milliseconds freshness{2000};   ///< of the observation that opens a guard
};

struct RunOptions {
  std::string run_id;  ///< part of each idempotency token: the same run, the same tokens
  Patience patience;
};

enum class StepState { kTodo, kRunning, kDone, kFailed };

/// What became of one step, for reports.
struct StepRecord {
  StepState state = StepState::kTodo;
  TimePoint started{};
  TimePoint ended{};
  int tries = 0;
  bool found_done = false;  ///< its effect was there before anything was sent
  std::string reason;       ///< why it failed
};

/// For whoever shows a run: one call for each thing that happens. Must not block.
struct RunEvent {
  enum class Kind { kStarted, kWaiting, kDone, kRetry, kFailed };
  Kind kind = Kind::kStarted;
  TimePoint at{};
  std::size_t step = 0;  ///< position in the plan
  std::string text;
};
using RunListener = std::function<void(const RunEvent&)>;

struct RunResult {
  bool done = false;
  bool interrupted = false;
  Error error;  ///< why it is not done
  std::vector<StepRecord> steps;
};

/// Whether somebody asked the run to stop at the next safe point.
using StopRequested = std::function<bool()>;

/// Runs a plan: every step whose predecessors have ended, each after a fresh look at what its guard
/// reads; waits for each end by looking; halts at the first surprise, letting what runs come to its
/// end. One thread, one owner of the state; long work runs on the other side, never in a call.
class Executor {
 public:
  Executor(const model::GroundModel& model, const model::Plan& plan, const model::PlanOrder& order,
           const Ports& ports, Clock& clock, JournalPort& journal);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// What differs between the installation and the state from which the plan starts, in words.
  /// Errors: those of the drivers.
  Result<std::vector<std::string>> drift();
  RunResult run(const RunOptions& options, const RunListener& listener,
                const StopRequested& stop_requested);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
