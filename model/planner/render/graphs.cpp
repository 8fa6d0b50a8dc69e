#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/planner/render/columns.hpp"
#include "model/planner/render/render.hpp"
#include "model/planner/render/view.hpp"

namespace wme::model {

namespace {

constexpr std::size_t kLabelColumns = 34;
constexpr std::size_t kReasonColumns = 30;
constexpr std::size_t kReasonLinesMax = 3;

/// Graphviz reads entities of HTML in every label: "&amp;" would be shown as "&".
std::string escaped_dot(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c == '&' ? "&amp;" : std::string(1, c);
  }
  return made;
}

/// Mermaid knows no backslash; it takes HTML's entities with '#' for '&'. Everything that means
/// something to Mermaid, Markdown or HTML is written as its number.
std::string escaped_mermaid(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (std::string_view("\"#&<>`{}[]|;\\").find(c) == std::string_view::npos)
      made += c;
    else
      made += "#" + std::to_string(static_cast<int>(static_cast<unsigned char>(c))) + ";";
  }
  return made;
}

using Escape = std::string (*)(std::string_view);

std::string joined(const std::vector<std::string>& lines, Escape escape, const char* line_feed) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : line_feed) + escape(line);
  return text;
}

std::string label_of(const ViewNode& node, Escape escape, const char* line_feed) {
  std::vector<std::string> lines = broken(node.sentence, kLabelColumns);
  lines.insert(lines.begin(), node.id + (node.runbook.empty() ? "" : "  " + node.runbook));
  if (node.irreversible) lines.push_back("NO CHEAP WAY BACK");
  return joined(lines, escape, line_feed);
}

std::string reason_of(const ViewEdge& edge, Escape escape, const char* line_feed) {
  std::vector<std::string> lines = broken(edge.because, kReasonColumns);
  if (lines.size() > kReasonLinesMax) {
    lines.resize(kReasonLinesMax);
    lines.back() += " ...";
  }
  return joined(lines, escape, line_feed);
}

/// Nodes by door, doors in the order in which the plan first uses them.
std::vector<std::pair<std::string, std::vector<std::size_t>>> by_door(const View& view) {
  std::vector<std::pair<std::string, std::vector<std::size_t>>> doors;
  std::map<std::string, std::size_t> door_at;
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    const auto [at, is_new] = door_at.emplace(view.nodes[i].door, doors.size());
    if (is_new) doors.push_back({view.nodes[i].door, {}});
    doors[at->second].second.push_back(i);
  }
  return doors;
}

std::string title_of(const Plan& plan) { return plan.procedure + " " + plan.installation; }

std::string dot_node(const ViewNode& node, std::size_t number) {
  std::string style;
  if (node.irreversible) style += ", color=\"#b00020\", penwidth=3, peripheries=2";
  if (node.critical) style += ", fillcolor=\"#fff3cd\"";
  return "    n" + std::to_string(number) + " [label=\"" + label_of(node, escaped_dot, "\\n") +
         "\"" + style + "];\n";
}

}  // namespace

std::string plan_dot(const Plan& plan, const PlanOrder& order, const RenderOptions& options) {
  const View view = view_of(plan, order, options.all);
  std::string text = "digraph plan {\n  label=\"" + escaped_dot(title_of(plan)) +
                     "\";\n  labelloc=t;\n  rankdir=TB;\n  fontname=\"sans-serif\";\n"
                     "  node [shape=box, style=\"rounded,filled\", fillcolor=white, "
                     "fontname=\"sans-serif\", fontsize=11];\n"
                     "  edge [fontname=\"sans-serif\", fontsize=9, color=\"#666666\"];\n";
  for (const auto& [door, nodes] : by_door(view)) {
    text += "  subgraph \"cluster_" + escaped_dot(door) + "\" {\n    label=\"" + escaped_dot(door) +
            "\";\n    style=dashed;\n";
    for (const std::size_t i : nodes) text += dot_node(view.nodes[i], i);
    text += "  }\n";
  }
  for (std::size_t i = 0; i < view.nodes.size(); ++i)
    for (const ViewEdge& edge : view.nodes[i].after)
      text += "  n" + std::to_string(edge.from) + " -> n" + std::to_string(i) + " [label=\"" +
              reason_of(edge, escaped_dot, "\\n") + "\"];\n";
  return text + "}\n";
}

std::string plan_mermaid(const Plan& plan, const PlanOrder& order, const RenderOptions& options) {
  const View view = view_of(plan, order, options.all);
  std::string text = "---\ntitle: \"" + escaped_dot(title_of(plan)) + "\"\n---\nflowchart TD\n";
  std::size_t number = 0;
  for (const auto& [door, nodes] : by_door(view)) {
    text += "  subgraph door" + std::to_string(number++) + "[\"" + escaped_mermaid(door) + "\"]\n";
    for (const std::size_t i : nodes)
      text += "    n" + std::to_string(i) + "[\"" +
              label_of(view.nodes[i], escaped_mermaid, "<br/>") + "\"]\n";
    text += "  end\n";
  }
  for (std::size_t i = 0; i < view.nodes.size(); ++i)
    for (const ViewEdge& edge : view.nodes[i].after)
      text += "  n" + std::to_string(edge.from) + " -->|\"" +
              reason_of(edge, escaped_mermaid, "<br/>") + "\"| n" + std::to_string(i) + "\n";
  text += "  classDef longest fill:#fff3cd\n  classDef noreturn stroke:#b00020,stroke-width:4px\n";
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    if (view.nodes[i].critical) text += "  class n" + std::to_string(i) + " longest\n";
    if (view.nodes[i].irreversible) text += "  class n" + std::to_string(i) + " noreturn\n";
  }
  return text;
}

}  // namespace wme::model
