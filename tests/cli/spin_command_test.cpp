#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

Ended verify_with_spin(const TemporaryFolder& folder, const std::string& plan,
                       std::vector<std::string> more = {},
                       std::map<std::string, std::string> environment = {}) {
  more.emplace_back("--spin");
  return rehydrate_plan(folder, "verify", plan, more, std::move(environment));
}

TEST(VerifyWithSpin, AgreesAndLeavesNothingBehind) {
  const TemporaryFolder folder;
  const std::string plan = sample_plan(folder);
  const TemporaryFolder temporary;
  const Ended ended = verify_with_spin(folder, plan, {}, {{"TMPDIR", temporary.path().string()}});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr(" agrees: "));
  EXPECT_THAT(ended.out, HasSubstr(" states without reductions, 0 properties violated\n"));
  EXPECT_THAT(temporary.names(), testing::IsEmpty());
}

TEST(VerifyWithSpin, ListsWhatBothFindViolated) {
  const TemporaryFolder folder;
  const std::string changed =
      changed_plan(folder, [](json& plan) { step_with(plan, "stop-services")["after"].erase(0); });
  const Ended ended = verify_with_spin(folder, changed, {"--json"});
  EXPECT_EQ(ended.status, 1);
  const json made = json::parse(ended.out);
  EXPECT_EQ(made["verdict"], "refuted");
  EXPECT_EQ(made["spin"]["agrees"], true) << made["spin"];
  EXPECT_THAT(made["spin"]["violated"].get<std::vector<std::string>>(),
              testing::Contains("INV-05"));
}

TEST(VerifyWithSpin, ComparesNothingWhenABoundWasMet) {
  const TemporaryFolder folder;
  const std::string plan = sample_plan(folder);
  const Ended ended = verify_with_spin(folder, plan, {"--max-states", "300", "--faults", "1"});
  EXPECT_EQ(ended.status, 6) << ended.out;
  EXPECT_THAT(ended.out, HasSubstr("nothing was compared with SPIN: without reductions the bound "
                                   "of 300 states was met"));
}

TEST(VerifyWithSpin, ComparesOneOrderOfIndependentStepsWhereThereAreTooManyStates) {
  const TemporaryFolder folder;
  const std::string plan = sample_plan(folder);
  const Ended ended = verify_with_spin(folder, plan, {"--max-states", "300"});
  EXPECT_EQ(ended.status, 0) << ended.out;
  EXPECT_THAT(ended.out, HasSubstr(" states with independent steps in one order, 0 properties"));
  const std::string changed =
      changed_plan(folder, [](json& made) { step_with(made, "stop-services")["after"].erase(0); });
  const json refuted =
      json::parse(verify_with_spin(folder, changed, {"--json", "--max-states", "300"}).out);
  EXPECT_EQ(refuted["spin"]["agrees"], true) << refuted["spin"];
  EXPECT_EQ(refuted["spin"]["reduced"], true);
  EXPECT_THAT(refuted["spin"]["violated"].get<std::vector<std::string>>(),
              testing::Contains("INV-05"));
}

TEST(VerifyWithSpin, NamesThePackagesThatAreMissing) {
  const TemporaryFolder folder;
  const std::string plan = sample_plan(folder);
  const Ended ended = verify_with_spin(folder, plan, {}, {{"PATH", folder.path().string()}});
  EXPECT_EQ(ended.status, 3);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("there is no spin and cc on this machine: "
                                   "apt-get install spin gcc"));
}

TEST(ShowPromela, IsForAnInventoryAndABudget) {
  const TemporaryFolder folder;
  const std::string plan = sample_plan(folder);
  const Ended without = rehydrate(folder, {"show", plan, "--format", "promela"});
  EXPECT_EQ(without.status, 2);
  EXPECT_THAT(without.err, HasSubstr("--format promela needs --inventory FILE"));
  const Ended plain =
      rehydrate(folder, {"show", plan, "--format", "promela", "-i", "inventory.yaml"});
  EXPECT_EQ(plain.status, 0) << plain.err;
  EXPECT_THAT(plain.out, StartsWith("/* Every run of a plan"));
  EXPECT_THAT(plain.out, testing::Not(HasSubstr("used_0")));
  const Ended faults = rehydrate(folder, {"show", plan, "--format", "promela", "-i",
                                          "inventory.yaml", "--faults", "user-wakes=2"});
  EXPECT_THAT(faults.out, HasSubstr("unsigned used_0 : 2;"));
  EXPECT_EQ(rehydrate(folder, {"show", plan, "--format", "promela", "-i", "inventory.yaml",
                               "--faults", "many"})
                .status,
            2);
}

}  // namespace
}  // namespace wme::cli
