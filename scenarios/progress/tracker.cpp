#include "scenarios/progress/tracker.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/report/text.hpp"

namespace wme::scenarios {

void ProgressTracker::start_phase(RunTime at, const std::string& title, int steps) {
  if (!started_) run_start_ = at;
  started_ = true;
  phase_start_ = at;
  title_ = title;
  steps_ = steps;
  done_ = 0;
  failed_ = 0;
  running_.clear();
  said_late_.clear();
}

void ProgressTracker::start_step(RunTime at, const StepLabel& step) {
  running_.push_back({step, at, ""});
}

bool ProgressTracker::wait(RunTime at, const std::string& step, const std::string& what) {
  const auto found = std::find_if(running_.begin(), running_.end(),
                                  [&](const RunningStep& one) { return one.label.id == step; });
  if (found == running_.end()) return false;
  bool news = found->waits_for != what;
  found->waits_for = what;
  if (found->late(at)) news = !std::exchange(said_late_[step], true) || news;
  return news;
}

RunningStep ProgressTracker::find(const std::string& step) const {
  const auto found = std::find_if(running_.begin(), running_.end(),
                                  [&](const RunningStep& one) { return one.label.id == step; });
  return found == running_.end() ? RunningStep{{step, "", "", {}}, phase_start_, ""} : *found;
}

RunningStep ProgressTracker::finish(const std::string& step, bool done) {
  RunningStep finished = find(step);
  std::erase_if(running_, [&](const RunningStep& one) { return one.label.id == step; });
  (done ? done_ : failed_) += 1;
  return finished;
}

std::vector<RunningStep> ProgressTracker::running() const {
  std::vector<RunningStep> steps = running_;
  std::stable_sort(steps.begin(), steps.end(), [](const RunningStep& a, const RunningStep& b) {
    return a.started < b.started;
  });
  return steps;
}

std::string elapsed_text(const RunningStep& step, RunTime now) {
  const std::string elapsed = human(now - step.started);
  if (!step.label.expected) return elapsed;
  return elapsed + (step.late(now) ? ", expected " : " of about ") + human(*step.label.expected);
}

std::string step_name(const StepLabel& step) {
  return step.runbook.empty() ? step.id : step.runbook + " " + step.id;
}

}  // namespace wme::scenarios
