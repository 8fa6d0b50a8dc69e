#include "executor/drivers/azure/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/executor/drivers/azure/scripted_arm.hpp"

namespace wme::executor::azure {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

model::Inventory inventory_in(const std::string& region) {
  model::Inventory inventory;
  inventory.provider = model::Provider::kAzure;
  inventory.access.region = region;
  inventory.platform.cloud_id = "wme-platform";
  return inventory;
}

std::map<std::string, std::string> named() {
  return {{"AZURE_SUBSCRIPTION_ID", "sub"}, {"AZURE_RESOURCE_GROUP", "group"}};
}

TEST(ArmPlace, IsThePublicCloudUnlessTheRegionIsAnothers) {
  const auto of = [](const std::string& region) {
    return arm_place(inventory_in(region), environment_of(named())).value();
  };
  EXPECT_EQ(of("westeurope").base, "https://management.azure.com");
  EXPECT_EQ(of("westeurope").authority, "https://login.microsoftonline.com");
  EXPECT_EQ(of("chinanorth3").base, "https://management.chinacloudapi.cn");
  EXPECT_EQ(of("chinanorth3").authority, "https://login.chinacloudapi.cn");
  EXPECT_EQ(of("usgovvirginia").base, "https://management.usgovcloudapi.net");
  EXPECT_EQ(of("usgovvirginia").authority, "https://login.microsoftonline.us");
}

TEST(ArmPlace, TakesAnEndpointFromTheEnvironmentBeforeTheInventorys) {
  model::Inventory inventory = inventory_in("westeurope");
  inventory.access.cloud_endpoint = "https://management.local.azurestack.external/";
  auto variables = named();
  EXPECT_EQ(arm_place(inventory, environment_of(variables)).value().base,
            "https://management.local.azurestack.external");
  variables["ARM_ENDPOINT"] = "https://127.0.0.1:8443";
  variables["AZURE_AUTHORITY_HOST"] = "adfs.local/adfs";
  const auto place = arm_place(inventory, environment_of(variables));
  EXPECT_EQ(place.value().base, "https://127.0.0.1:8443");
  EXPECT_EQ(place.value().authority, "https://adfs.local/adfs");
  variables["ARM_ENDPOINT"] = "https://host/path";
  EXPECT_EQ(arm_place(inventory, environment_of(variables)).error().code, ErrorCode::kInvalid);
}

TEST(ArmPlace, SendsNoTokenAndNoSecretInClear) {
  for (const char* name : {"ARM_ENDPOINT", "AZURE_AUTHORITY_HOST"}) {
    for (const char* url :
         {"http://arm.example", "http://10.0.0.1:8443", "http://127.0.0.1.example",
          "http://127.0.0.1@arm.example", "http://localhost.example", "http://[fe80::1]"}) {
      auto variables = named();
      variables[name] = url;
      const auto place = arm_place(inventory_in("westeurope"), environment_of(variables));
      ASSERT_FALSE(place) << url;
      EXPECT_EQ(place.error().code, ErrorCode::kInvalid);
      EXPECT_THAT(place.error().message, AllOf(HasSubstr(name), HasSubstr(url),
                                               HasSubstr("plain http"), HasSubstr("https://")));
    }
    for (const char* url : {"http://127.0.0.1:1", "http://127.9.9.9", "http://localhost:1",
                            "http://LOCALHOST", "http://[::1]:1", "https://arm.example"}) {
      auto variables = named();
      variables[name] = url;
      const auto place = arm_place(inventory_in("westeurope"), environment_of(variables));
      EXPECT_TRUE(place) << place.error().message;
    }
  }
  model::Inventory inventory = inventory_in("westeurope");
  inventory.access.cloud_endpoint = "http://arm.example";
  EXPECT_THAT(arm_place(inventory, environment_of(named())).error().message,
              HasSubstr("access.cloud_endpoint"));
}

TEST(ArmPlace, ReadsSubscriptionAndGroupFromWholeIds) {
  model::Inventory inventory = inventory_in("westeurope");
  inventory.platform.cloud_id =
      "/subscriptions/other/resourcegroups/prod/providers/Microsoft.Compute/virtualMachines/p";
  const auto place = arm_place(inventory, environment_of(named()));
  EXPECT_EQ(place.value().subscription, "other");
  EXPECT_EQ(place.value().group, "prod");
}

TEST(ArmPlace, SaysWhatIsMissing) {
  EXPECT_THAT(arm_place(inventory_in("westeurope"), environment_of({})).error().message,
              HasSubstr("AZURE_SUBSCRIPTION_ID"));
  EXPECT_THAT(
      arm_place(inventory_in("westeurope"), environment_of({{"AZURE_SUBSCRIPTION_ID", "sub"}}))
          .error()
          .message,
      HasSubstr("AZURE_RESOURCE_GROUP"));
  EXPECT_THAT(arm_place(inventory_in(""), environment_of(named())).error().message,
              HasSubstr("access.region"));
}

}  // namespace
}  // namespace wme::executor::azure
