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

Ended verify(const TemporaryFolder& folder, const std::string& plan,
             const std::vector<std::string>& more = {}) {
  return rehydrate_plan(folder, "verify", plan, more);
}

TEST(VerifyCommand, ProvesWhatThePlannerMade) {
  const TemporaryFolder folder;
  for (const char* procedure : {"dehydrate", "restore", "rotate"}) {
    const Ended ended = verify(folder, sample_plan(folder, procedure));
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
    EXPECT_THAT(ended.out, StartsWith(std::string("PROVED  ") + procedure + " acme-aws-xs"));
    EXPECT_EQ(ended.err, "");
  }
}

TEST(VerifyCommand, RefutesAMissingEdgeAndNamesIt) {
  const TemporaryFolder folder;
  changed_plan(folder, [](json& plan) { step_with(plan, "stop-services")["after"].erase(0); });
  const Ended ended = verify(folder, "changed.json");
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.out,
              AllOf(StartsWith("REFUTED  dehydrate"), HasSubstr("INV-05"),
                    HasSubstr("stop-services platform"), HasSubstr("mend: add the edge")));
  const auto result = json::parse(verify(folder, "changed.json", {"--json"}).out);
  EXPECT_EQ(result["verdict"], "refuted");
  EXPECT_FALSE(result["counterexamples"].empty());
  EXPECT_NE(result["counterexamples"][0]["mend_to"], "");
}

TEST(VerifyCommand, SaysUndecidedWhenABoundIsMetFirst) {
  const TemporaryFolder folder;
  const Ended ended = verify(folder, sample_plan(folder), {"--faults", "1", "--max-states", "50"});
  EXPECT_EQ(ended.status, 6) << ended.out;
  EXPECT_THAT(ended.out, AllOf(StartsWith("UNDECIDED"), HasSubstr("the bound was met")));
}

TEST(VerifyCommand, RefusesThePlanOfAnotherInstallation) {
  const TemporaryFolder folder;
  changed_plan(folder, [](json& plan) { plan["installation"] = "acme-other"; });
  const Ended name = verify(folder, "changed.json");
  EXPECT_EQ(name.status, 2);
  EXPECT_EQ(name.out, "");
  EXPECT_THAT(name.err, HasSubstr("the plan is not for this inventory: the installation is "
                                  "'acme-other' in the plan and 'acme-aws-xs' in inventory.yaml"));
  changed_plan(folder, [](json& plan) { plan["provider"] = "gcp"; });
  EXPECT_THAT(verify(folder, "changed.json").err, HasSubstr("the provider is 'gcp'"));
  changed_plan(folder, [](json& plan) { plan["version"] = "11.1.1.ee.1"; });
  EXPECT_THAT(verify(folder, "changed.json").err, HasSubstr("the version is '11.1.1.ee.1'"));
}

TEST(VerifyCommand, RefusesWhatTheInventoryDoesNotHave) {
  const TemporaryFolder folder;
  changed_plan(folder,
               [](json& plan) { step_with(plan, "hibernate-container")["arguments"][0] = "c77"; });
  const Ended ended = verify(folder, "changed.json");
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, AllOf(StartsWith("error: changed.json: /steps/"),
                               HasSubstr("the inventory has no container 'c77'; ")));
}

}  // namespace
}  // namespace wme::cli
