#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "scenarios/progress/tracker.hpp"

namespace wme::scenarios {

/// A few lines that are drawn over: how far the phase is, what runs and what it waits for. What a
/// reader must not miss (troubles, failures, ends of phases) scrolls by above them and stays.
/// Each drawing is one write, over the old text: nothing flickers.
class LiveProgress : public Progress {
 public:
  LiveProgress(std::ostream& out, const Terminal& terminal, SteadyClock clock)
      : out_(out), terminal_(terminal), clock_(std::move(clock)) {}
  ~LiveProgress() override = default;
  LiveProgress(const LiveProgress&) = delete;
  LiveProgress& operator=(const LiveProgress&) = delete;

  void phase_started(RunTime at, const std::string& title, int steps) override;
  void step_started(RunTime at, const StepLabel& step) override;
  void step_waiting(RunTime at, const std::string& step, const std::string& what) override;
  void step_done(RunTime at, const std::string& step) override;
  void step_troubled(RunTime at, const std::string& step, const std::string& reason) override;
  void step_failed(RunTime at, const std::string& step, const std::string& reason) override;
  void phase_ended(RunTime at, const std::string& reason) override;
  void heartbeat(RunTime at) override;

 private:
  struct Line {
    std::string text;
    const char* color = "";
  };
  std::vector<Line> picture(RunTime at) const;
  Line step_line(const RunningStep& step, RunTime at) const;
  std::string headline(RunTime at) const;
  /// Draws unless the last drawing is too recent to be seen.
  void draw_soon(RunTime at);
  /// Leaves `kept` on the screen, above `lines`.
  void draw(const std::vector<Line>& kept, const std::vector<Line>& lines);
  std::vector<Line> told(const std::string& mark, const std::string& text,
                         const std::string& reason, const char* color) const;
  std::string painted(const Line& line) const;

  std::ostream& out_;
  Terminal terminal_;
  SteadyClock clock_;
  ProgressTracker tracker_;
  std::size_t drawn_lines_ = 0;
  std::optional<std::chrono::steady_clock::time_point> drawn_at_;
};

}  // namespace wme::scenarios
