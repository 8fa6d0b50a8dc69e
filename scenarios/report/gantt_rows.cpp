#include <algorithm>
#include <map>
#include <set>

#include "scenarios/report/critical_chain.hpp"
#include "scenarios/report/gantt.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

constexpr std::size_t kShareARowFrom = 3;

/// A step without an end ran until the phase ended.
TimePoint end_of(const Phase& phase, const ReportStep& step) {
  return step.end.value_or(phase.end);
}

std::map<std::string, std::size_t> count_by_action(const Phase& phase) {
  std::map<std::string, std::size_t> counts;
  for (const ReportStep& step : phase.steps) counts[step.action] += step.start ? 1U : 0U;
  return counts;
}

void add_step(GanttRow& row, const Phase& phase, std::size_t index, bool critical) {
  const ReportStep& step = phase.steps[index];
  row.start = row.steps.empty() ? *step.start : std::min(row.start, *step.start);
  row.end = row.steps.empty() ? end_of(phase, step) : std::max(row.end, end_of(phase, step));
  row.steps.push_back(index);
  row.critical = row.critical || critical;
  row.failed =
      row.failed || step.status == StepStatus::kFailed || step.status == StepStatus::kRefused;
}

}  // namespace

std::vector<GanttRow> gantt_rows(const Phase& phase, std::size_t rows_max) {
  const auto counts = count_by_action(phase);
  const auto chain = critical_chain(phase);
  const std::set<std::size_t> critical(chain.begin(), chain.end());
  std::vector<GanttRow> rows;
  std::map<std::string, std::size_t> shared;  // action → its row
  for (std::size_t i = 0; i < phase.steps.size(); ++i) {
    const ReportStep& step = phase.steps[i];
    if (!step.start) continue;
    const std::size_t siblings = counts.at(step.action);
    const bool shares = phase.steps.size() > rows_max && siblings >= kShareARowFrom;
    const auto found = shares ? shared.find(step.action) : shared.end();
    if (found == shared.end()) {
      if (shares) shared[step.action] = rows.size();
      rows.emplace_back();
      rows.back().label =
          shares ? sentence_case(step.action) + " ×" + std::to_string(siblings) : name_of(step);
      rows.back().runbook = step.runbook;
      rows.back().door = step.door;
    }
    add_step(found == shared.end() ? rows.back() : rows[found->second], phase, i,
             critical.contains(i));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const GanttRow& a, const GanttRow& b) {
    return std::pair(a.start, a.end) < std::pair(b.start, b.end);
  });
  return rows;
}

std::vector<Level> concurrency(const Phase& phase, const std::vector<std::size_t>& steps) {
  std::map<TimePoint, int> changes;
  for (const std::size_t index : steps) {
    ++changes[*phase.steps[index].start];
    --changes[end_of(phase, phase.steps[index])];
  }
  std::vector<Level> levels;
  int running = 0;
  for (const auto& [at, change] : changes) {
    running += change;
    if (change != 0) levels.push_back({at, running});
  }
  return levels;
}

}  // namespace wme::scenarios
