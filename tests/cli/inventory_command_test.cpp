#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(InventoryCommand, ChecksWhatItGenerated) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, {"inventory", "check", sample_inventory(folder)});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out,
              AllOf(StartsWith("inventory.yaml: valid\n  Installation  acme-aws-xs on aws, WME "),
                    HasSubstr("2 instances in 2 shards (studio, qa)"),
                    HasSubstr("6 containers: 3 running, 1 stopped, 2 passivated")));
}

TEST(InventoryCommand, ChecksForMachinesToo) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, {"inventory", "check", sample_inventory(folder), "--json"});
  const auto result = nlohmann::json::parse(ended.out);
  EXPECT_EQ(result["valid"], true);
  EXPECT_EQ(result["containers"]["running"], 3);
}

TEST(InventoryCommand, GeneratesTheSameEveryTime) {
  const TemporaryFolder folder;
  const std::string file = text_of(folder.path() / sample_inventory(folder));
  const Ended printed =
      rehydrate(folder, {"inventory", "generate", "--fleet", "xs", "--provider", "aws"});
  EXPECT_EQ(printed.out, file);
  EXPECT_EQ(printed.err, "");
}

TEST(InventoryCommand, PrintsTheRules) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, {"inventory", "invariants"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("INV-01"), HasSubstr("INV-64")));
}

struct BadInventory {
  const char* name;
  const char* old;
  const char* spoiled;
  const char* reason;
  const char* mend;
};
void PrintTo(const BadInventory& bad, std::ostream* out) { *out << bad.name; }

class BadInventories : public testing::TestWithParam<BadInventory> {};
TEST_P(BadInventories, AreRefusedByEveryCommandThatReadsOne) {
  const TemporaryFolder folder;
  std::string text = text_of(folder.path() / sample_inventory(folder));
  const std::size_t at = text.find(GetParam().old);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string(GetParam().old).size(), GetParam().spoiled);
  folder.file("bad.yaml", text);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"inventory", "check", "bad.yaml"},
        std::vector<std::string>{"plan", "dehydrate", "-i", "bad.yaml", "-o", "plan.json"}}) {
    const Ended ended = rehydrate(folder, arguments);
    EXPECT_EQ(ended.status, 2);
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, testing::ContainsRegex("error: bad.yaml:[0-9]+:[0-9]+: "));
    EXPECT_THAT(ended.err, HasSubstr(GetParam().reason));
    EXPECT_THAT(ended.err, HasSubstr(GetParam().mend));
    EXPECT_THAT(folder.names(), ElementsAre("bad.yaml", "inventory.yaml"));
  }
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, BadInventories,
    testing::Values(
        BadInventory{"UnknownKey", "  studio_domain:", "  studio_domian:",
                     "unknown key 'studio_domian'", "did you mean 'studio_domain'?"},
        BadInventory{"WrongType", "developers: 32", "developers: many", "developers", "number"},
        BadInventory{"DuplicateName", "{name: c2,", "{name: c1,", "c1", ""},
        BadInventory{"AnInstanceInTwoShards", "{name: qa-1, shard: qa,",
                     "{name: studio-1, shard: qa,", "studio-1", ""},
        BadInventory{"OverlappingAddresses", "address: 10.0.3.10", "address: 10.0.2.10",
                     "10.0.2.10", ""},
        BadInventory{"ANarrowCidr", "cidr: 10.2.1.1/24", "cidr: 10.2.1.1/25", "/25", "/24"},
        BadInventory{"AContainerOnAnUnknownInstance", "instance: studio-1, state: running",
                     "instance: studio-7, state: running", "studio-7", "studio-1"},
        BadInventory{"AnotherSchema", "rehydrate/inventory/1", "rehydrate/inventory/2",
                     "the schema is not rehydrate/inventory/1", ""}),
    [](const auto& one) { return one.param.name; });

TEST(InventoryCommand, RefusesAFileThatWasCutOff) {
  const TemporaryFolder folder;
  const std::string text = text_of(folder.path() / sample_inventory(folder));
  for (const std::size_t tenths : {1U, 3U, 5U, 7U, 9U}) {
    folder.file("bad.yaml", text.substr(0, text.size() * tenths / 10));
    const Ended ended =
        rehydrate(folder, {"plan", "dehydrate", "-i", "bad.yaml", "-o", "plan.json"});
    EXPECT_EQ(ended.status, 2) << tenths;
    EXPECT_THAT(ended.err, StartsWith("error: bad.yaml:"));
    EXPECT_THAT(folder.names(), ElementsAre("bad.yaml", "inventory.yaml"));
  }
}

TEST(InventoryCommand, ThatCannotBeReadIsNamed) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, {"inventory", "check", "none.yaml"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, AllOf(StartsWith("error: none.yaml: "), HasSubstr("No such file")));
}

}  // namespace
}  // namespace wme::cli
