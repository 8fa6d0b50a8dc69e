#include "executor/drivers/gcp/compute_place.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/executor/drivers/gcp/scripted_google.hpp"

namespace wme::executor::gcp {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Result<ComputePlace> place(const model::Inventory& inventory,
                           std::map<std::string, std::string> variables) {
  ScriptedGoogle google;
  const Environment environment = environment_of(std::move(variables));
  const CredentialChain credentials(environment, google, [] { return kTestTime; });
  auto found = compute_place(inventory, environment, credentials);
  EXPECT_TRUE(google.calls().empty()) << "nothing is sent yet";
  return found;
}

TEST(ComputePlaces, AreGooglesOwnByDefault) {
  const auto found = place(inventory_on_google(), {{"GOOGLE_CLOUD_PROJECT", "p"}});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found.value().base, "https://compute.googleapis.com");
  EXPECT_EQ(found.value().prefix, "/compute/v1");
  EXPECT_EQ(found.value().zone_path(), "projects/p/zones/europe-west1-b");
  EXPECT_EQ(found.value().region_path(), "projects/p/regions/europe-west1");
  EXPECT_EQ(found.value().rights_base, "https://cloudresourcemanager.googleapis.com");
}

TEST(ComputePlaces, AreWhereTheInventoryOrTheEnvironmentSays) {
  model::Inventory inventory = inventory_on_google();
  inventory.access.cloud_endpoint = "https://here:1/";
  EXPECT_EQ(place(inventory, {{"CLOUDSDK_CORE_PROJECT", "p"}}).value().base, "https://here:1");
  const auto there = place(
      inventory, {{"CLOUDSDK_CORE_PROJECT", "p"},
                  {"CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", "https://there:2/compute/beta/"},
                  {"CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER", "https://there:2/"}});
  EXPECT_EQ(there.value().base, "https://there:2");
  EXPECT_EQ(there.value().prefix, "/compute/beta");
  EXPECT_EQ(there.value().rights_base, "https://there:2");
}

TEST(ComputePlaces, TakeProjectAndZoneFromAPath) {
  model::Inventory inventory = inventory_on_google();
  inventory.launch.zone = "";
  inventory.platform.cloud_id = "projects/mine/zones/us-central1-f/instances/wme";
  const auto found = place(inventory, {{"GOOGLE_CLOUD_PROJECT", "of-the-shell"}});
  EXPECT_EQ(found.value().project, "mine");
  EXPECT_EQ(found.value().zone, "us-central1-f");
  EXPECT_EQ(found.value().region, "us-central1");
}

TEST(ComputePlaces, SendNoTokenInClear) {
  for (const char* name : {"CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE",
                           "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER"}) {
    const auto of = [&](const std::string& url) {
      return place(inventory_on_google(), {{"GOOGLE_CLOUD_PROJECT", "p"}, {name, url}});
    };
    const auto refused = of("http://google.example/compute/v1/");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(refused.error().message,
                AllOf(HasSubstr(name), HasSubstr("plain http"), HasSubstr("https://")));
    EXPECT_TRUE(of("http://127.0.0.1:8080/compute/v1/"));
    EXPECT_THAT(of("google.example").error().message, HasSubstr(name));
  }
  model::Inventory inventory = inventory_on_google();
  inventory.access.cloud_endpoint = "http://google.example";
  EXPECT_THAT(place(inventory, {{"GOOGLE_CLOUD_PROJECT", "p"}}).error().message,
              HasSubstr("access.cloud_endpoint"));
}

TEST(ComputePlaces, SayWhatIsMissing) {
  EXPECT_THAT(place(inventory_on_google(), {}).error().message, HasSubstr("GOOGLE_CLOUD_PROJECT"));
  model::Inventory inventory = inventory_on_google();
  inventory.launch.zone = "";
  EXPECT_THAT(place(inventory, {{"GOOGLE_CLOUD_PROJECT", "p"}}).error().message,
              HasSubstr("launch.zone"));
  EXPECT_EQ(place(inventory, {{"GOOGLE_CLOUD_PROJECT", "p"}, {"CLOUDSDK_COMPUTE_ZONE", "a-b-c"}})
                .value()
                .region,
            "a-b");
  inventory = inventory_on_google();
  inventory.access.cloud_endpoint = "compute.test";
  EXPECT_EQ(place(inventory, {{"GOOGLE_CLOUD_PROJECT", "p"}}).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace wme::executor::gcp
