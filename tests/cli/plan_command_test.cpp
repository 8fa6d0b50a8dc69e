#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(PlanCommand, PrintsThePlanOnStdoutAndItsSummaryOnStderr) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, {"plan", "dehydrate", "-i", sample_inventory(folder)});
  EXPECT_EQ(ended.status, 0) << ended.err;
  const auto plan = nlohmann::json::parse(ended.out);
  EXPECT_EQ(plan["schema"], "rehydrate/plan/1");
  EXPECT_EQ(plan["steps"].size(), plan["summary"]["steps"]);
  EXPECT_THAT(ended.err, AllOf(StartsWith("Plan: dehydrate acme-aws-xs (aws, WME 11."),
                               HasSubstr("Longest way"), HasSubstr("Point of no return"),
                               HasSubstr("Taken for granted"), HasSubstr("Brought about")));
}

TEST(PlanCommand, WritesTheSamePlanIntoAFile) {
  const TemporaryFolder folder;
  const std::string inventory = sample_inventory(folder);
  const Ended printed = rehydrate(folder, {"plan", "restore", "-i", inventory, "-q"});
  const Ended written = rehydrate(folder, {"plan", "restore", "-i", inventory, "-o", "p.json"});
  EXPECT_EQ(written.status, 0);
  EXPECT_EQ(written.out, "");
  EXPECT_THAT(written.err, HasSubstr("Written to p.json. See it: rehydrate show p.json"));
  EXPECT_EQ(printed.err, "");
  EXPECT_EQ(text_of(folder.path() / "p.json"), printed.out);
  EXPECT_THAT(folder.names(), ElementsAre("inventory.yaml", "p.json"));
}

TEST(PlanCommand, EstimatesByMeasuredDurations) {
  const TemporaryFolder folder;
  const std::string inventory = sample_inventory(folder);
  folder.file("slow.yaml",
              "schema: rehydrate/durations/1\nactions: {launch-machine: {typical_s: 321.5}}\n");
  const Ended ended = rehydrate(
      folder, {"plan", "restore", "-i", inventory, "--durations", "slow.yaml", "-o", "p.json"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  auto plan = nlohmann::json::parse(text_of(folder.path() / "p.json"));
  EXPECT_EQ(step_with(plan, "launch-machine")["typical_s"], 322);
  EXPECT_EQ(step_with(plan, "initialize")["typical_s"], 600);
  EXPECT_EQ(rehydrate(folder, {"verify", "p.json", "-i", inventory}).status, 0);
}

TEST(PlanCommand, TellsMachinesWhatItWrote) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(
      folder, {"plan", "restore", "-i", sample_inventory(folder), "-o", "p.json", "--json", "-q"});
  const auto result = nlohmann::json::parse(ended.out);
  EXPECT_EQ(result["schema"], "rehydrate/planned/1");
  EXPECT_EQ(result["written"], "p.json");
  EXPECT_GT(result["steps"], 30);
  EXPECT_THAT(result["point_of_no_return"].get<std::string>(), StartsWith("s"));
  EXPECT_EQ(ended.err, "");
}

TEST(PlanCommand, LeavesAnOlderPlanAloneWhenTheInventoryIsWrong) {
  const TemporaryFolder folder;
  std::string inventory = text_of(folder.path() / sample_inventory(folder));
  inventory.replace(inventory.find("provider: aws"), 13, "provider: asw");
  folder.file("broken.yaml", inventory);
  folder.file("p.json", "the older plan");
  const Ended ended = rehydrate(folder, {"plan", "restore", "-i", "broken.yaml", "-o", "p.json"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, AllOf(StartsWith("error: broken.yaml:"), HasSubstr("did you mean 'aws'?"),
                               HasSubstr("p.json was not written.")));
  EXPECT_EQ(text_of(folder.path() / "p.json"), "the older plan");
  EXPECT_THAT(folder.names(), ElementsAre("broken.yaml", "inventory.yaml", "p.json"));
}

TEST(PlanCommand, DoesNotOverwriteItsInventory) {
  const TemporaryFolder folder;
  const std::string inventory = sample_inventory(folder);
  const std::string before = text_of(folder.path() / inventory);
  const Ended ended =
      rehydrate(folder, {"plan", "restore", "-i", inventory, "-o", "./" + inventory});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("is the inventory itself"));
  EXPECT_EQ(text_of(folder.path() / inventory), before);
}

TEST(PlanCommand, NeedsATargetForAnUpgrade) {
  const TemporaryFolder folder;
  const Ended ended =
      rehydrate(folder, {"plan", "upgrade", "-i", sample_inventory(folder), "-o", "p.json"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("inventory.yaml: installation has no 'target_version'"));
  EXPECT_THAT(folder.names(), ElementsAre("inventory.yaml"));
}

TEST(PlanCommand, PlansAnUpgradeThatHasOne) {
  const TemporaryFolder folder;
  rehydrate(folder, {"inventory", "generate", "--fleet", "XS", "--provider", "esxi", "--upgrade",
                     "-o", "i.yaml"});
  const Ended ended = rehydrate(folder, {"plan", "upgrade", "-i", "i.yaml"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("\"target_version\": \"11.8."));
}

TEST(ShowCommand, ReadsWhatPlanPrints) {
  const TemporaryFolder folder;
  const std::string plan = text_of(folder.path() / sample_plan(folder));
  const Ended from_file = rehydrate(folder, {"show", "plan.json"});
  const Ended from_stdin = rehydrate(folder, {"show", "-"}, plan);
  EXPECT_EQ(from_file.status, 0);
  EXPECT_EQ(from_file.err, "");
  EXPECT_EQ(from_stdin.out, from_file.out);
  EXPECT_THAT(from_file.out, AllOf(StartsWith("Plan: dehydrate acme-aws-xs"),
                                   HasSubstr("STEP   RUNBOOK  DOOR"), HasSubstr("A06")));
}

TEST(ShowCommand, HonoursTheWidthOfTheTerminal) {
  const TemporaryFolder folder;
  const std::string plan = sample_plan(folder);
  for (const std::size_t width : {80U, 100U, 120U}) {
    const Ended ended = rehydrate(folder, {"show", plan}, "", {{"COLUMNS", std::to_string(width)}});
    std::istringstream lines(ended.out);
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
    EXPECT_LE(widest, width);
    EXPECT_GT(widest, width - 15);
  }
}

TEST(ShowCommand, HasFormatsForOtherPrograms) {
  const TemporaryFolder folder;
  const std::string plan = sample_plan(folder);
  EXPECT_EQ(rehydrate(folder, {"show", plan, "--format", "json"}).out,
            text_of(folder.path() / plan));
  EXPECT_EQ(rehydrate(folder, {"show", plan, "--json"}).out, text_of(folder.path() / plan));
  EXPECT_THAT(rehydrate(folder, {"show", plan, "-f", "dot"}).out, StartsWith("digraph plan {"));
  EXPECT_THAT(rehydrate(folder, {"show", plan, "-f", "mermaid"}).out,
              HasSubstr("\nflowchart TD\n"));
}

TEST(ShowCommand, ShowsALargePlanTogetherUnlessToldOtherwise) {
  const TemporaryFolder folder;
  rehydrate(folder, {"inventory", "generate", "--fleet", "M", "--provider", "gcp", "-o", "i.yaml"});
  rehydrate(folder, {"plan", "dehydrate", "-i", "i.yaml", "-o", "plan.json"});
  const Ended few = rehydrate(folder, {"show", "plan.json"});
  const Ended all = rehydrate(folder, {"show", "plan.json", "--all"});
  EXPECT_THAT(few.out, HasSubstr("(--all shows each)"));
  EXPECT_LT(std::count(few.out.begin(), few.out.end(), '\n'), 100);
  EXPECT_GT(std::count(all.out.begin(), all.out.end(), '\n'), 500);
}

}  // namespace
}  // namespace wme::cli
