#include "executor/drivers/azure/arm_survey.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/azure/arm_door.hpp"

/// What doctor and discover see of a simulated subscription.
namespace wme::simulators::azure {
namespace {

using executor::Permission;
using executor::azure::ArmPlace;
using executor::azure::ArmSurvey;
using executor::azure::TokenChain;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ArmSurveyTest : public ::testing::Test {
 protected:
  ArmSurveyTest() { look_at(ArmAccount().group); }
  void look_at(const std::string& group) {
    const ArmAccount account;
    const ArmPlace place{kBase, kBase, kBase, account.subscription, group, account.location};
    auto tokens = std::make_unique<TokenChain>(
        place,
        [account](std::string_view name) -> std::optional<std::string> {
          if (name == "AZURE_TENANT_ID") return account.tenant;
          if (name == "AZURE_CLIENT_ID") return account.client;
          if (name == "AZURE_CLIENT_SECRET") return account.secret;
          return std::nullopt;
        },
        arm_.wire(), [this] { return arm_.wall; });
    survey_ = std::make_unique<ArmSurvey>(
        small_inventory(), arm_.wire(), place, std::move(tokens),
        [this] { return std::chrono::sys_time<std::chrono::milliseconds>(arm_.wall); });
  }
  ~ArmSurveyTest() override {
    EXPECT_THAT(arm_.wire().faults(), IsEmpty());
    for (const std::string& each : arm_.wire().log())
      EXPECT_TRUE(each.starts_with("GET ") || each.ends_with("/token")) << each;
  }

  ArmDoor arm_;
  std::unique_ptr<ArmSurvey> survey_;
};

TEST_F(ArmSurveyTest, SeesMachinesByTheirAddresses) {
  const auto machines = survey_->machines({"10.0.0.10"}, {"wme-studio-1"});
  ASSERT_TRUE(machines) << machines.error().message;
  ASSERT_EQ(machines.value().size(), 2U);
  const executor::SeenMachine& platform = machines.value().front();
  EXPECT_EQ(platform.cloud_id, "wme-platform");
  EXPECT_EQ(platform.state, "running");
  EXPECT_EQ(platform.size, "Standard_D8s_v5");
  EXPECT_EQ(platform.vcpus, 8);
  EXPECT_EQ(platform.subnet, "wme-vnet/wme-subnet");
  EXPECT_EQ(platform.zone, "westeurope-1");
  EXPECT_EQ(platform.key_name, "wme-admin");
  EXPECT_EQ(platform.movable_interfaces.at("10.0.0.10"), "wme-nic-1");
  const auto range = survey_->range_of(platform.network);
  ASSERT_TRUE(range);
  EXPECT_EQ(range.value(), "10.0.0.0/16");
  EXPECT_EQ(machines.value().back().cloud_id, "wme-studio-1");
}

TEST_F(ArmSurveyTest, SeesTheirDisks) {
  const auto disks = survey_->disks_of({"wme-platform", "none"});
  ASSERT_TRUE(disks) << disks.error().message;
  ASSERT_EQ(disks.value().size(), 2U);
  EXPECT_EQ(disks.value().front().cloud_id, "wme-data");
  EXPECT_EQ(disks.value().front().size_gb, 150);
  EXPECT_FALSE(disks.value().front().deleted_with_machine);
}

TEST_F(ArmSurveyTest, KnowsWhoHasAnAddress) {
  const auto held = survey_->holder_of("10.0.0.10");
  ASSERT_TRUE(held && held.value());
  EXPECT_EQ(held.value()->interface, "wme-nic-1");
  EXPECT_EQ(held.value()->machine, "wme-platform");
  EXPECT_FALSE(survey_->holder_of("10.0.0.121").value());
}

TEST_F(ArmSurveyTest, LooksTheImageUp) {
  EXPECT_FALSE(survey_->fault_of_image(small_inventory().launch.image).value());
  EXPECT_TRUE(survey_->fault_of_image("Canonical:none:none:latest").value());
  EXPECT_TRUE(survey_->fault_of_image("Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:1.2.3")
                  .value());
}

TEST_F(ArmSurveyTest, TellsWhichRightIsMissing) {
  const std::vector<executor::Call> calls = {{"take-snapshot", {"snap-wm-data"}, ""},
                                             {"stop-machine", {"platform"}, ""}};
  const auto allowed = survey_->permissions(calls);
  ASSERT_TRUE(allowed) << allowed.error().message;
  ASSERT_EQ(allowed.value().size(), 3U);
  for (const Permission& each : allowed.value())
    EXPECT_EQ(each.answer, Permission::Answer::kAllowed) << each.operation;
  {
    const auto lock = arm_.world().enter();
    arm_.world().conditions().denied.insert("Microsoft.Compute/snapshots/write");
  }
  const auto denied = survey_->permissions(calls);
  std::vector<std::string> missing;
  for (const Permission& each : denied.value())
    if (each.answer == Permission::Answer::kDenied) missing.push_back(each.operation);
  EXPECT_THAT(missing, ElementsAre("Microsoft.Compute/snapshots/write"));
}

TEST_F(ArmSurveyTest, WritesTheLeastAsACustomRole) {
  const std::string role = survey_->policy({{"stop-machine", {"platform"}, ""}}, "");
  const auto document = nlohmann::json::parse(role);
  EXPECT_THAT(role, HasSubstr("Microsoft.Compute/virtualMachines/deallocate/action"));
  EXPECT_THAT(role, ::testing::Not(HasSubstr("snapshots/write")));
  EXPECT_EQ(document.at("AssignableScopes").size(), 1U);
  EXPECT_TRUE(survey_->identity());
  EXPECT_TRUE(survey_->clock().value());
}

TEST_F(ArmSurveyTest, SaysThatItsResourceGroupIsNotThere) {
  EXPECT_TRUE(survey_->identity());
  look_at("none");
  const auto identity = survey_->identity();
  ASSERT_FALSE(identity);
  EXPECT_THAT(identity.error().message,
              HasSubstr("ResourceGroupNotFound: Resource group 'none' could not be found; correct "
                        "AZURE_RESOURCE_GROUP"));
}

TEST_F(ArmSurveyTest, ComparesTheQuotasWithWhatIsNeeded) {
  const auto quotas = survey_->quotas(
      {{"launch-machine", {"platform-new"}, ""}, {"launch-machine", {"studio-1-new"}, ""}});
  ASSERT_TRUE(quotas) << quotas.error().message;
  ASSERT_FALSE(quotas.value().empty());
  EXPECT_EQ(quotas.value().front().limit, 1000);
  EXPECT_EQ(quotas.value().front().wanted, 2 * (8 + 4));
}

}  // namespace
}  // namespace wme::simulators::azure
