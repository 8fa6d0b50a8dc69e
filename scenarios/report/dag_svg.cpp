#include <algorithm>

#include "scenarios/report/dag.hpp"
#include "scenarios/report/door.hpp"
#include "scenarios/report/svg.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

constexpr double kMargin = 10;
constexpr std::size_t kLabelCharacters = 26;
constexpr std::size_t kTooltipSteps = 12;

std::string curve(const std::vector<svg::Point>& bends) {
  const auto at = [](const svg::Point& point) {
    return svg::number(point.x + kMargin) + " " + svg::number(point.y + kMargin);
  };
  std::string commands = "M" + at(bends.front());
  for (std::size_t i = 1; i < bends.size(); ++i) {
    const svg::Point& from = bends[i - 1];
    const svg::Point& to = bends[i];
    const double middle = (from.y + to.y) / 2;
    commands += from.x == to.x
                    ? "L" + at(to)
                    : "C" + at({from.x, middle}) + " " + at({to.x, middle}) + " " + at(to);
  }
  return commands;
}

std::string arrow_head(const svg::Point& tip) {
  const double x = tip.x + kMargin;
  const double y = tip.y + kMargin;
  return "M" + svg::number(x) + " " + svg::number(y) + "l-3.5 -6.5h7z";
}

std::string second_line(const Phase& phase, const StepGroup& group) {
  std::optional<TimePoint> start;
  std::optional<TimePoint> end;
  for (const std::size_t index : group.steps) {
    const ReportStep& step = phase.steps[index];
    if (!step.start) continue;
    start = start ? std::min(*start, *step.start) : *step.start;
    if (step.end) end = end ? std::max(*end, *step.end) : *step.end;
  }
  if (!start) return "not reached";
  if (!end) return "not ended";
  return (group.steps.size() > 1 ? "over " : "") + human(*end - *start);
}

std::string tooltip(const Phase& phase, const StepGroup& group) {
  std::string text = group.label;
  for (std::size_t i = 0; i < group.steps.size() && i < kTooltipSteps; ++i) {
    const ReportStep& step = phase.steps[group.steps[i]];
    text += "\n" + step.id + " " + step.text;
  }
  if (group.steps.size() > kTooltipSteps)
    text += "\n… and " + std::to_string(group.steps.size() - kTooltipSteps) + " more";
  return text;
}

std::string node(const Phase& phase, const StepGroup& group, const svg::Point& corner,
                 const NodeSize& size) {
  const double x = corner.x + kMargin;
  const double y = corner.y + kMargin;
  std::string content;
  if (group.steps.size() > 1)  // a sheet behind: this is many
    content += svg::rect({x + 4, y + 4, size.width, size.height}, "node behind", 5);
  content += svg::rect(
      {x, y, size.width, size.height},
      std::string("node") + (group.critical ? " on-chain" : "") + (group.failed ? " failed" : ""),
      5);
  content += svg::rect({x, y + 5, 4, size.height - 10}, "bar " + door_class(group.door), 2);
  content += svg::text({x + 13, y + 18}, "node-name",
                       (group.failed ? "✕ " : "") + shortened(group.label, kLabelCharacters));
  content +=
      svg::text({x + 13, y + 34}, "node-note",
                group.runbook + (group.runbook.empty() ? "" : " · ") + second_line(phase, group));
  return svg::titled(tooltip(phase, group), content);
}

}  // namespace

std::string dag_svg(const Phase& phase) {
  const GroupedDag dag = group_steps(phase);
  if (dag.cyclic)
    return "<p class=\"bad\">The steps of this phase wait for each other: there is no order to "
           "draw.</p>\n";
  GraphEdges edges;
  for (const GroupEdge& edge : dag.edges) edges.emplace_back(edge.from, edge.to);
  const NodeSize size;
  const LayeredDrawing drawing = draw_layers(dag.groups.size(), edges, size);
  std::string content;
  for (std::size_t i = 0; i < dag.edges.size(); ++i) {
    const std::string classes = dag.edges[i].critical ? "edge on-chain" : "edge";
    content += svg::titled(
        dag.groups[dag.edges[i].to].label + " after " + dag.groups[dag.edges[i].from].label +
            (dag.edges[i].because.empty() ? "" : "\nbecause " + dag.edges[i].because),
        svg::path(curve(drawing.edges[i]), classes) +
            svg::path(arrow_head(drawing.edges[i].back()), classes + " head"));
  }
  for (std::size_t i = 0; i < dag.groups.size(); ++i)
    content += node(phase, dag.groups[i], drawing.nodes[i], size);
  return svg::picture(drawing.width + 2 * kMargin + 4, drawing.height + 2 * kMargin + 4,
                      phase.title + ": what waits for what", "dag", content);
}

}  // namespace wme::scenarios
