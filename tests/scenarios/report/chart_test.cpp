#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "scenarios/report/critical_chain.hpp"
#include "scenarios/report/dag.hpp"
#include "scenarios/report/gantt.hpp"
#include "tests/scenarios/report/sample_report.hpp"

namespace wme::scenarios {
namespace {

using namespace std::chrono_literals;

ReportStep step(std::string id, std::string action, Duration start, Duration end,
                std::vector<std::string> after = {}) {
  ReportStep made;
  made.id = std::move(id);
  made.action = std::move(action);
  made.start = TimePoint{start};
  made.end = TimePoint{end};
  for (std::string& one : after) made.after.push_back({std::move(one), "it is needed"});
  return made;
}

Phase phase_of(std::vector<ReportStep> steps) {
  Phase phase;
  phase.name = "test";
  for (const ReportStep& one : steps) phase.end = std::max(phase.end, one.end.value_or(phase.end));
  phase.steps = std::move(steps);
  return phase;
}

TEST(CriticalChain, FollowsWhatEndedLast) {
  const Phase phase =
      phase_of({step("a", "x", 0s, 5s), step("b", "x", 0s, 9s), step("c", "y", 9s, 12s, {"a", "b"}),
                step("d", "z", 5s, 7s, {"a"})});
  EXPECT_EQ(critical_chain(phase), (std::vector<std::size_t>{1, 2}));
}

TEST(CriticalChain, EndsEvenIfStepsWaitForEachOther) {
  const Phase phase = phase_of({step("a", "x", 0s, 5s, {"b"}), step("b", "x", 0s, 5s, {"a"})});
  EXPECT_LE(critical_chain(phase).size(), 2U);
}

TEST(CriticalChain, IsEmptyWhereNothingEnded) {
  Phase phase = phase_of({step("a", "x", 0s, 5s)});
  phase.steps[0].end.reset();
  EXPECT_TRUE(critical_chain(phase).empty());
}

TEST(GanttRows, HoldEachStartedStepOnceInOrderOfStart) {
  for (const RehearsalReport& report : {xs_report(), big_report(), failed_report()}) {
    for (const Phase& phase : report.phases) {
      std::multiset<std::size_t> shown;
      TimePoint last{};
      for (const GanttRow& row : gantt_rows(phase)) {
        shown.insert(row.steps.begin(), row.steps.end());
        EXPECT_LE(last, row.start);
        last = row.start;
      }
      std::multiset<std::size_t> started;
      for (std::size_t i = 0; i < phase.steps.size(); ++i)
        if (phase.steps[i].start) started.insert(i);
      EXPECT_EQ(shown, started) << phase.name;
    }
  }
}

TEST(GanttRows, StayFewWhenThereAreHundredsOfSteps) {
  const RehearsalReport report = big_report();
  EXPECT_GT(report.phases[0].steps.size(), 300U);
  for (const Phase& phase : report.phases) EXPECT_LT(gantt_rows(phase).size(), 35U) << phase.name;
  const auto rows = gantt_rows(report.phases[0]);
  EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](const GanttRow& row) {
    return row.label == "Passivate container ×210" && row.runbook == "A06";
  }));
}

TEST(GanttRows, ShowEachStepWhereThereIsRoom) {
  const auto rows = gantt_rows(xs_report().phases[0]);
  EXPECT_EQ(rows.size(), xs_report().phases[0].steps.size());
}

TEST(Concurrency, CountsWhatRunsAtATime) {
  const Phase phase =
      phase_of({step("a", "x", 0s, 4s), step("b", "x", 2s, 6s), step("c", "x", 4s, 6s)});
  const auto levels = concurrency(phase, {0, 1, 2});
  ASSERT_EQ(levels.size(), 3U);  // at 4 s one ends where another starts
  EXPECT_EQ(levels[0].running, 1);
  EXPECT_EQ(levels[1].running, 2);
  EXPECT_EQ(levels[2].from, TimePoint{6s});
  EXPECT_EQ(levels[2].running, 0);
}

TEST(ImpliedEdges, AreLeftOutAndNoOthers) {
  const GraphEdges kept = without_implied_edges(4, {{0, 1}, {1, 2}, {0, 2}, {0, 3}, {2, 3}});
  EXPECT_EQ(kept, (GraphEdges{{0, 1}, {1, 2}, {2, 3}}));
}

TEST(GroupedDag, MakesOneNodeOfManyAlikeAndKeepsTheOrder) {
  const Phase phase = big_report().phases[0];
  const GroupedDag dag = group_steps(phase);
  EXPECT_LT(dag.groups.size(), 20U);
  const auto index_of = [&](const std::string& label) {
    for (std::size_t i = 0; i < dag.groups.size(); ++i)
      if (dag.groups[i].label == label) return i;
    ADD_FAILURE() << "no node " << label;
    return std::size_t{0};
  };
  const std::size_t stop = index_of("Stop instance ×4");
  const std::size_t park = index_of("Passivate container ×210");
  EXPECT_EQ(std::count_if(dag.edges.begin(), dag.edges.end(),
                          [&](const GroupEdge& e) { return e.from == stop && e.to == park; }),
            1);
}

TEST(GroupedDag, KeepsNodesApartThatWouldWaitForEachOther) {
  // Given x before y before x again, for two machines, and no room for single steps
  const Phase phase = phase_of({step("a", "x", 0s, 1s), step("b", "y", 1s, 2s, {"a"}),
                                step("c", "x", 2s, 3s, {"b"}), step("d", "x", 0s, 1s)});
  const GroupedDag dag = group_steps(phase, 0);
  ASSERT_EQ(dag.groups.size(), 3U);
  EXPECT_EQ(dag.groups[0].steps, (std::vector<std::size_t>{0, 3}));
  EXPECT_EQ(dag.edges.size(), 2U);
}

TEST(GroupedDag, SaysThatACycleCannotBeDrawn) {
  const Phase phase = phase_of({step("a", "x", 0s, 1s, {"b"}), step("b", "y", 0s, 1s, {"a"})});
  EXPECT_TRUE(group_steps(phase).cyclic);
  EXPECT_NE(dag_svg(phase).find("wait for each other"), std::string::npos);
}

/// Any acyclic graph: edges lead from lower to higher numbers.
GraphEdges any_edges(std::size_t nodes) {
  std::set<std::pair<std::size_t, std::size_t>> edges;
  const auto pairs = *rc::gen::container<std::vector<std::pair<unsigned, unsigned>>>(
      rc::gen::arbitrary<std::pair<unsigned, unsigned>>());
  for (const auto& [a, b] : pairs) {
    const std::size_t from = a % nodes;
    const std::size_t to = b % nodes;
    if (from != to) edges.emplace(std::min(from, to), std::max(from, to));
  }
  return {edges.begin(), edges.end()};
}

RC_GTEST_PROP(Layers, DrawEdgesDownwardsAndNodesApart, ()) {
  const auto nodes = static_cast<std::size_t>(*rc::gen::inRange(1, 30));
  const GraphEdges edges = any_edges(nodes);
  const NodeSize size;
  const LayeredDrawing drawing = draw_layers(nodes, edges, size);
  RC_ASSERT(drawing.nodes.size() == nodes);
  RC_ASSERT(drawing.edges.size() == edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    RC_ASSERT(drawing.nodes[edges[i].first].y < drawing.nodes[edges[i].second].y);
    const svg::Point from = drawing.edges[i].front();
    RC_ASSERT(std::abs(from.x - drawing.nodes[edges[i].first].x - size.width / 2) < 1e-6);
  }
  for (std::size_t a = 0; a < nodes; ++a) {
    RC_ASSERT(drawing.nodes[a].x > -1e-6);
    RC_ASSERT(drawing.nodes[a].x + size.width < drawing.width + 1e-6);
    for (std::size_t b = a + 1; b < nodes; ++b)
      RC_ASSERT(drawing.nodes[a].y != drawing.nodes[b].y ||
                std::abs(drawing.nodes[a].x - drawing.nodes[b].x) > size.width + size.gap_x - 1e-6);
  }
}

RC_GTEST_PROP(GroupedDag, IsAcyclicAndKeepsEveryOrder, ()) {
  const auto nodes = static_cast<std::size_t>(*rc::gen::inRange(1, 24));
  const GraphEdges edges = any_edges(nodes);
  std::vector<ReportStep> steps;
  for (std::size_t i = 0; i < nodes; ++i)
    steps.push_back(
        step("s" + std::to_string(i), *rc::gen::element<std::string>("x", "y", "z"), 0s, 1s));
  for (const auto& [from, to] : edges) steps[to].after.push_back({"s" + std::to_string(from), ""});
  const GroupedDag dag = group_steps(phase_of(steps), 0);
  GraphEdges between;
  for (const GroupEdge& edge : dag.edges) between.emplace_back(edge.from, edge.to);
  RC_ASSERT(!dag.cyclic);
  RC_ASSERT(is_acyclic(dag.groups.size(), between));
  std::vector<std::size_t> group_of(nodes);
  for (std::size_t g = 0; g < dag.groups.size(); ++g)
    for (const std::size_t one : dag.groups[g].steps) group_of[one] = g;
  const LayeredDrawing drawing = draw_layers(dag.groups.size(), between);
  for (const auto& [from, to] : edges)
    RC_ASSERT(group_of[from] == group_of[to] ||
              drawing.nodes[group_of[from]].y < drawing.nodes[group_of[to]].y);
}

}  // namespace
}  // namespace wme::scenarios
