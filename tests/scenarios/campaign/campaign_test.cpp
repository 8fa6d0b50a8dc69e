#include "scenarios/campaign/campaign.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "scenarios/campaign/shard.hpp"
#include "scenarios/campaign/shrink.hpp"
#include "tests/scenarios/campaign/courses.hpp"
#include "tests/scenarios/campaign/planted.hpp"
#include "tests/support/process.hpp"

namespace wme::scenarios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using tests::dehydration;
using tests::restore;

CampaignResult held(const Course& course, std::uint64_t runs, const Shard& shard = {},
                    unsigned threads = 1, const PortWrap& planted = {}) {
  CampaignOptions options;
  options.facts = facts_of(course, 1, runs);
  options.facts.command = "rehydrate campaign --procedure restore --inventory xs.yaml";
  options.facts.bia_reference = "BF-01";
  options.shard = shard;
  options.threads = threads;
  options.planted = planted;
  return hold_campaign(course, options);
}

TEST(Campaign, LeavesNoPairOfFaultAndStepUntried) {
  const std::uint64_t runs = Generator(restore(), 1).systematic_runs();
  const CampaignResult result = held(restore(), runs, {}, 2);
  EXPECT_TRUE(result.is_complete());
  EXPECT_THAT(result.failures, IsEmpty()) << to_json(result);
  EXPECT_EQ(result.pairs(), restore().pairs.size());
  EXPECT_EQ(result.pairs_tried(), result.pairs());
  EXPECT_EQ(result.rto.total(), result.goals);
}

TEST(Campaign, DoesNotDependOnTheNumberOfThreads) {
  EXPECT_EQ(to_json(held(restore(), 60)), to_json(held(restore(), 60, {}, 3)));
}

// A port that only passes things on does not share the world's model: it is asked in words.
TEST(Campaign, IsTheSameWhetherLookedAtByNumberOrInWords) {
  const std::uint64_t runs = Generator(restore(), 1).systematic_runs();
  EXPECT_EQ(to_json(held(restore(), runs, {}, 2)),
            to_json(held(restore(), runs, {}, 2, tests::planted<tests::PlantedPort>())));
}

TEST(Campaign, OfFourShardsMergedIsTheUnsharded) {
  const CampaignResult whole =
      held(restore(), 203, {}, 2, tests::planted<tests::LostAnswerIsFailure>());
  ASSERT_GT(whole.failed, 0);
  std::vector<CampaignResult> parts;
  for (const int part : {3, 1, 4, 2}) {
    const CampaignResult result =
        held(restore(), 203, {part, 4}, 2, tests::planted<tests::LostAnswerIsFailure>());
    // As it comes out of a file.
    const auto read = campaign_result_from(to_json(result), "part.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read.value(), result);
    parts.push_back(read.value());
  }
  const auto merged_again = merged(parts, {"3", "1", "4", "2"});
  ASSERT_TRUE(merged_again) << merged_again.error().message;
  EXPECT_EQ(to_json(merged_again.value()), to_json(whole));
}

std::string complaint(const std::vector<CampaignResult>& parts) {
  const std::vector<std::string> names = {"a.json", "b.json", "c.json"};
  const auto sum = merged(parts, {names.begin(), names.begin() + static_cast<long>(parts.size())});
  return sum ? "" : sum.error().message;
}

TEST(Campaign, IsMergedFromAllOfItsPartsOnly) {
  const CampaignResult first = held(restore(), 6, {1, 3});
  const CampaignResult second = held(restore(), 6, {2, 3});
  EXPECT_THAT(complaint({first, second}), HasSubstr("of 3 parts these are missing: 3"));
  EXPECT_THAT(complaint({first, first}), HasSubstr("b.json: part 1 of 3 is there twice"));
  EXPECT_THAT(complaint({first, held(restore(), 7, {2, 3})}),
              HasSubstr("b.json: it is of another campaign than a.json"));
  EXPECT_THAT(complaint({first, held(restore(), 6, {2, 2})}), HasSubstr("a part of 2"));
  CampaignResult interrupted = second;
  interrupted.held = 1;
  EXPECT_THAT(complaint({first, interrupted}), HasSubstr("interrupted after 1 of 2 runs"));
}

TEST(Campaign, IsReadStrictly) {
  const std::string text = to_json(held(restore(), 2));
  const auto refused = [&](const std::string& what, const std::string& by) {
    std::string changed = text;
    changed.replace(changed.find(what), what.size(), by);
    const auto read = campaign_result_from(changed, "r.json");
    return read ? "" : read.error().message;
  };
  EXPECT_THAT(refused("campaign/1", "campaign/9"), HasSubstr("r.json"));
  EXPECT_THAT(refused("\"held\"", "\"hold\""), HasSubstr("hold"));
  EXPECT_THAT(refused("\"seed\": \"1\"", "\"seed\": \"x\""), HasSubstr("/campaign/seed"));
}

TEST(Campaign, HasAResultThatItsSchemaKnows) {
  const testing_support::TemporaryFolder folder;
  const std::string sound = to_json(held(restore(), 3));
  const std::string failed =
      to_json(held(dehydration(), 3, {2, 3}, 1, tests::planted<tests::LeavesTheGateOpen>()));
  const auto valid = testing_support::schema_check(
      "campaign.schema.json", "validate",
      {folder.file("sound.json", sound), folder.file("failed.json", failed)});
  EXPECT_EQ(valid.status, 0) << valid.out << valid.err;
  std::string foreign = sound;
  foreign.replace(foreign.find("simulated"), 9, "production");
  const auto refused = testing_support::schema_check("campaign.schema.json", "refuse",
                                                     {folder.file("foreign.json", foreign)});
  EXPECT_EQ(refused.status, 0) << refused.out << refused.err;
}

TEST(Campaign, TellsAContinuousIntegration) {
  const std::string xml =
      campaign_junit(held(dehydration(), 2, {}, 1, tests::planted<tests::LeavesTheGateOpen>()));
  EXPECT_THAT(xml, AllOf(HasSubstr("<testcase"), HasSubstr("type=\"rules\""),
                         HasSubstr("--seed 1 --run 1"), Not(HasSubstr("failures=\"0\""))));
}

TEST(Histogram, KnowsItsPercentilesExactly) {
  Histogram histogram;
  EXPECT_EQ(histogram.percentile(50), std::nullopt);
  for (int i = 1; i <= 100; ++i) histogram.add(std::chrono::milliseconds(1000 * i - 1));
  EXPECT_EQ(histogram.percentile(50), std::chrono::seconds(50));
  EXPECT_EQ(histogram.percentile(95), std::chrono::seconds(95));
  EXPECT_EQ(histogram.percentile(100), std::chrono::seconds(100));
}

// Planted mistakes: found, and made small enough to be read.

struct Planted {
  std::string name;
  const Course& course;
  PortWrap port;
};

std::vector<Planted> all_planted() {
  static const model::GroundModel model(
      model::installation_of(tests::xs(), model::Procedure::kDehydrate));
  // A smaller fleet has a part of these variables only, by the same names.
  const auto trusts = [](const std::string& action) {
    return [action](executor::SystemPort& the_world) {
      return std::make_unique<tests::TrustsTheAcceptedRequest>(the_world, model, action);
    };
  };
  return {{"a lost answer is a failure", restore(), tests::planted<tests::LostAnswerIsFailure>()},
          {"repeats without looking", restore(), tests::planted<tests::RepeatsWithoutLooking>()},
          {"trusts what is accepted", dehydration(), trusts("")},
          {"a backup before the last passivation", dehydration(), trusts("passivate-container")},
          {"the gate stays open", dehydration(), tests::planted<tests::LeavesTheGateOpen>()}};
}

TEST(Planted, MistakesAreFoundAndMadeSmall) {
  for (const Planted& each : all_planted()) {
    SCOPED_TRACE(each.name);
    const Generator generator(each.course, 1);
    Lane lane(each.course, each.port);
    Schedule schedule;
    std::uint64_t run = 1;
    for (; run <= 10'000; ++run) {
      schedule = generator.schedule(run);
      if (!lane.hold(schedule).breaches.empty()) break;
    }
    ASSERT_LE(run, 10'000U);
    const Shrunk small = shrink(each.course, schedule, each.port);
    EXPECT_LE(small.inventory.containers.size(), 3U);
    EXPECT_LE(small.schedule.size(), 2U);
    EXPECT_THAT(small.breaches, Not(IsEmpty()));
    // What is written down fails by itself, and does not without the mistake.
    const Course again = prepare_course(each.course.scenario, small.inventory).value();
    EXPECT_THAT(Lane(again, each.port).hold(small.schedule).breaches, Not(IsEmpty()));
    EXPECT_THAT(Lane(again).hold(small.schedule).breaches, IsEmpty());
  }
}

TEST(Shrinking, LeavesTheOneFaultThatMatters) {
  const PortWrap planted = tests::planted<tests::LostAnswerIsFailure>();
  const Schedule schedule = {{FaultKind::kServerError, "create-volume", 1, {}},
                             {FaultKind::kAnswerLost, "activate-container", 2, {}},
                             {FaultKind::kKilledWaiting, "initialize", 1, std::chrono::hours(1)},
                             {FaultKind::kThrottled, "launch-machine", 2, {}}};
  const Shrunk small = shrink(restore(), schedule, planted);
  EXPECT_EQ(text_of(small.schedule), "answer-lost at the 1st activate-container");
  EXPECT_EQ(small.inventory.containers.size(), 1U);
}

// Which part of a campaign this is.

Result<ChosenShard> chosen(const std::string& argument,
                           const std::map<std::string, std::string>& variables) {
  return chosen_shard(argument, [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(Shards, AreReadFromTheEnginesThatStartThem) {
  EXPECT_EQ(chosen("2/4", {}).value().shard, (Shard{2, 4}));
  EXPECT_EQ(chosen("", {}).value().by, "");
  EXPECT_EQ(chosen("", {{"CI_NODE_INDEX", "3"}, {"CI_NODE_TOTAL", "5"}}).value().shard,
            (Shard{3, 5}));
  EXPECT_EQ(chosen("", {{"CI_NODE_TOTAL", "1"}}).value().shard, (Shard{1, 1}));
  const std::map<std::string, std::string> slurm = {{"SLURM_ARRAY_TASK_ID", "12"},
                                                    {"SLURM_ARRAY_TASK_MIN", "10"},
                                                    {"SLURM_ARRAY_TASK_COUNT", "4"}};
  EXPECT_EQ(chosen("", slurm).value().shard, (Shard{3, 4}));
  EXPECT_EQ(chosen("", slurm).value().by, "Slurm");
  EXPECT_EQ(chosen("1/2", slurm).value().shard, (Shard{1, 2}));  // what was asked for counts
  EXPECT_EQ(chosen("/4", {{"JOB_COMPLETION_INDEX", "0"}}).value().shard, (Shard{1, 4}));
}

TEST(Shards, AreRefusedWhereSomethingIsMissing) {
  const auto complaint_about = [](const std::string& argument,
                                  const std::map<std::string, std::string>& variables) {
    const auto shard = chosen(argument, variables);
    return shard ? "" : shard.error().message;
  };
  EXPECT_THAT(complaint_about("5/4", {}), HasSubstr("parts count from 1 to 4"));
  EXPECT_THAT(complaint_about("2", {}), HasSubstr("--shard 2/4"));
  EXPECT_THAT(complaint_about("a/b", {}), HasSubstr("no two whole numbers"));
  EXPECT_THAT(complaint_about("/4", {}), HasSubstr("which of them"));
  EXPECT_THAT(complaint_about("", {{"JOB_COMPLETION_INDEX", "0"}}), HasSubstr("--shard /4"));
  EXPECT_THAT(complaint_about("", {{"SLURM_ARRAY_TASK_ID", "9"}}),
              HasSubstr("SLURM_ARRAY_TASK_ID=9"));
}

}  // namespace
}  // namespace wme::scenarios
