#include "model/planner/render/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "model/planner/render/columns.hpp"
#include "model/planner/render/view.hpp"

namespace wme::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Step step(std::string id, std::string action, std::vector<std::string> arguments,
          std::vector<Edge> after, long typical_s = 60) {
  Step made;
  made.sentence = "Do " + action + (arguments.empty() ? "" : " to " + arguments.front());
  made.wait = arguments.empty() ? "" : "state(" + arguments.front() + ") = done";
  made.id = std::move(id);
  made.action = std::move(action);
  made.arguments = std::move(arguments);
  made.runbook = "A01";
  made.door = "launchpad";
  made.typical_s = typical_s;
  made.after = std::move(after);
  return made;
}

Plan small() {
  Plan plan;
  plan.procedure = "restore";
  plan.installation = "acme";
  plan.provider = "aws";
  plan.version = "11.7.3.ee.10412p1";
  plan.assumes = {"a backup exists"};
  plan.achieves = {"WME runs", "users may log in"};
  plan.steps = {step("s1", "prepare", {}, {}, 5),
                step("s2", "park", {"c1"}, {{"s1", "ready = yes"}}),
                step("s3", "wait", {}, {{"s1", "ready = yes"}}, 10),
                step("s4", "open", {}, {{"s2", "state(c1) = done"}, {"s3", "it needs \"x\" <y>"}})};
  plan.steps[2].door = "operator";
  plan.steps[3].irreversible = "users write from now on";
  return plan;
}

/// One gate, then `count` containers that are hibernated and parked one by one, then a check.
Plan large(std::size_t count) {
  Plan plan = small();
  plan.steps = {step("s0", "gate", {}, {})};
  std::vector<Edge> all;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string c = "c" + std::to_string(i);
    plan.steps.push_back(step("h" + c, "hibernate", {c}, {{"s0", "gate = closed"}}));
    plan.steps.push_back(step("p" + c, "park", {c}, {{"h" + c, "run(" + c + ") = stopped"}}));
    all.push_back({"p" + c, "run(" + c + ") = parked"});
  }
  plan.steps.push_back(step("z", "check", {}, all));
  return plan;
}

PlanOrder order_of(const Plan& plan) { return PlanOrder::of(plan).value(); }

TEST(DurationText, IsReadAtAGlance) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(59), "59 s");
  EXPECT_EQ(duration_text(725), "12 min 05 s");
  EXPECT_EQ(duration_text(3600 + 4 * 60 + 59), "1 h 04 min");
}

TEST(PlanTable, ShowsASmallPlanStepByStep) {
  const Plan plan = small();
  EXPECT_EQ(plan_table(plan, order_of(plan), {.width = 100}),
            R"(Plan: restore acme (aws, WME 11.7.3.ee.10412p1)

  Size                4 steps, 4 edges; at most 2 at the same time; 1 by hand (door: operator)
  Longest way         about 2 min 05 s at typical times: s1, s2, s4
  No cheap way back   s4 (Do open): users write from now on
  Taken for granted   a backup exists
  Brought about       WME runs
                      users may log in

STEP  RUNBOOK  DOOR       WHAT IS DONE                                     ENDS WHEN IT SEES  AFTER
s1*   A01      launchpad  Do prepare                                                          -
s2*   A01      launchpad  Do park to c1                                    state(c1) = done   s1
s3    A01      operator   Do wait                                                             s1
s4!*  A01      launchpad  Do open                                                             s2, s3

* on the longest way   ! no cheap way back
)");
}

TEST(PlanTable, SaysWhenThereIsAWayBackFromEverywhere) {
  Plan plan = small();
  plan.steps[3].irreversible = "";
  const std::string text = plan_table(plan, order_of(plan), {});
  EXPECT_THAT(text, HasSubstr("No cheap way back   none: there is a cheap way back after every"));
  EXPECT_THAT(text, Not(HasSubstr("!")));
}

TEST(PlanTable, KeepsToTheWidth) {
  const Plan plan = large(200);
  for (const std::size_t width : {60U, 80U, 100U, 120U, 160U}) {
    std::istringstream lines(plan_table(plan, order_of(plan), {.width = width, .all = true}));
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(columns_of(line), std::max<std::size_t>(width, 71)) << line;
  }
}

TEST(PlanTable, ShowsEveryStepOfALargePlanOnDemandOnly) {
  const Plan plan = large(100);
  const std::string all = plan_table(plan, order_of(plan), {.all = true});
  for (const Step& each : plan.steps) EXPECT_THAT(all, HasSubstr("\n" + each.id));
  const std::string few = plan_table(plan, order_of(plan), {.width = 120});
  EXPECT_LT(std::count(few.begin(), few.end(), '\n'), 30);
  EXPECT_THAT(few, HasSubstr("Do park to c1 ... c100 (100 of them)"));
  EXPECT_THAT(few, HasSubstr("state(each) = done"));
  EXPECT_THAT(few, HasSubstr("s4+ stands for s4 and all steps like it (--all shows each)"));
}

TEST(ViewOf, PutsStepsAlikeTogether) {
  const Plan plan = large(100);
  const View view = view_of(plan, order_of(plan), false);
  ASSERT_EQ(view.nodes.size(), 4U);
  EXPECT_EQ(view.nodes[1].id, "hc1+");
  EXPECT_EQ(view.nodes[1].steps.size(), 100U);
  ASSERT_EQ(view.nodes[2].after.size(), 1U);
  EXPECT_EQ(view.nodes[2].after[0].from, 1U);
  EXPECT_EQ(view.nodes[2].after[0].because, "run(each) = stopped");
  ASSERT_EQ(view.nodes[3].after.size(), 1U);
  EXPECT_EQ(view.nodes[3].after[0].because, "run(each) = parked");
}

TEST(ViewOf, KeepsApartWhatDiffersInDepthOrNeighbours) {
  Plan plan = large(100);
  // Given a container that was hibernated already: its parking waits for the gate itself
  std::erase_if(plan.steps, [](const Step& each) { return each.id == "hc7"; });
  for (Step& each : plan.steps)
    if (each.id == "pc7") each.after = {{"s0", "gate = closed"}};
  const View view = view_of(plan, order_of(plan), false);
  // Then it has a row of its own
  ASSERT_EQ(view.nodes.size(), 5U);
  EXPECT_THAT(view.nodes[2].steps.size(), 99U);
  EXPECT_EQ(view.nodes[3].id, "pc7");
}

TEST(ViewOf, NeverPutsAStepBeforeOneThatItWaitsFor) {
  const Plan plan = large(150);
  const View view = view_of(plan, order_of(plan), false);
  std::set<std::size_t> seen;
  for (const ViewNode& node : view.nodes) seen.insert(node.steps.begin(), node.steps.end());
  EXPECT_EQ(seen.size(), plan.steps.size()) << "every step stands in exactly one node";
  for (std::size_t i = 0; i < view.nodes.size(); ++i)
    for (const ViewEdge& edge : view.nodes[i].after) EXPECT_LT(edge.from, i);
}

TEST(PlanDot, HasANodeForEachStepAndAnEdgeForEachReason) {
  const Plan plan = small();
  const std::string text = plan_dot(plan, order_of(plan), {});
  EXPECT_THAT(text, HasSubstr("digraph plan {\n  label=\"restore acme\";"));
  EXPECT_THAT(text, HasSubstr("subgraph \"cluster_launchpad\" {"));
  EXPECT_THAT(text, HasSubstr("subgraph \"cluster_operator\" {"));
  EXPECT_THAT(text, HasSubstr("n1 [label=\"s2  A01\\nDo park to c1\", fillcolor="));
  EXPECT_THAT(text, HasSubstr("n3 [label=\"s4  A01\\nDo open\\nNO CHEAP WAY BACK\", color="));
  EXPECT_THAT(text, HasSubstr("  n1 -> n3 [label=\"state(c1) = done\"];\n"));
  EXPECT_THAT(text, HasSubstr("  n2 -> n3 [label=\"it needs \\\"x\\\" <y>\"];\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '{'), std::count(text.begin(), text.end(), '}'));
}

TEST(PlanDot, EscapesWhateverMeansSomethingToGraphviz) {
  Plan plan = small();
  plan.steps[1].sentence = R"(A "b" \N &amp; ü)";
  const std::string text = plan_dot(plan, order_of(plan), {});
  EXPECT_THAT(text, HasSubstr(R"(\nA \"b\" \\N &amp;amp; ü")"));
}

TEST(PlanMermaid, EscapesWhateverMeansSomethingToIt) {
  const Plan plan = small();
  const std::string text = plan_mermaid(plan, order_of(plan), {});
  EXPECT_THAT(text, HasSubstr("---\ntitle: \"restore acme\"\n---\nflowchart TD\n"));
  EXPECT_THAT(text, HasSubstr("    n1[\"s2  A01<br/>Do park to c1\"]\n"));
  EXPECT_THAT(text, HasSubstr("  n2 -->|\"it needs #34;x#34; #60;y#62;\"| n3\n"));
  EXPECT_THAT(text, HasSubstr("  class n3 noreturn\n"));
  // Every label is closed on its line, and holds no quote of its own.
  const std::regex line(R"re([^"]*|[^"]*"[^"]*"[^"]*)re");
  std::istringstream lines(text);
  for (std::string each; std::getline(lines, each);)
    EXPECT_TRUE(std::regex_match(each, line)) << each;
}

TEST(PlanGraphs, ShowALargePlanTogether) {
  const Plan plan = large(100);
  EXPECT_THAT(plan_mermaid(plan, order_of(plan), {}),
              HasSubstr("n1 -->|\"run(each) = stopped\"| n2\n"));
  EXPECT_THAT(plan_dot(plan, order_of(plan), {.all = true}), HasSubstr("n201 [label=\"z  A01"));
}

}  // namespace
}  // namespace wme::model
