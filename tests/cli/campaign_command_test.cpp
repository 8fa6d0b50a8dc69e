#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Ended campaign(const TemporaryFolder& folder, const std::vector<std::string>& more,
               std::map<std::string, std::string> environment = {}) {
  std::vector<std::string> words = {"campaign", "--procedure", "restore", "--inventory",
                                    "inventory.yaml"};
  words.insert(words.end(), more.begin(), more.end());
  return rehydrate(folder, words, {}, std::move(environment));
}

TEST(CampaignCommand, SaysInOneLineWhetherItHolds) {
  const TemporaryFolder folder;
  sample_inventory(folder);
  const Ended ended = campaign(folder, {"--runs", "30", "--junit", "junit.xml"});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out,
              AllOf(StartsWith("HOLDS  restore of acme-aws-xs (aws, "), HasSubstr("30 runs, "),
                    HasSubstr("P95 "), HasSubstr("(simulated, "), HasSubstr("  never     "),
                    HasSubstr("campaign/campaign.json"), HasSubstr("campaign/campaign.html")));
  EXPECT_THAT(text_of(folder.path() / "campaign/campaign.html"),
              AllOf(HasSubstr("<strong>HOLDS</strong>"), HasSubstr("30 runs, ")));
  EXPECT_THAT(text_of(folder.path() / "junit.xml"), HasSubstr("failures=\"0\""));
  EXPECT_EQ(json::parse(text_of(folder.path() / "campaign/campaign.json"))["verdict"], "holds");
}

TEST(CampaignCommand, HoldsNoRunWhenItsResultCannotBeKept) {
  const TemporaryFolder folder;
  sample_inventory(folder);
  folder.file("taken", "no folder");
  const Ended ended = campaign(folder, {"--runs", "30", "--report", "taken/out"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("taken/out: cannot be made"), HasSubstr("--report"),
                               ::testing::Not(HasSubstr("of 30 runs"))));
}

TEST(CampaignCommand, MergesShardsIntoTheWhole) {
  const TemporaryFolder folder;
  sample_inventory(folder);
  const std::vector<std::string> common = {"--runs", "41", "-q"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), common.begin(), common.end());
    return more;
  };
  ASSERT_EQ(campaign(folder, with({"--threads", "1"})).status, 0);
  ASSERT_EQ(campaign(folder, with({"--shard", "1/3"})).status, 0);
  ASSERT_EQ(campaign(folder, with({}), {{"CI_NODE_INDEX", "2"}, {"CI_NODE_TOTAL", "3"}}).status, 0);
  ASSERT_EQ(campaign(folder, with({"--shard", "/3"}), {{"JOB_COMPLETION_INDEX", "2"}}).status, 0);
  const Ended merged = rehydrate(
      folder, {"merge", "campaign/campaign-3-of-3.json", "campaign/campaign-1-of-3.json",
               "campaign/campaign-2-of-3.json", "-o", "whole.json", "--html", "whole.html"});
  EXPECT_EQ(merged.status, 0) << merged.err;
  EXPECT_THAT(merged.out, StartsWith("HOLDS  restore"));
  EXPECT_EQ(text_of(folder.path() / "whole.json"),
            text_of(folder.path() / "campaign/campaign.json"));
  EXPECT_EQ(text_of(folder.path() / "whole.html"),
            text_of(folder.path() / "campaign/campaign.html"));
  EXPECT_THAT(text_of(folder.path() / "campaign/campaign-2-of-3.html"), HasSubstr("part 2 of 3"));
  const Ended partial =
      rehydrate(folder, {"merge", "campaign/campaign-1-of-3.json", "-o", "partial.json"});
  EXPECT_EQ(partial.status, 2);
  EXPECT_THAT(partial.err, HasSubstr("of 3 parts these are missing: 2, 3"));
}

TEST(CampaignCommand, ShowsEachFailureWithItsReplay) {
  const TemporaryFolder folder;
  sample_inventory(folder);
  ASSERT_EQ(campaign(folder, {"--runs", "5", "-q"}).status, 0);
  json failed = json::parse(text_of(folder.path() / "campaign/campaign.json"));
  failed["failed"] = 1;
  failed["breaches"]["rules"] = 1;
  failed["failures"] = json::parse(
      R"([{"run": 4, "end": "goal", "replay": "", "breaches": [{"property": "rules", "text": "INV-05 was broken"}],
           "schedule": [{"fault": "answer-lost", "action": "launch-machine", "occurrence": 2, "away_s": 0}]}])");
  failed["failures"][0]["replay"] = "x";
  folder.file("failed.json", failed.dump());
  const Ended ended = rehydrate(folder, {"merge", "failed.json", "--html", "failed.html"});
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_THAT(ended.out,
              AllOf(StartsWith("FAILED  restore"),
                    HasSubstr("run 4: answer-lost at the 2nd launch-machine"),
                    HasSubstr("rehydrate campaign --procedure restore --inventory inventory.yaml "
                              "--seed 1 --run 4\n")));
  EXPECT_THAT(text_of(folder.path() / "failed.html"),
              AllOf(HasSubstr("<strong>FAILED</strong>"), HasSubstr("--seed 1 --run 4</code>")));
  const Ended replayed = campaign(folder, {"--seed", "1", "--run", "4"});
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_THAT(replayed.out, StartsWith("HOLDS  run 4"));
  EXPECT_THAT(replayed.err, HasSubstr("run 4: "));
}

TEST(CampaignCommand, RefusesWhatItCannotHold) {
  const TemporaryFolder folder;
  sample_inventory(folder);
  const Ended neither = rehydrate(folder, {"campaign"});
  EXPECT_EQ(neither.status, 2);
  EXPECT_THAT(neither.err, HasSubstr("rehydrate campaign dr-aws"));
  EXPECT_THAT(campaign(folder, {"--shard", "5/4"}).err, HasSubstr("parts count from 1 to 4"));
  EXPECT_EQ(campaign(folder, {"--runs", "0"}).status, 2);
}

TEST(RehearseCommand, ReplaysWhatACampaignWroteDown) {
  const TemporaryFolder folder;
  sample_inventory(folder);
  const std::string scenario =
      "schema: rehydrate/scenario/1\nname: run-7\ntitle: Run 7\ninventory: inventory.yaml\n"
      "level: world\nacts: [{run: restore}]\nfaults:\n"
      "  - {operation: send launch-machine, occurrence: 1, fault: ";
  const std::string kills = "}\nkills:\n  - {action: initialize, moment: waiting, away: 1h}\n";
  folder.file("lost.yaml", scenario + "answer-lost" + kills);
  const Ended lost = rehydrate(folder, {"rehearse", "lost.yaml"});
  EXPECT_EQ(lost.status, 0) << lost.out << lost.err;
  EXPECT_THAT(lost.out, AllOf(StartsWith("PASSED  Run 7"), Not(HasSubstr("never came"))));
  folder.file("denied.yaml", scenario + "denied}\nexpect: goal\n");
  EXPECT_THAT(rehydrate(folder, {"rehearse", "denied.yaml"}).out,
              HasSubstr("it stopped safely, in backup-holds-all"));
  folder.file("other.yaml", scenario + "denied}\nexpect: as-before\n");
  EXPECT_EQ(rehydrate(folder, {"rehearse", "other.yaml"}).status, 1);
}

}  // namespace
}  // namespace wme::cli
