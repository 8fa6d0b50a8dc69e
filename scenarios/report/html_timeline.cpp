#include <algorithm>

#include "scenarios/report/critical_chain.hpp"
#include "scenarios/report/dag.hpp"
#include "scenarios/report/door.hpp"
#include "scenarios/report/gantt.hpp"
#include "scenarios/report/html_parts.hpp"
#include "scenarios/report/prediction.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios::html {
namespace {

constexpr std::size_t kChainRows = 40;

std::string legend(const Phase& phase) {
  std::string items;
  for (const std::string& door : doors_of(phase))
    items += "<span class=\"key\"><i class=\"" + door_class(door) + "\"></i>" +
             escaped(door_title(door)) + "</span>";
  items += "<span class=\"key\"><i class=\"chain\"></i>decided the length</span>";
  return element("div", "legend", items);
}

std::string after_text(const ReportStep& step) {
  std::string text;
  for (const Dependency& dependency : step.after)
    text += (text.empty() ? "" : ", ") + dependency.step;
  return text;
}

Table::Row step_row(const Phase& phase, const ReportStep& step) {
  std::string told = escaped(step.text.empty() ? name_of(step) : step.text);
  if (!step.waited_for.empty()) told += element("div", "note", "until " + escaped(step.waited_for));
  const bool broken = step.status == StepStatus::kFailed || step.status == StepStatus::kRefused;
  if (!step.reason.empty())
    told += element("div", broken ? "note bad" : "note", escaped(step.reason));
  const bool problem = broken || step.status == StepStatus::kNotReached;
  return {{escaped(step.id), escaped(step.runbook), told, escaped(door_title(step.door)),
           step.start ? short_clock(*step.start - phase.start) : "–",
           step.start && step.end ? human(*step.end - *step.start) : "–",
           step.retries == 0 ? "" : std::to_string(step.retries), escaped(after_text(step)),
           status_badge(step.status)},
          problem};
}

std::string step_table(const Phase& phase, const std::string& number) {
  Table steps{"steps-" + number,
              {"Step", "Runbook", "What", "Through", "At", "Took", "Retries", "After", "Status"},
              {"mono", "mono", "wide", "", "num", "num", "num", "mono after", ""},
              {},
              true,
              true};
  for (const ReportStep& step : phase.steps) steps.rows.push_back(step_row(phase, step));
  return table(steps);
}

std::string meter(double part) {
  return "<span class=\"meter\"><i style=\"width:" + fixed(std::clamp(part, 0.0, 1.0) * 100, 1) +
         "%\"></i></span>";
}

std::string chain_table(const Phase& phase, const std::string& number) {
  const auto chain = critical_chain(phase);
  const auto length =
      static_cast<double>(std::max<long long>(1, (phase.end - phase.start).count()));
  Table rows{"chain-" + number,
             {"Runbook", "Step", "At", "Took", "Share of the phase"},
             {"mono", "wide", "num", "num", "share"},
             {}};
  // Steps that took no time decide nothing that a reader could shorten.
  for (const std::size_t index : chain) {
    const ReportStep& step = phase.steps[index];
    if (!step.start || *step.end == *step.start || rows.rows.size() >= kChainRows) continue;
    const Duration took = *step.end - *step.start;
    const double part = static_cast<double>(took.count()) / length;
    rows.rows.push_back(
        {{escaped(step.runbook), escaped(name_of(step)), short_clock(*step.start - phase.start),
          human(took), meter(part) + fixed(part * 100, part < 0.1 ? 1 : 0) + " %"}});
  }
  return table(rows);
}

/// What was expected of each action, beside what came of it.
std::string prediction_table(const Phase& phase, const std::string& number) {
  Table rows{"predicted-" + number,
             {"Action", "Steps", "Predicted", "Actual, P50", "Ratio"},
             {"mono wide", "num", "num", "num", "num"},
             {}};
  const auto row = [&](const std::string& name, std::size_t steps, Duration predicted,
                       Duration actual) {
    rows.rows.push_back(
        {{escaped(name), grouped(static_cast<long long>(steps)), human(predicted), human(actual),
          predicted.count() == 0
              ? "–"
              : fixed(static_cast<double>(actual.count()) / static_cast<double>(predicted.count()),
                      2)}});
  };
  const std::vector<ActionPrediction> all = predictions(phase);
  for (const ActionPrediction& each : all)
    row(each.action, each.steps, each.predicted, each.actual);
  if (all.empty()) return "";
  if (const auto length = predicted_length(phase))
    row("the whole phase", phase.steps.size(), *length, phase.end - phase.start);
  return folded("Predicted against actual", table(rows));
}

std::string not_started(const Phase& phase) {
  const auto count = std::count_if(phase.steps.begin(), phase.steps.end(),
                                   [](const ReportStep& step) { return !step.start; });
  if (count == 0) return "";
  return element("p", "lead",
                 std::to_string(count) + (count == 1 ? " step" : " steps") +
                     " of this phase never started and have no bar; the table lists them.");
}

std::string phase_heading(const Phase& phase) {
  return "<h3>" + escaped(phase.title) + " <small>" + clock_time(phase.start) + " – " +
         clock_time(phase.end) + " · " + human(phase.end - phase.start) + " · " +
         grouped(static_cast<long long>(phase.steps.size())) +
         (phase.steps.size() == 1 ? " step" : " steps") + "</small></h3>" +
         (phase.summary.empty() ? "" : element("p", "lead", escaped(phase.summary)));
}

std::string milestone_list(const RehearsalReport& report) {
  std::string items;
  for (const Milestone& milestone : report.milestones)
    items +=
        "<li><time>" + clock_time(milestone.at) + "</time> " + escaped(milestone.text) + "</li>";
  return items.empty() ? "" : "<ol class=\"milestones\">" + items + "</ol>";
}

}  // namespace

std::string timeline(const RehearsalReport& report) {
  std::string content = scrolling(overview_svg(report)) + milestone_list(report);
  int count = 0;
  for (const Phase& phase : report.phases) {
    const std::string number = std::to_string(++count);  // identifiers must not hold foreign text
    content += "<article class=\"phase\">" + phase_heading(phase) + legend(phase) +
               scrolling(gantt_svg(phase)) + not_started(phase);
    content += folded("What decided its length", chain_table(phase, number));
    content += folded("All " + grouped(static_cast<long long>(phase.steps.size())) + " steps",
                      step_table(phase, number));
    content += prediction_table(phase, number);
    content += "</article>\n";
  }
  return section("timeline", "Timeline",
                 "All times are " + std::string(to_string(report.origin)) +
                     ", in UTC. A bar is one step, or all steps of one action; inside of those the "
                     "height shows how many ran at a time.",
                 content);
}

std::string order(const RehearsalReport& report) {
  std::string content;
  const auto has_order = [](const Phase& phase) {
    return std::any_of(phase.steps.begin(), phase.steps.end(),
                       [](const ReportStep& step) { return !step.after.empty(); });
  };
  for (const Phase& phase : report.phases)
    if (has_order(phase))
      content += folded(phase.title, legend(phase) + scrolling(dag_svg(phase)), true);
  return section("order", "What waits for what",
                 "An arrow stands where a guard of the lower step needs the effect of the upper "
                 "one; implied arrows are left out. Steps of one action share a box.",
                 content);
}

}  // namespace wme::scenarios::html
