#include "executor/drivers/azure/arm_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "executor/drivers/azure/arm_rights.hpp"

namespace wme::executor::azure {
namespace {

const ArmPlace kThere{"https://arm.test", "", "", "sub", "group", "westeurope"};

TEST(ArmNames, TakeIdsApartWhateverTheirCase) {
  const auto id =
      parse_resource_id("/Subscriptions/S/resourcegroups/G/providers/Microsoft.Compute/disks/D");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->subscription, "S");
  EXPECT_EQ(id->group, "G");
  EXPECT_EQ(id->type, "Microsoft.Compute/disks");
  EXPECT_EQ(id->name, "D");
  EXPECT_FALSE(parse_resource_id("wme-platform"));
  EXPECT_FALSE(parse_resource_id("/subscriptions/S"));
  EXPECT_EQ(id_of(kThere, kDisks, "/whole"), "/whole");
}

TEST(ArmNames, FollowFromTheTokenAndFitEveryKind) {
  model::Inventory inventory;
  inventory.name =
      "Acme & Söhne, production: a very long name that does not end in good time at all";
  const std::string one = new_name(inventory, "studio-1-new", "run-1/s3");
  EXPECT_EQ(one, new_name(inventory, "studio-1-new", "run-1/s3"));
  EXPECT_NE(one, new_name(inventory, "studio-1-new", "run-2/s3"));
  EXPECT_LE(one.size(), 60U);
  EXPECT_EQ(
      one.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"),
      std::string::npos);
  EXPECT_NE(one.find("-studio-1-"), std::string::npos);
}

TEST(ArmNames, ReadTheZoneOfTheInventory) {
  model::Inventory inventory;
  EXPECT_EQ(zone_number(kThere, inventory), "");
  inventory.launch.zone = "westeurope-2";
  EXPECT_EQ(zone_number(kThere, inventory), "2");
  inventory.launch.zone = "3";
  EXPECT_EQ(zone_number(kThere, inventory), "3");
}

TEST(ArmRights, MatchPatternsAndLeaveOutWhatIsTakenAway) {
  const nlohmann::json role = {{"actions", {"Microsoft.Compute/*", "*/read"}},
                               {"notActions", {"microsoft.compute/virtualmachines/DELETE"}}};
  EXPECT_TRUE(grants(role, "Microsoft.Compute/disks/write"));
  EXPECT_TRUE(grants(role, "Microsoft.Network/networkInterfaces/read"));
  EXPECT_FALSE(grants(role, "Microsoft.Network/networkInterfaces/write"));
  EXPECT_FALSE(grants(role, "Microsoft.Compute/virtualMachines/delete"));
}

}  // namespace
}  // namespace wme::executor::azure
