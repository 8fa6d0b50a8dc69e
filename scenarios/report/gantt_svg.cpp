#include <algorithm>
#include <cmath>

#include "scenarios/report/door.hpp"
#include "scenarios/report/gantt.hpp"
#include "scenarios/report/svg.hpp"
#include "scenarios/report/text.hpp"
#include "scenarios/report/time_axis.hpp"

namespace wme::scenarios {
namespace {

constexpr double kWidth = 1120;
constexpr double kLabels = 292;  // column of the rows' names
constexpr double kRight = 92;    // room for the last row's duration
constexpr double kTop = 30;
constexpr double kRow = 24;
constexpr double kBar = 14;
constexpr double kShortestBar = 3;
constexpr std::size_t kLabelCharacters = 34;

/// Maps times of one chart to x coordinates.
class Scale {
 public:
  Scale(TimePoint start, TimePoint end, double left, double right)
      : start_(start),
        span_(std::max<double>(1, static_cast<double>((end - start).count()))),
        left_(left),
        right_(right) {}
  double x(TimePoint at) const {
    const double part = static_cast<double>((at - start_).count()) / span_;
    return left_ + std::clamp(part, 0.0, 1.0) * (right_ - left_);
  }
  TimePoint start() const { return start_; }
  Duration span() const { return Duration{static_cast<long long>(span_)}; }

 private:
  TimePoint start_;
  double span_;
  double left_;
  double right_;
};

std::string axis(const Scale& scale, double top, double bottom) {
  std::string out;
  const Duration interval = tick_interval(scale.span(), 9);
  for (Duration at{0}; at <= scale.span(); at += interval) {
    const double x = scale.x(scale.start() + at);
    out += svg::line({x, top}, {x, bottom}, at == Duration::zero() ? "axis" : "grid");
    out += svg::text({x, top - 8}, "tick", tick_label(at), x > kWidth - 32 ? "end" : "middle");
  }
  return out;
}

/// The area under "how many run at a time", as tall as the bar at its peak.
std::string profile(const Phase& phase, const GanttRow& row, const Scale& scale, double top) {
  const auto levels = concurrency(phase, row.steps);
  int peak = 1;
  for (const Level& level : levels) peak = std::max(peak, level.running);
  const double bottom = top + kBar;
  std::string commands = "M" + svg::number(scale.x(row.start)) + " " + svg::number(bottom);
  for (const Level& level : levels)
    commands += "H" + svg::number(scale.x(level.from)) + "V" +
                svg::number(bottom - kBar * level.running / peak);
  return svg::path(commands + "Z", "bar " + door_class(row.door));
}

std::string tooltip(const Phase& phase, const GanttRow& row) {
  std::string text = row.label + "\n" + short_clock(row.start - phase.start) + " – " +
                     short_clock(row.end - phase.start) + " (" + human(row.end - row.start) + ")";
  if (row.steps.size() == 1) {
    const ReportStep& step = phase.steps[row.steps.front()];
    text += "\n" + step.text;
    if (!step.waited_for.empty()) text += "\nWaited for " + step.waited_for;
    if (!step.reason.empty()) text += "\n" + step.reason;
    return text;
  }
  int peak = 0;
  for (const Level& level : concurrency(phase, row.steps)) peak = std::max(peak, level.running);
  return text + "\nUp to " + std::to_string(peak) + " at a time";
}

std::string bar(const Phase& phase, const GanttRow& row, const Scale& scale, double top) {
  const double x = scale.x(row.start);
  const double width = std::max(kShortestBar, scale.x(row.end) - x);
  const std::string door = door_class(row.door);
  constexpr double kNarrow = 6;  // where a profile would be a smear
  if (row.steps.size() == 1 || width < kNarrow)
    return svg::rect({x, top, width, kBar}, "bar " + door, 2.5);
  return svg::rect({x, top, width, kBar}, "envelope " + door, 2.5) +
         profile(phase, row, scale, top);
}

std::string chart_row(const Phase& phase, const GanttRow& row, const Scale& scale, double top) {
  const double middle = top + kRow / 2;
  std::string content = svg::rect({0, top, kWidth, kRow}, "touch");  // the tooltip's reach
  content += svg::text({8, middle + 4}, "runbook", row.runbook);
  content += svg::text({46, middle + 4}, row.failed ? "label bad" : "label",
                       shortened(row.label, kLabelCharacters));
  content += bar(phase, row, scale, middle - kBar / 2);
  const double x = scale.x(row.start);
  const double end = std::max(x + kShortestBar, scale.x(row.end));
  if (row.critical)
    content += svg::line({x, middle + kBar / 2 + 2}, {end, middle + kBar / 2 + 2}, "critical");
  content += svg::text({end + 6, middle + 4}, row.failed ? "length bad" : "length",
                       (row.failed ? "✕ " : "") + human(row.end - row.start));
  return svg::titled(tooltip(phase, row), content, "r");
}

constexpr double kStripTop = 44;
constexpr double kStrip = 34;
constexpr double kPinStep = 22;

std::string strip(const Phase& phase, std::size_t index, const Scale& scale) {
  const double x = scale.x(phase.start);
  const double width = std::max(kShortestBar, scale.x(phase.end) - x);
  const std::string title = phase.title + " · " + human(phase.end - phase.start);
  std::string shape =
      svg::rect({x, kStripTop, width, kStrip}, "phase p" + std::to_string(index % 4), 4);
  // The longer of the two that fits; seven units for a character is what the page's fonts need.
  for (const std::string& name : {title, phase.title}) {
    if (width < 7.0 * static_cast<double>(character_count(name)) + 12) continue;
    shape += svg::text({x + 8, kStripTop + 21}, "phase-name", name);
    break;
  }
  return svg::titled(title + "\n" + phase.summary, shape);
}

struct Pin {
  double x = 0;
  int level = 0;
};

/// Neighbours that would cover each other step down a line.
std::vector<Pin> pins(const std::vector<Milestone>& milestones, const Scale& scale) {
  std::vector<Pin> placed;
  for (const Milestone& milestone : milestones) {
    const double x = scale.x(milestone.at);
    const bool close = !placed.empty() && x - placed.back().x < kPinStep;
    placed.push_back({x, close ? placed.back().level + 1 : 0});
  }
  return placed;
}

std::string pin_shape(const Pin& pin, std::size_t number, const std::string& text) {
  constexpr double kRadius = 9;
  const double y = kStripTop + kStrip + 20 + kPinStep * pin.level;
  const std::string label = std::to_string(number);
  return svg::titled(
      label + ": " + text,
      svg::line({pin.x, kStripTop + kStrip}, {pin.x, y - kRadius}, "pin") +
          svg::rect({pin.x - kRadius, y - kRadius, 2 * kRadius, 2 * kRadius}, "pin-head", kRadius) +
          svg::text({pin.x, y + 4}, "pin-text", label, "middle"));
}

}  // namespace

std::string gantt_svg(const Phase& phase) {
  const auto rows = gantt_rows(phase);
  const double bottom = kTop + kRow * static_cast<double>(rows.size());
  const Scale scale(phase.start, phase.end, kLabels, kWidth - kRight);
  std::string stripes;
  std::string bars;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double top = kTop + kRow * static_cast<double>(i);
    if (i % 2 == 1) stripes += svg::rect({0, top, kWidth, kRow}, "stripe");
    bars += chart_row(phase, rows[i], scale, top);
  }
  return svg::picture(kWidth, bottom + 8,
                      phase.title + ": " + std::to_string(phase.steps.size()) + " steps in " +
                          human(phase.end - phase.start) +
                          "; the table below says the same in words",
                      "gantt", stripes + axis(scale, kTop, bottom) + bars);
}

std::string overview_svg(const RehearsalReport& report) {
  if (report.phases.empty()) return "";
  const Scale scale(report.phases.front().start, report.phases.back().end, 12, kWidth - 12);
  std::string content = axis(scale, kStripTop - 14, kStripTop + kStrip + 8);
  for (std::size_t i = 0; i < report.phases.size(); ++i)
    content += strip(report.phases[i], i, scale);
  int deepest = 0;
  const std::vector<Pin> places = pins(report.milestones, scale);
  for (std::size_t i = 0; i < places.size(); ++i) {
    content += pin_shape(places[i], i + 1, report.milestones[i].text);
    deepest = std::max(deepest, places[i].level);
  }
  return svg::picture(kWidth, kStripTop + kStrip + 36 + kPinStep * deepest,
                      "The phases one after the other", "overview", content);
}

}  // namespace wme::scenarios
