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

Ended mutate(const TemporaryFolder& folder, const std::string& plan,
             const std::vector<std::string>& more = {}) {
  return rehydrate_plan(folder, "mutate", plan, more);
}

TEST(MutateCommand, TellsWhatEveryEdgeIsGoodFor) {
  const TemporaryFolder folder;
  const Ended ended = mutate(folder, sample_plan(folder));
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(
      ended.out,
      AllOf(StartsWith("EXPLAINED  dehydrate acme-aws-xs (aws, "), HasSubstr("deleted-edge"),
            HasSubstr("    without it: INV-"), HasSubstr("    not waiting for its end: "),
            HasSubstr("    the other way round: "), HasSubstr("What each condition is good for")));
}

TEST(MutateCommand, CountsForMachines) {
  const TemporaryFolder folder;
  const json report =
      json::parse(mutate(folder, sample_plan(folder), {"--json", "--kinds", "deleted-edge"}).out);
  EXPECT_EQ(report["schema"], "rehydrate/mutation/1");
  EXPECT_EQ(report["counts"]["all"]["unexplained"], 0);
  EXPECT_EQ(report["counts"]["deleted-edge"]["made"], report["mutants"].size());
  for (const json& each : report["mutants"]) {
    EXPECT_EQ(each["fate"], "caught");
    EXPECT_FALSE(each["story"]["trace"].empty());
  }
}

TEST(MutateCommand, RefusesKindsThatItDoesNotKnow) {
  const TemporaryFolder folder;
  const Ended ended = mutate(folder, sample_plan(folder), {"--kinds", "deleted-edges"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("unknown kind 'deleted-edges'; did you mean 'deleted-edge'?"));
}

TEST(MutateCommand, LearnsNothingFromAPlanThatIsRefuted) {
  const TemporaryFolder folder;
  const std::string changed = changed_plan(
      folder, [](json& plan) { step_with(plan, "stop-services")["after"] = json::array(); });
  const Ended ended = mutate(folder, changed);
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("changed.json: the plan itself is refuted, not proved"));
}

}  // namespace
}  // namespace wme::cli
