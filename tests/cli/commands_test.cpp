#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/exit_status.hpp"
#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ExplainCommand, TellsAnActionFromTheData) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, {"explain", "passivate-container"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, AllOf(HasSubstr("passivate-container"), HasSubstr("A06"),
                               HasSubstr("INV-02"), HasSubstr("[doc: DR, PAS]")));
}

TEST(ExplainCommand, TellsARule) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, {"explain", "INV-05"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("INV-05"), HasSubstr("stop-services")));
}

TEST(ExplainCommand, TellsMachinesGuardAndEffects) {
  const TemporaryFolder folder;
  const auto action =
      nlohmann::json::parse(rehydrate(folder, {"explain", "passivate-container", "--json"}).out);
  EXPECT_EQ(action["kind"], "action");
  EXPECT_EQ(action["runbook"], "A06");
  EXPECT_EQ(action["guard"][0]["rule"], "INV-02");
  EXPECT_EQ(action["guard"][0]["enforced_by"], "system");
  EXPECT_EQ(action["outcomes"][0]["name"], "done");
  const auto rule = nlohmann::json::parse(rehydrate(folder, {"explain", "inv-05", "--json"}).out);
  EXPECT_EQ(rule["kind"], "rule");
  EXPECT_EQ(rule["name"], "INV-05");
  EXPECT_THAT(rule["guarded_actions"], testing::Contains("take-snapshot"));
}

TEST(ExplainCommand, ListsEverythingItKnows) {
  const TemporaryFolder folder;
  EXPECT_THAT(rehydrate(folder, {"explain"}).out,
              AllOf(HasSubstr("passivate-container"), HasSubstr("INV-64")));
  const auto all = nlohmann::json::parse(rehydrate(folder, {"explain", "--json"}).out);
  EXPECT_GT(all["actions"].size(), 50U);
  EXPECT_GT(all["rules"].size(), 63U);
}

TEST(ExitStatus, IsOneReactionForEachErrorCode) {
  EXPECT_EQ(exit_status_of(ErrorCode::kInvalid), ExitStatus::kBadInput);
  EXPECT_EQ(exit_status_of(ErrorCode::kNotFound), ExitStatus::kBadInput);
  EXPECT_EQ(exit_status_of(ErrorCode::kUnreachable), ExitStatus::kUnreachable);
  EXPECT_EQ(exit_status_of(ErrorCode::kThrottled), ExitStatus::kUnreachable);
  EXPECT_EQ(exit_status_of(ErrorCode::kBlocked), ExitStatus::kRefused);
  EXPECT_EQ(exit_status_of(ErrorCode::kRefused), ExitStatus::kRefused);
  EXPECT_EQ(exit_status_of(ErrorCode::kFailed), ExitStatus::kFailed);
  EXPECT_EQ(exit_status_of(ErrorCode::kUnknownOutcome), ExitStatus::kFailed);
}

}  // namespace
}  // namespace wme::cli
