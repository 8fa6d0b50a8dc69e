#include "executor/drivers/operator/operator_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace wme::executor {
namespace {

using testing::AllOf;
using testing::HasSubstr;

model::Inventory moving() {
  model::Inventory inventory;
  inventory.studio_domain = "wavemaker.acme.com";
  inventory.apps_domain = "wm-apps.acme.com";
  inventory.platform.address = "10.0.0.10";
  inventory.platform.new_address = "10.9.0.10";
  return inventory;
}

TEST(OperatorPort, TellsThePersonWhatToDoWithNamesAndAddresses) {
  const model::Inventory inventory = moving();
  std::ostringstream console;
  OperatorPort port(inventory, instructions_to(console));

  const auto receipt = port.perform({"point-domains", {}, "t"});

  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt.value(), "told the operator");
  EXPECT_THAT(console.str(), AllOf(HasSubstr("(B13): Point studio and app domains"),
                                   HasSubstr("wavemaker.acme.com -> 10.9.0.10\n"),
                                   HasSubstr("wm-apps.acme.com -> 10.9.0.10\n")));
}

TEST(OperatorPort, GivesWholeInstructionsToAStandIn) {
  const model::Inventory inventory = moving();
  std::vector<Instruction> told;
  OperatorPort port(inventory, [&told](const Instruction& instruction) -> Result<std::string> {
    told.push_back(instruction);
    return std::string("done by the stand-in");
  });

  const auto receipt = port.perform({"close-developer-ports", {}, "token-7"});

  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt.value(), "done by the stand-in");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].call.token, "token-7");
  EXPECT_EQ(told[0].runbook, "A03");
  EXPECT_THAT(told[0].details, testing::Contains(HasSubstr("10.0.0.10")));
}

TEST(OperatorPort, TakesOnlyWhatAPersonDoes) {
  const model::Inventory inventory = moving();
  std::ostringstream console;
  OperatorPort port(inventory, instructions_to(console));

  EXPECT_EQ(port.perform({"take-snapshot", {"snap-wm-data"}, "t"}).error().code,
            ErrorCode::kInvalid);
  EXPECT_EQ(port.perform({"point-domains", {"x"}, "t"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(console.str(), "");
}

TEST(OperatorPort, SaysWhenNobodyCanBeTold) {
  const model::Inventory inventory = moving();
  std::ostringstream console;
  console.setstate(std::ios::badbit);
  OperatorPort port(inventory, instructions_to(console));

  EXPECT_EQ(port.perform({"point-domains", {}, "t"}).error().code, ErrorCode::kUnreachable);
}

TEST(OperatorPort, SeesNothingByItself) {
  const model::Inventory inventory = moving();
  OperatorPort port(inventory, [](const Instruction&) { return std::string(); });

  const auto seen = port.observe({{"domains", {}}, {"gate", {}}});

  ASSERT_TRUE(seen);
  ASSERT_EQ(seen.value().size(), 2U);
  EXPECT_EQ(seen.value()[1].variable.fluent, "gate");
  EXPECT_EQ(seen.value()[0].value, std::nullopt);
}

}  // namespace
}  // namespace wme::executor
