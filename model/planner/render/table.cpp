#include <algorithm>
#include <string>
#include <vector>

#include "model/planner/render/columns.hpp"
#include "model/planner/render/render.hpp"
#include "model/planner/render/view.hpp"

namespace wme::model {

namespace {

constexpr std::size_t kWidthMin = 60;
const std::vector<std::string> kTitles = {"STEP",         "RUNBOOK",           "DOOR",
                                          "WHAT IS DONE", "ENDS WHEN IT SEES", "AFTER"};

std::string plural(std::size_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

/// The first and the last ids of a long list; the rows below have them all.
std::string ids_text(const std::vector<std::string>& ids) {
  constexpr std::size_t kShownMax = 16;
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids.size() > kShownMax && i == kShownMax / 2) {
      text += ", ...";
      i = ids.size() - kShownMax / 2;
    }
    text += (text.empty() ? "" : ", ") + ids[i];
  }
  return text;
}

std::string size_text(const PlanSummary& summary) {
  std::string text = plural(summary.steps, "step") + ", " + plural(summary.edges, "edge") +
                     "; at most " + std::to_string(summary.width) + " at the same time; ";
  if (summary.operator_steps == 0) return text + "none by hand";
  return text + std::to_string(summary.operator_steps) + " by hand (door: operator)";
}

std::string no_return_text(const Plan& plan) {
  std::string text;
  std::vector<std::string> others;
  for (const Step& step : plan.steps) {
    if (step.irreversible.empty()) continue;
    if (text.empty())
      text = step.id + " (" + step.sentence + "): " + step.irreversible;
    else
      others.push_back(step.id);
  }
  if (text.empty()) return "none: there is a cheap way back after every step";
  return others.empty() ? text : text + ". Later ones: " + ids_text(others);
}

std::string after_text(const View& view, const ViewNode& node) {
  std::vector<std::string> ids;
  for (const ViewEdge& edge : node.after) ids.push_back(view.nodes[edge.from].id);
  return ids.empty() ? "-" : ids_text(ids);
}

/// STEP, RUNBOOK and DOOR as wide as they need; AFTER and the end of each step up to a share of the
/// rest, the sentence what is left.
std::vector<std::size_t> widths_of(const View& view, std::size_t width) {
  constexpr std::size_t kRunbookMax = 7;
  std::vector<std::size_t> needed;
  for (const std::string& title : kTitles) needed.push_back(title.size());
  for (const ViewNode& node : view.nodes) {
    const std::vector<std::string> cells = {node.id + "!*",        "", node.door, "", node.wait,
                                            after_text(view, node)};
    for (std::size_t i = 0; i < cells.size(); ++i)
      needed[i] = std::max(needed[i], columns_of(cells[i]));
  }
  const std::size_t fixed = needed[0] + kRunbookMax + needed[2] + 5 * 2;
  const std::size_t rest = std::max(width, fixed + 30) - fixed;
  const std::size_t wait = std::min(needed[4], rest * 36 / 100);
  const std::size_t after = std::min(needed[5], rest * 20 / 100);
  return {needed[0], kRunbookMax, needed[2], rest - wait - after, wait, after};
}

std::string legend(const View& view) {
  std::string text = "\n* on the longest way";
  if (std::ranges::any_of(view.nodes, &ViewNode::irreversible)) text += "   ! no cheap way back";
  if (view.grouped) text += "   s4+ stands for s4 and all steps like it (--all shows each)";
  return text + "\n";
}

}  // namespace

std::string duration_text(long seconds) {
  const auto two_digits = [](long n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600)
    return std::to_string(seconds / 60) + " min " + two_digits(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + two_digits(seconds % 3600 / 60) + " min";
}

std::string plan_heading(const Plan& plan, const PlanSummary& summary, std::size_t width) {
  width = std::max(width, kWidthMin);
  std::string text = "Plan: " + plan.procedure + " " + plan.installation + " (" + plan.provider +
                     ", WME " + plan.version +
                     (plan.target_version.empty() ? "" : " to " + plan.target_version) + ")\n\n";
  text += paragraph("  Size                ", size_text(summary), width);
  text += paragraph("  Longest way         ",
                    "about " + duration_text(summary.critical_path_s) +
                        " at typical times: " + ids_text(summary.critical_path),
                    width);
  text += paragraph("  No cheap way back   ", no_return_text(plan), width);
  const auto listing = [&](const char* title, const std::vector<std::string>& items) {
    for (std::size_t i = 0; i < items.size(); ++i)
      text += paragraph(i == 0 ? title : "                      ", items[i], width);
  };
  listing("  Taken for granted   ", plan.assumes);
  listing("  Brought about       ", plan.achieves);
  return text;
}

std::string plan_table(const Plan& plan, const PlanOrder& order, const RenderOptions& options) {
  const std::size_t width = std::max(options.width, kWidthMin);
  const View view = view_of(plan, order, options.all);
  const std::vector<std::size_t> widths = widths_of(view, width);
  std::string text = plan_heading(plan, summary_of(plan, order), width) + "\n";
  text += row(kTitles, widths);
  for (const ViewNode& node : view.nodes)
    text += row({node.id + (node.irreversible ? "!" : "") + (node.critical ? "*" : ""),
                 node.runbook, node.door, node.sentence, node.wait, after_text(view, node)},
                widths);
  return text + legend(view);
}

}  // namespace wme::model
