#include "model/planner/render/view.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace wme::model {

namespace {

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '-' || c == '.';
}

/// Every whole word `word` of `text` replaced: the "c1" of "run(c1)", not that of "c17".
std::string with_word(std::string_view text, const std::string& word,
                      const std::string& replacement) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string_view found = text.substr(at, end - at);
    // A name at the end of a sentence has its full stop in the same run of letters.
    made += found == word ? replacement : std::string(found);
    if (end < text.size()) made += text[end++];
    at = end;
  }
  return made;
}

std::string for_each_of(const Step& step, std::string_view text) {
  return step.arguments.empty() ? std::string(text)
                                : with_word(text, step.arguments.front(), "each");
}

std::vector<std::size_t> depths(const PlanOrder& order) {
  std::vector<std::size_t> depth(order.size(), 0);
  for (const std::size_t step : order.topological())
    for (const std::size_t before : order.predecessors()[step])
      depth[step] = std::max(depth[step], depth[before] + 1);
  return depth;
}

ViewNode node_of(const Plan& plan, std::vector<std::size_t> members,
                 const std::set<std::string>& critical) {
  const Step& first = plan.steps[members.front()];
  const Step& last = plan.steps[members.back()];
  ViewNode node;
  node.id = first.id;
  node.runbook = first.runbook;
  node.door = first.door;
  node.sentence = first.sentence;
  node.wait = first.wait;
  if (members.size() > 1) {
    node.id += "+";
    const std::string all = first.arguments.front() + " ... " + last.arguments.front() + " (" +
                            std::to_string(members.size()) + " of them)";
    node.sentence = with_word(first.sentence, first.arguments.front(), all);
    node.wait = for_each_of(first, first.wait);
  }
  for (const std::size_t member : members) {
    node.critical = node.critical || critical.contains(plan.steps[member].id);
    node.irreversible = node.irreversible || !plan.steps[member].irreversible.empty();
  }
  node.steps = std::move(members);
  return node;
}

/// What makes steps alike: their action, how deep they stand, and the actions around them. (The
/// Platform and its instances stop docker at the same depth, but for different reasons.)
struct ViewKind {
  std::string action;
  std::size_t depth = 0;
  std::set<std::string> before;
  std::set<std::string> after;
  auto operator<=>(const ViewKind&) const = default;
};

std::vector<ViewKind> kinds_of(const Plan& plan, const PlanOrder& order) {
  const std::vector<std::size_t> depth = depths(order);
  std::vector<ViewKind> kinds(plan.steps.size());
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    kinds[i].action = plan.steps[i].action;
    kinds[i].depth = depth[i];
    for (const std::size_t before : order.predecessors()[i]) {
      kinds[i].before.insert(plan.steps[before].action);
      kinds[before].after.insert(plan.steps[i].action);
    }
  }
  return kinds;
}

/// Positions of steps, grouped, in the order of each group's first step.
std::vector<std::vector<std::size_t>> groups_of(const Plan& plan, const PlanOrder& order) {
  constexpr std::size_t kMembersMin = 3;  // fewer are told apart more easily than explained
  const std::vector<ViewKind> kinds = kinds_of(plan, order);
  std::map<ViewKind, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < kinds.size(); ++i) members[kinds[i]].push_back(i);
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::vector<std::size_t>& alike = members[kinds[i]];
    if (alike.size() < kMembersMin || plan.steps[i].arguments.empty())
      groups.push_back({i});
    else if (alike.front() == i)
      groups.push_back(alike);
  }
  return groups;
}

std::vector<std::vector<std::size_t>> one_by_one(const Plan& plan) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) groups.push_back({i});
  return groups;
}

/// Adds the reasons of one edge, "this; that", to those of an edge between groups.
void add_reasons(ViewEdge& edge, std::string_view reasons) {
  constexpr std::size_t kEnough = 80;
  while (!reasons.empty()) {
    const std::size_t end = std::min(reasons.find("; "), reasons.size());
    const std::string reason(reasons.substr(0, end));
    reasons.remove_prefix(std::min(end + 2, reasons.size()));
    if (("; " + edge.because + "; ").find("; " + reason + "; ") != std::string::npos) continue;
    if (edge.because.ends_with("...")) return;
    if (edge.because.size() > kEnough)
      edge.because += "; ...";
    else
      edge.because += (edge.because.empty() ? "" : "; ") + reason;
  }
}

}  // namespace

View view_of(const Plan& plan, const PlanOrder& order, bool all) {
  View view;
  view.grouped = !all && plan.steps.size() > View::kStepsShownEach;
  const PlanSummary summary = summary_of(plan, order);
  const std::set<std::string> critical(summary.critical_path.begin(), summary.critical_path.end());
  std::vector<std::size_t> node_at(plan.steps.size());
  for (std::vector<std::size_t>& members :
       view.grouped ? groups_of(plan, order) : one_by_one(plan)) {
    for (const std::size_t member : members) node_at[member] = view.nodes.size();
    view.nodes.push_back(node_of(plan, std::move(members), critical));
  }
  for (ViewNode& node : view.nodes) {
    std::map<std::size_t, ViewEdge> edges;
    for (const std::size_t member : node.steps)
      for (const Edge& edge : plan.steps[member].after) {
        const Step& before = plan.steps[order.index_of(edge.step)];
        const std::size_t from = node_at[order.index_of(edge.step)];
        ViewEdge& shown = edges.try_emplace(from, ViewEdge{from, ""}).first->second;
        std::string reason = edge.because;
        if (view.nodes[from].steps.size() > 1) reason = for_each_of(before, reason);
        if (node.steps.size() > 1) reason = for_each_of(plan.steps[member], reason);
        add_reasons(shown, reason);
      }
    for (auto& [from, edge] : edges) node.after.push_back(std::move(edge));
  }
  return view;
}

}  // namespace wme::model
