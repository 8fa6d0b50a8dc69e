#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/campaign/campaign.hpp"
#include "tests/scenarios/campaign/courses.hpp"
#include "tests/support/process.hpp"

/// Campaigns by measured times.
namespace wme::scenarios {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;

ChosenDurations unpacking_takes(minutes time, char digest) {
  return {model::Durations({{"unpack-archive", time}, {"launch-machine", time}}), "measured.yaml",
          std::string(64, digest)};
}

Course restore_by(const ChosenDurations& durations) {
  return prepare_course(scenario_of(model::Procedure::kRestore, "xs.yaml"), tests::xs(), durations)
      .value();
}

CampaignResult part_of(const Course& course, Shard shard) {
  CampaignOptions how;
  how.facts = facts_of(course, 1, 4);
  how.facts.command = "rehydrate campaign x --durations measured.yaml";
  how.shard = shard;
  return hold_campaign(course, how);
}

TEST(CampaignDurations, MoveTheTimesAndNothingElse) {
  const Course slow = restore_by(unpacking_takes(minutes(9), 'a'));
  const TrialResult result = Lane(slow).hold({});
  const TrialResult typical = Lane(tests::restore()).hold({});
  ASSERT_TRUE(result.rto && typical.rto);
  EXPECT_GE(*result.rto - *typical.rto, minutes(7));
  EXPECT_EQ(slow.end, tests::restore().end);
  EXPECT_EQ(slow.pairs, tests::restore().pairs);
}

TEST(CampaignDurations, AreOneForAllParts) {
  const CampaignResult first = part_of(restore_by(unpacking_takes(minutes(9), 'a')), {1, 2});
  const CampaignResult second = part_of(restore_by(unpacking_takes(minutes(9), 'a')), {2, 2});
  const CampaignResult others = part_of(restore_by(unpacking_takes(minutes(8), 'b')), {2, 2});
  EXPECT_TRUE(merged({first, second}, {"a.json", "b.json"}));
  const auto refused = merged({first, others}, {"a.json", "b.json"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("b.json: it is of another campaign than a.json: "
                                                 "inventory, durations,"));
}

TEST(CampaignDurations, StandInTheResult) {
  const CampaignResult result = part_of(restore_by(unpacking_takes(minutes(9), 'a')), {});
  const std::string text = to_json(result);
  const auto read = campaign_result_from(text, "r.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value(), result);
  const testing_support::TemporaryFolder folder;
  const auto valid = testing_support::schema_check("campaign.schema.json", "validate",
                                                   {folder.file("r.json", text)});
  EXPECT_EQ(valid.status, 0) << valid.out << valid.err;
}

}  // namespace
}  // namespace wme::scenarios
