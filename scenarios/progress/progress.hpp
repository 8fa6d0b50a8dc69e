#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "scenarios/progress/terminal.hpp"

/// What a person sees while a run goes on: what runs, what waits and for what, how long it should
/// take. Times are those of the run, which in a rehearsal pass faster than the clock on the wall.
namespace wme::scenarios {

using RunTime = std::chrono::sys_time<std::chrono::milliseconds>;

struct StepLabel {
  std::string id;                                     ///< "s12"
  std::string runbook;                                ///< "A06"; may be empty
  std::string text;                                   ///< "Park container c17 on the Platform"
  std::optional<std::chrono::milliseconds> expected;  ///< how long it typically takes
};

/// Events of one run, from the thread that owns it. Never fails: a terminal that went away must not
/// stop a restore.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void phase_started(RunTime at, const std::string& title, int steps) = 0;
  virtual void step_started(RunTime at, const StepLabel& step) = 0;
  /// Each time the step was looked at and is not done: `what` as in "run(c17) = passivated".
  virtual void step_waiting(RunTime at, const std::string& step, const std::string& what) = 0;
  virtual void step_done(RunTime at, const std::string& step) = 0;
  /// The step said no and will be tried again, or its outcome is not known yet.
  virtual void step_troubled(RunTime at, const std::string& step, const std::string& reason) = 0;
  /// The step is over without success.
  virtual void step_failed(RunTime at, const std::string& step, const std::string& reason) = 0;
  /// `reason` is empty when the phase came to its end as planned.
  virtual void phase_ended(RunTime at, const std::string& reason) = 0;
  /// Time passed and nothing happened: silence must never mean anything.
  virtual void heartbeat(RunTime at) = 0;
};

/// Real time, for how often the live view is drawn.
using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

/// The live view where the terminal can show it, one line for each event elsewhere. `out` must
/// outlive the result.
std::unique_ptr<Progress> make_progress(std::ostream& out, const Terminal& terminal,
                                        SteadyClock clock = std::chrono::steady_clock::now);

}  // namespace wme::scenarios
