#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/progress/progress.hpp"

namespace wme::scenarios {

/// A step under way.
struct RunningStep {
  StepLabel label;
  RunTime started{};
  std::string waits_for;  ///< empty: not looked at yet
  bool late(RunTime now) const { return label.expected && now - started > *label.expected; }
};

/// The state behind both views: what the events so far amount to. Plain values, no output.
class ProgressTracker {
 public:
  void start_phase(RunTime at, const std::string& title, int steps);
  void start_step(RunTime at, const StepLabel& step);
  /// Whether that is news: another wait than before, or now later than expected.
  bool wait(RunTime at, const std::string& step, const std::string& what);
  /// Takes the step out of the running ones; an unknown id gives a step of that name.
  RunningStep finish(const std::string& step, bool done);
  /// The step as it runs, or one of that name.
  RunningStep find(const std::string& step) const;

  const std::string& title() const { return title_; }
  int steps() const { return steps_; }
  int done() const { return done_; }
  int failed() const { return failed_; }
  RunTime phase_start() const { return phase_start_; }
  std::chrono::milliseconds elapsed(RunTime at) const { return at - run_start_; }
  std::vector<RunningStep> running() const;  ///< longest-running first, then by arrival

 private:
  std::string title_;
  int steps_ = 0;
  int done_ = 0;
  int failed_ = 0;
  bool started_ = false;
  RunTime run_start_{};
  RunTime phase_start_{};
  std::vector<RunningStep> running_;  ///< in order of arrival
  std::map<std::string, bool> said_late_;
};

/// "1 min 20 s of about 2 min", "3 min, expected 2 min": how a wait stands.
std::string elapsed_text(const RunningStep& step, RunTime now);
/// "A06 s12", "s12".
std::string step_name(const StepLabel& step);

}  // namespace wme::scenarios
