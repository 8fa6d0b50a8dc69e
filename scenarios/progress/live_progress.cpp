#include "scenarios/progress/live_progress.hpp"

#include <algorithm>

#include "scenarios/progress/line_progress.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kBold = "\x1b[1m";
constexpr const char* kPlain = "\x1b[0m";
constexpr const char* kClearLine = "\x1b[K";
constexpr const char* kClearBelow = "\x1b[J";

constexpr std::size_t kStepsMax = 6;
constexpr int kBarColumns = 20;
constexpr int kTextColumnsMin = 12;
constexpr int kNotesFrom = 60;  // narrower terminals have no room for elapsed times
constexpr std::chrono::milliseconds kBetweenDrawings{60};

std::string bar(int done, int all, bool unicode) {
  const int full = all > 0 ? std::clamp(done * kBarColumns / all, 0, kBarColumns) : 0;
  std::string text = unicode ? "" : "[";
  for (int i = 0; i < kBarColumns; ++i)
    text += i < full ? (unicode ? "█" : "#") : (unicode ? "░" : "-");
  return text + (unicode ? "" : "]");
}

}  // namespace

std::string LiveProgress::headline(RunTime at) const {
  const auto running = tracker_.running();
  const auto late = std::count_if(running.begin(), running.end(),
                                  [&](const RunningStep& step) { return step.late(at); });
  std::string text =
      tracker_.title() + "  " + bar(tracker_.done(), tracker_.steps(), terminal_.unicode) + "  " +
      std::to_string(tracker_.done()) + "/" + std::to_string(tracker_.steps()) + "  " +
      short_clock(tracker_.elapsed(at)) + "  " + std::to_string(running.size()) + " running";
  if (late > 0) text += ", " + std::to_string(late) + " late";
  if (tracker_.failed() > 0) text += ", " + std::to_string(tracker_.failed()) + " failed";
  return text;
}

LiveProgress::Line LiveProgress::step_line(const RunningStep& step, RunTime at) const {
  const std::string note =
      terminal_.columns >= kNotesFrom ? "  " + elapsed_text(step, at) : std::string();
  const int room = terminal_.columns - 3 - static_cast<int>(character_count(note));
  const std::string name = step_name(step.label) + "  ";
  const std::string until = step.waits_for.empty() ? "" : " until " + step.waits_for;
  // What it waits for is what a reader looks for: the sentence before it gives way.
  const int for_text =
      room - static_cast<int>(character_count(name)) - static_cast<int>(character_count(until));
  const std::string text =
      name + fitted(step.label.text, std::max(for_text, kTextColumnsMin), terminal_.unicode) +
      until;
  std::string shown = fitted(text, room, terminal_.unicode);
  // Notes stand below each other, at the right.
  const std::size_t count = character_count(shown);
  if (!note.empty() && count < static_cast<std::size_t>(room))
    shown.append(static_cast<std::size_t>(room) - count, ' ');
  return {"  " + shown + note, step.late(at) ? kYellow : ""};
}

std::vector<LiveProgress::Line> LiveProgress::picture(RunTime at) const {
  std::vector<Line> lines{{headline(at), kBold}};
  const auto running = tracker_.running();
  for (std::size_t i = 0; i < std::min(running.size(), kStepsMax); ++i)
    lines.push_back(step_line(running[i], at));
  if (running.size() > kStepsMax)
    lines.push_back({"  and " + std::to_string(running.size() - kStepsMax) + " more"});
  return lines;
}

std::string LiveProgress::painted(const Line& line) const {
  // One column stays free: some terminals wrap when the last one is written.
  const std::string text = fitted(line.text, terminal_.columns - 1, terminal_.unicode);
  return terminal_.color && *line.color != '\0' ? line.color + text + kPlain : text;
}

void LiveProgress::draw(const std::vector<Line>& kept, const std::vector<Line>& lines) {
  std::string text;
  if (drawn_lines_ > 0) text = "\x1b[" + std::to_string(drawn_lines_) + "A\r";
  for (const auto* part : {&kept, &lines})
    for (const Line& line : *part) text += painted(line) + kClearLine + "\n";
  out_ << text + kClearBelow << std::flush;
  drawn_lines_ = lines.size();
  drawn_at_ = clock_();
}

void LiveProgress::draw_soon(RunTime at) {
  if (drawn_at_ && clock_() - *drawn_at_ < kBetweenDrawings) return;
  draw({}, picture(at));
}

std::vector<LiveProgress::Line> LiveProgress::told(const std::string& mark, const std::string& text,
                                                   const std::string& reason,
                                                   const char* color) const {
  std::vector<Line> lines{{mark + " " + text, color}};
  for (const std::string& part : wrapped(printable(reason), terminal_.columns - 3))
    lines.push_back({"  " + part});
  return lines;
}

void LiveProgress::phase_started(RunTime at, const std::string& title, int steps) {
  tracker_.start_phase(at, title, steps);
  draw({}, picture(at));
}

void LiveProgress::step_started(RunTime at, const StepLabel& step) {
  tracker_.start_step(at, step);
  draw_soon(at);
}

void LiveProgress::step_waiting(RunTime at, const std::string& step, const std::string& what) {
  tracker_.wait(at, step, what);
  draw_soon(at);
}

void LiveProgress::step_done(RunTime at, const std::string& step) {
  tracker_.finish(step, true);
  draw_soon(at);
}

void LiveProgress::step_troubled(RunTime at, const std::string& step, const std::string& reason) {
  const StepLabel label = tracker_.find(step).label;
  draw(told("!", short_clock(tracker_.elapsed(at)) + " " + step_name(label) + " " + label.text,
            reason, kYellow),
       picture(at));
}

void LiveProgress::step_failed(RunTime at, const std::string& step, const std::string& reason) {
  const StepLabel label = tracker_.finish(step, false).label;
  draw(told(terminal_.unicode ? "✕" : "x",
            short_clock(tracker_.elapsed(at)) + " " + step_name(label) + " " + label.text, reason,
            kRed),
       picture(at));
}

void LiveProgress::phase_ended(RunTime at, const std::string& reason) {
  const std::string count = tracker_.title() + ": " + std::to_string(tracker_.done()) + " of " +
                            std::to_string(tracker_.steps()) + " steps in " +
                            human(at - tracker_.phase_start());
  const bool good = reason.empty();
  const std::string mark = terminal_.unicode ? (good ? "✓" : "✕") : (good ? "+" : "x");
  draw(told(mark, count, reason, good ? kGreen : kRed), {});
  drawn_at_.reset();
}

void LiveProgress::heartbeat(RunTime at) { draw_soon(at); }

}  // namespace wme::scenarios
