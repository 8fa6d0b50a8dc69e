#include "scenarios/progress/line_progress.hpp"

#include <algorithm>
#include <sstream>

#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kBold = "\x1b[1m";
constexpr const char* kPlain = "\x1b[0m";

constexpr std::size_t kWordColumns = 8;
constexpr std::size_t kNameColumns = 9;
constexpr int kReasonIndent = 9;

std::string padded(std::string text, std::size_t columns) {
  const std::size_t count = character_count(text);
  if (count < columns) text.append(columns - count, ' ');
  return text;
}

std::string plural(int count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

std::vector<std::string> wrapped(const std::string& text, int columns) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  std::string word;
  const auto width = static_cast<std::size_t>(std::max(columns, 8));
  while (words >> word) {
    if (lines.empty() || character_count(lines.back()) + 1 + character_count(word) > width)
      lines.emplace_back();
    else
      lines.back() += " ";
    for (const char c : word) {
      const bool starts_character = (c & 0xC0) != 0x80;
      if (starts_character && character_count(lines.back()) == width) lines.emplace_back();
      lines.back() += c;
    }
  }
  return lines;
}

void LineProgress::line(RunTime at, const std::string& word, const std::string& text,
                        const char* color) {
  const std::string start = short_clock(tracker_.elapsed(at)) + "  ";
  const std::string shown_word = padded(word, kWordColumns);
  const auto used = static_cast<int>(start.size() + character_count(shown_word));
  const bool colored = terminal_.color && *color != '\0';
  out_ << start << (colored ? color : "") << shown_word << (colored ? kPlain : "")
       << fitted(text, terminal_.columns - used, terminal_.unicode) << "\n"
       << std::flush;
}

void LineProgress::step_line(RunTime at, const std::string& word, const StepLabel& step,
                             const std::string& note, const char* color) {
  // The note is what is new on the line: the step's text gives way to it.
  const auto used = static_cast<int>(kWordColumns + kNameColumns) + 9 +
                    (note.empty() ? 0 : static_cast<int>(character_count(note)) + 3);
  const std::string text =
      fitted(step.text, std::max(terminal_.columns - used, 12), terminal_.unicode);
  line(at, word,
       padded(step_name(step) + " ", kNameColumns) + text + (note.empty() ? "" : " (" + note + ")"),
       color);
}

void LineProgress::reason_lines(const std::string& reason) {
  for (const std::string& part : wrapped(printable(reason), terminal_.columns - kReasonIndent))
    out_ << std::string(kReasonIndent, ' ') << part << "\n";
  out_ << std::flush;
}

void LineProgress::phase_started(RunTime at, const std::string& title, int steps) {
  tracker_.start_phase(at, title, steps);
  line(at, "phase", title + ", " + plural(steps, "step"), kBold);
}

void LineProgress::step_started(RunTime at, const StepLabel& step) {
  tracker_.start_step(at, step);
  step_line(at, "start", step, step.expected ? "about " + human(*step.expected) : "");
}

void LineProgress::step_waiting(RunTime at, const std::string& step, const std::string& what) {
  if (!tracker_.wait(at, step, what)) return;
  const RunningStep running = tracker_.find(step);
  StepLabel label = running.label;
  label.text = "for " + what;
  step_line(at, running.late(at) ? "late" : "wait", label, elapsed_text(running, at),
            running.late(at) ? kYellow : "");
}

void LineProgress::step_done(RunTime at, const std::string& step) {
  const RunningStep finished = tracker_.finish(step, true);
  step_line(at, "done", finished.label, human(at - finished.started), kGreen);
}

void LineProgress::step_troubled(RunTime at, const std::string& step, const std::string& reason) {
  step_line(at, "trouble", tracker_.find(step).label, "", kYellow);
  reason_lines(reason);
}

void LineProgress::step_failed(RunTime at, const std::string& step, const std::string& reason) {
  step_line(at, "FAILED", tracker_.finish(step, false).label, "", kRed);
  reason_lines(reason);
}

void LineProgress::phase_ended(RunTime at, const std::string& reason) {
  const std::string count = std::to_string(tracker_.done()) + " of " +
                            plural(tracker_.steps(), "step") + " done in " +
                            human(at - tracker_.phase_start());
  line(at, reason.empty() ? "phase" : "STOP", tracker_.title() + ": " + count,
       reason.empty() ? kBold : kRed);
  if (!reason.empty()) reason_lines(reason);
}

void LineProgress::heartbeat(RunTime at) {
  const auto running = tracker_.running();
  line(at, "alive",
       std::to_string(tracker_.done()) + " of " + std::to_string(tracker_.steps()) + " done, " +
           std::to_string(running.size()) + " running");
  for (const RunningStep& step : running) {
    StepLabel label = step.label;
    if (!step.waits_for.empty()) label.text = "for " + step.waits_for;
    step_line(at, step.late(at) ? "late" : "wait", label, elapsed_text(step, at),
              step.late(at) ? kYellow : "");
  }
}

}  // namespace wme::scenarios
