#pragma once

#include <ostream>
#include <string>

#include "scenarios/progress/tracker.hpp"

namespace wme::scenarios {

/// One line for each event, for logs and pipes: never longer than the terminal is wide, except that
/// a reason is told whole, on lines of its own. A wait is told when it begins, when it takes longer
/// than expected, and with each heartbeat.
class LineProgress : public Progress {
 public:
  LineProgress(std::ostream& out, const Terminal& terminal) : out_(out), terminal_(terminal) {}

  void phase_started(RunTime at, const std::string& title, int steps) override;
  void step_started(RunTime at, const StepLabel& step) override;
  void step_waiting(RunTime at, const std::string& step, const std::string& what) override;
  void step_done(RunTime at, const std::string& step) override;
  void step_troubled(RunTime at, const std::string& step, const std::string& reason) override;
  void step_failed(RunTime at, const std::string& step, const std::string& reason) override;
  void phase_ended(RunTime at, const std::string& reason) override;
  void heartbeat(RunTime at) override;

 private:
  void line(RunTime at, const std::string& word, const std::string& text, const char* color = "");
  void step_line(RunTime at, const std::string& word, const StepLabel& step,
                 const std::string& note, const char* color = "");
  void reason_lines(const std::string& reason);

  std::ostream& out_;
  Terminal terminal_;
  ProgressTracker tracker_;
};

/// Words of `text` on lines of at most `columns` characters; longer words are cut.
std::vector<std::string> wrapped(const std::string& text, int columns);

}  // namespace wme::scenarios
