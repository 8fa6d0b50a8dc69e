#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// Writes "changed.json": the snapshot waits for the first parked container only. Gives the trace
/// of INV-05 that `verify` writes of it.
std::string trace_of_early_snapshot(const TemporaryFolder& folder) {
  const std::string early = changed_plan(folder, [](json& plan) {
    const json parked = step_with(plan, "passivate-container")["id"];
    for (json& step : plan["steps"])
      if (step["action"] == "take-snapshot")
        step["after"] = json::array({{{"step", parked}, {"because", "one is enough"}}});
  });
  const Ended ended = rehydrate_plan(folder, "verify", early, {"--traces", "traces"});
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("rehydrate replay traces/1-"));
  for (int number = 1; number < 20; ++number) {
    const std::string name = "traces/" + std::to_string(number) + "-INV-05.trace.json";
    if (std::filesystem::exists(folder.path() / name)) return name;
  }
  ADD_FAILURE() << "no trace of INV-05: " << ended.out;
  return "";
}

Ended replay(const TemporaryFolder& folder, const std::string& trace,
             std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"--plan", "changed.json"});
  return rehydrate_plan(folder, "replay", trace, more);
}

TEST(ReplayCommand, EndsInTheSameViolationOnTheSimulators) {
  const TemporaryFolder folder;
  const std::string trace = trace_of_early_snapshot(folder);
  const Ended ended = replay(folder, trace);
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, AllOf(StartsWith("REPRODUCED  take-snapshot"), HasSubstr("→ passivated"),
                               HasSubstr("> launchpad: "), HasSubstr("model       reproduced"),
                               HasSubstr("simulators  reproduced: recorded by the simulators: "
                                         "ec2 CreateSnapshot"),
                               HasSubstr("breaks INV-05")));
  EXPECT_THAT(ended.out, testing::Not(HasSubstr("differs")));
  const json report = json::parse(replay(folder, trace, {"--json"}).out);
  EXPECT_EQ(report["schema"], "rehydrate/replay/1");
  EXPECT_EQ(report["reproduced"], true);
  EXPECT_EQ(report["simulators"]["reproduced"], true);
  EXPECT_EQ(report["events"].back()["simulators"]["door"], "cloud");
}

TEST(ReplayCommand, AsksTheModelAlone) {
  const TemporaryFolder folder;
  const Ended ended = replay(folder, trace_of_early_snapshot(folder), {"--model-only"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, testing::Not(HasSubstr("simulators")));
}

TEST(ReplayCommand, RefusesATraceWithAChangedEvent) {
  const TemporaryFolder folder;
  json trace = json::parse(text_of(folder.path() / trace_of_early_snapshot(folder)));
  trace["events"][0]["arguments"][0] = "qa-1";
  folder.file("changed-trace.json", trace.dump());
  const Ended ended = replay(folder, "changed-trace.json");
  EXPECT_EQ(ended.status, 2) << ended.out;
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, AllOf(HasSubstr("changed-trace.json: /events/0: step s"),
                               HasSubstr("not 'check-health qa-1'")));
}

TEST(ReplayCommand, RefusesTheTraceOfAnotherPlan) {
  const TemporaryFolder folder;
  const std::string trace = trace_of_early_snapshot(folder);
  const Ended ended =
      rehydrate(folder, {"replay", trace, "--plan", "plan.json", "-i", "inventory.yaml"});
  EXPECT_EQ(ended.status, 2) << ended.out;
  EXPECT_THAT(ended.err, HasSubstr("/plan/content_sha256: the trace is of another plan"));
}

TEST(ReplayCommand, SaysWhenATraceEndsInNothing) {
  const TemporaryFolder folder;
  json trace = json::parse(text_of(folder.path() / trace_of_early_snapshot(folder)));
  trace["events"].erase(trace["events"].size() - 1);
  folder.file("cut.json", trace.dump());
  const Ended ended = replay(folder, "cut.json", {"--in-process"});
  EXPECT_EQ(ended.status, 1) << ended.out;
  EXPECT_THAT(ended.out, AllOf(StartsWith("NOT REPRODUCED"), HasSubstr("model       not")));
}

}  // namespace
}  // namespace wme::cli
