#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "scenarios/report/critical_chain.hpp"
#include "scenarios/report/dag.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

using Group = std::size_t;

GraphEdges step_edges(const Phase& phase) {
  std::map<std::string_view, std::size_t> by_id;
  for (std::size_t i = 0; i < phase.steps.size(); ++i) by_id.emplace(phase.steps[i].id, i);
  GraphEdges edges;
  for (std::size_t i = 0; i < phase.steps.size(); ++i)
    for (const Dependency& dependency : phase.steps[i].after)
      if (const auto found = by_id.find(dependency.step); found != by_id.end())
        edges.emplace_back(found->second, i);
  return edges;
}

/// How often the action changes on the way to each step, on the way where it changes most. Along an
/// edge it never falls, and it rises where the action changes: so steps of one action and one level
/// can be one node without a cycle, even if they follow each other.
std::vector<std::size_t> levels(const Phase& phase, const GraphEdges& edges) {
  std::vector<std::size_t> level(phase.steps.size(), 0);
  bool changed = true;
  while (changed) {  // ends: the edges are acyclic
    changed = false;
    for (const auto& [from, to] : edges) {
      const std::size_t least =
          level[from] + (phase.steps[from].action == phase.steps[to].action ? 0U : 1U);
      if (level[to] >= least) continue;
      level[to] = least;
      changed = true;
    }
  }
  return level;
}

GraphEdges group_edges(const std::vector<Group>& group_of, const GraphEdges& edges) {
  std::set<std::pair<std::size_t, std::size_t>> distinct;
  for (const auto& [from, to] : edges)
    if (group_of[from] != group_of[to]) distinct.emplace(group_of[from], group_of[to]);
  return {distinct.begin(), distinct.end()};
}

/// Numbers the groups in the order of their first steps, without gaps.
std::size_t renumber(std::vector<Group>& group_of) {
  std::map<Group, Group> numbers;
  for (Group& group : group_of) group = numbers.emplace(group, numbers.size()).first->second;
  return numbers.size();
}

std::vector<Group> single_steps(std::size_t count) {
  std::vector<Group> group_of(count);
  for (std::size_t i = 0; i < count; ++i) group_of[i] = i;
  return group_of;
}

/// Steps of one action on one level, then also those on different levels where that makes no cycle.
std::vector<Group> by_action(const Phase& phase, const GraphEdges& edges) {
  const std::vector<std::size_t> level = levels(phase, edges);
  using Key = std::pair<std::string_view, std::size_t>;
  std::map<Key, Group> numbers;
  std::vector<Group> group_of;
  for (std::size_t i = 0; i < phase.steps.size(); ++i)
    group_of.push_back(
        numbers.emplace(Key(phase.steps[i].action, level[i]), numbers.size()).first->second);
  const std::size_t count = numbers.size();
  std::map<std::string_view, Group> merged;
  for (const auto& [key, group] : numbers) {
    const auto [first, is_new] = merged.emplace(key.first, group);
    if (is_new) continue;
    std::vector<Group> attempt = group_of;
    std::replace(attempt.begin(), attempt.end(), group, first->second);
    if (is_acyclic(count, group_edges(attempt, edges)))
      group_of = std::move(attempt);
    else
      first->second = group;
  }
  return group_of;
}

std::vector<StepGroup> describe(const Phase& phase, const std::vector<Group>& group_of,
                                std::size_t count) {
  const auto chain = critical_chain(phase);
  const std::set<std::size_t> critical(chain.begin(), chain.end());
  std::vector<StepGroup> groups(count);
  for (std::size_t i = 0; i < phase.steps.size(); ++i) {
    const ReportStep& step = phase.steps[i];
    StepGroup& group = groups[group_of[i]];
    group.steps.push_back(i);
    if (group.runbook.find(step.runbook) == std::string::npos)
      group.runbook += (group.runbook.empty() ? "" : ", ") + step.runbook;
    group.door = step.door;
    group.critical = group.critical || critical.contains(i);
    group.failed =
        group.failed || step.status == StepStatus::kFailed || step.status == StepStatus::kRefused;
    group.label = group.steps.size() == 1
                      ? name_of(step)
                      : sentence_case(step.action) + " ×" + std::to_string(group.steps.size());
  }
  return groups;
}

std::vector<GroupEdge> describe_edges(const Phase& phase, const std::vector<Group>& group_of,
                                      const GraphEdges& edges, std::size_t count) {
  const auto chain = critical_chain(phase);
  std::set<std::pair<Group, Group>> critical;
  for (std::size_t i = 1; i < chain.size(); ++i)
    critical.emplace(group_of[chain[i - 1]], group_of[chain[i]]);
  std::map<std::pair<Group, Group>, std::string> because;
  for (const auto& [from, to] : edges)
    for (const Dependency& dependency : phase.steps[to].after)
      if (dependency.step == phase.steps[from].id)
        because.emplace(std::pair(group_of[from], group_of[to]), dependency.because);
  std::vector<GroupEdge> described;
  for (const auto& [from, to] : without_implied_edges(count, group_edges(group_of, edges)))
    described.push_back({from, to, because[{from, to}], critical.contains({from, to})});
  return described;
}

}  // namespace

GroupedDag group_steps(const Phase& phase, std::size_t nodes_max) {
  const GraphEdges edges = step_edges(phase);
  GroupedDag dag;
  dag.cyclic = !is_acyclic(phase.steps.size(), edges);
  if (dag.cyclic) return dag;
  std::vector<Group> group_of =
      phase.steps.size() > nodes_max ? by_action(phase, edges) : single_steps(phase.steps.size());
  const std::size_t count = renumber(group_of);
  dag.groups = describe(phase, group_of, count);
  dag.edges = describe_edges(phase, group_of, edges, count);
  return dag;
}

}  // namespace wme::scenarios
