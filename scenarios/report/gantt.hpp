#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// One line of the chart: a step, or all steps of one action.
struct GanttRow {
  std::string label;  ///< "Passivate container c17", "Passivate container ×480"
  std::string runbook;
  std::string door;
  std::vector<std::size_t> steps;  ///< indices into the phase's steps, all of them started
  TimePoint start{};
  TimePoint end{};
  bool critical = false;  ///< holds a step of the critical chain
  bool failed = false;
};

/// Rows in order of their start. Steps of one action share a row when the phase has more than
/// `rows_max` steps and there are at least three of them. Steps that never started have no row.
std::vector<GanttRow> gantt_rows(const Phase& phase, std::size_t rows_max = 40);

/// How many steps run at a time: the count from each moment on, until the next. In order of time.
struct Level {
  TimePoint from{};
  int running = 0;
};
std::vector<Level> concurrency(const Phase& phase, const std::vector<std::size_t>& steps);

/// The chart of one phase, and the strip that shows all phases after each other.
std::string gantt_svg(const Phase& phase);
std::string overview_svg(const RehearsalReport& report);

}  // namespace wme::scenarios
