#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "executor/drivers/gcp/gcp_cloud.hpp"
#include "scenarios/rehearsal/in_process.hpp"
#include "tests/simulators/gcp/compute_door.hpp"

/// The production driver against the simulator.
namespace wme::simulators::gcp {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;

std::optional<std::string> variables(std::string_view name) {
  if (name == "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE") return "http://localhost/compute/v1/";
  if (name == "GCE_METADATA_HOST") return "localhost";
  if (name == "GOOGLE_CLOUD_PROJECT") return "wme-simulated";
  return std::nullopt;
}

class ComputeDriverTest : public ::testing::Test {
 protected:
  explicit ComputeDriverTest(model::Procedure procedure = model::Procedure::kDehydrate,
                             FaultSchedule faults = {},
                             const model::Inventory& inventory = small_installation())
      : compute_(procedure, std::move(faults), inventory), inventory_(inventory) {
    wire_.serve("http://localhost", compute_.front());
    auto opened = executor::gcp::open_gcp(
        inventory_, {wire_, variables,
                     [] { return std::chrono::sys_seconds(std::chrono::seconds(1700000000)); }});
    cloud_ = std::move(opened).value();
  }

  Result<std::string> perform(const std::string& action, std::vector<std::string> arguments = {}) {
    return cloud_->port().perform({action, arguments, token_of(action, arguments)});
  }
  void done(const std::string& action, std::vector<std::string> arguments = {}) {
    const auto receipt = perform(action, std::move(arguments));
    EXPECT_TRUE(receipt) << receipt.error().message;
    compute_.wait(minutes(150));
  }
  std::string failure_of(const std::string& action, std::vector<std::string> arguments = {}) {
    const auto why = cloud_->port().failure_of({action, arguments, token_of(action, arguments)});
    return why ? why.value().value_or("") : why.error().message;
  }
  executor::Observation observed(const std::string& fluent,
                                 std::vector<std::string> arguments = {}) {
    const auto read = cloud_->port().observe({{fluent, std::move(arguments)}});
    return read ? read.value().front()
                : executor::Observation{{}, std::nullopt, read.error().message};
  }
  std::string seen(const std::string& fluent, std::vector<std::string> arguments = {}) {
    const auto one = observed(fluent, std::move(arguments));
    return one.value.value_or("unseen: " + one.detail);
  }
  static std::string token_of(const std::string& action,
                              const std::vector<std::string>& arguments) {
    std::string token = "run-1/" + action;
    for (const std::string& each : arguments) token += "-" + each;
    return token;
  }

  ComputeDoor compute_;
  model::Inventory inventory_;
  scenarios::InProcessHttp wire_;
  std::unique_ptr<executor::Cloud> cloud_;
};

TEST_F(ComputeDriverTest, SeesWhatTheWorldHolds) {
  EXPECT_EQ(seen("power", {"platform"}), "running");
  EXPECT_EQ(seen("power", {"studio-1"}), "running");
  EXPECT_EQ(seen("power", {"platform-new"}), "absent");
  EXPECT_EQ(seen("volume", {"wm-data"}), "attached");
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "absent");
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "absent");
  EXPECT_EQ(seen("address"), "old-platform");
}

TEST_F(ComputeDriverTest, BacksThePlatformUpAndReleasesItsAddress) {
  ASSERT_TRUE(perform("take-snapshot", {"snap-wm-data"}));
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "pending");
  ASSERT_TRUE(perform("stop-machine", {"platform"}));
  EXPECT_EQ(seen("power", {"platform"}), "stopping");
  compute_.wait(minutes(150));
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "completed");
  EXPECT_EQ(seen("power", {"platform"}), "stopped");
  // The alias stays until the operation is done: nothing is claimed before.
  ASSERT_TRUE(perform("detach-address"));
  EXPECT_EQ(seen("address"), "old-platform");
  compute_.wait(minutes(5));
  EXPECT_EQ(seen("address"), "free");
  // And the way back (INV-63).
  ASSERT_TRUE(perform("return-address"));
  EXPECT_EQ(seen("address"), "free");
  compute_.wait(minutes(5));
  EXPECT_EQ(seen("address"), "old-platform");
}

TEST_F(ComputeDriverTest, DoesNotLetGoOfAnAddressThatAnybodyCouldGet) {
  const auto addresses = compute_.call("GET", kRegion + "addresses");
  const std::string name = addresses.text("/items/0/name");
  // It is in use, and Compute Engine keeps it.
  EXPECT_EQ(compute_.call("DELETE", kRegion + "addresses/" + name).reason(),
            "resourceInUseByAnotherResource");
  auto other = small_installation();
  other.platform.address = "10.0.0.11";
  const auto opened = executor::gcp::open_gcp(
      other, {wire_, variables,
              [] { return std::chrono::sys_seconds(std::chrono::seconds(1700000000)); }});
  const auto seen_of_other = opened.value()->port().observe({{"address", {}}});
  EXPECT_THAT(seen_of_other.value().front().detail, HasSubstr("not reserved"));
}

TEST_F(ComputeDriverTest, AsksTheSameTwiceAndChangesItOnce) {
  const auto first = perform("take-snapshot", {"snap-wm-data"});
  const auto again = perform("take-snapshot", {"snap-wm-data"});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(first.value(), again.value());
  EXPECT_EQ(compute_.call("GET", "global/snapshots").body["items"].size(), 1U);
}

TEST_F(ComputeDriverTest, FindsItsOwnSnapshotAgainWhenTheRequestIsForgotten) {
  const auto first = perform("take-snapshot", {"snap-wm-data"});
  const auto& snapshots = compute_.call("GET", "global/snapshots").body;
  const std::string name = snapshots["items"][0]["name"];
  // As somebody who has the name, but asks by another requestId.
  const auto taken =
      compute_.call("POST", kZone + "disks/wme-data/createSnapshot", {{"name", name}});
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(taken.reason(), "alreadyExists");
  EXPECT_THAT(first.value(), HasSubstr(name));
}

TEST_F(ComputeDriverTest, KeepsTheDisksOfAMachineThatItDeletes) {
  const auto refused = perform("terminate-machine", {"studio-1"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kBlocked);
  EXPECT_THAT(refused.error().message, HasSubstr("wme-studio-1-data"));
  compute_.wait(minutes(1));
  ASSERT_TRUE(perform("terminate-machine", {"studio-1"}));
  EXPECT_EQ(seen("power", {"studio-1"}), "terminating");
  compute_.wait(minutes(10));
  EXPECT_EQ(seen("power", {"studio-1"}), "terminated");
  EXPECT_EQ(compute_.call("GET", kZone + "disks/wme-studio-1-data").status, 200);
  EXPECT_EQ(compute_.call("GET", kZone + "disks/wme-studio-1").status, 404);
}

TEST_F(ComputeDriverTest, SaysWhatItCannotDo) {
  EXPECT_EQ(perform("fly", {}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("stop-machine", {}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("launch-machine", {"platform"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("create-volume", {"wm-data"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("stop-machine", {"platform-new"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(perform("create-volume", {"wm-data-new"}).error().code, ErrorCode::kNotFound);
}

class ComputeRestoreTest : public ComputeDriverTest {
 protected:
  explicit ComputeRestoreTest(FaultSchedule faults = {})
      : ComputeDriverTest(model::Procedure::kRestore, std::move(faults)) {}
};

TEST_F(ComputeRestoreTest, FindsTheBackupAndNothingElse) {
  EXPECT_EQ(seen("power", {"platform"}), "terminated");
  EXPECT_EQ(seen("volume", {"wm-data"}), "deleted");
  EXPECT_EQ(seen("address"), "free");
  EXPECT_EQ(seen("snapshot", {"snap-wm-runtime"}), "completed");
}

TEST_F(ComputeRestoreTest, BringsThePlatformBackOnANewMachine) {
  ASSERT_TRUE(perform("launch-machine", {"platform-new"}));
  EXPECT_EQ(seen("power", {"platform-new"}), "pending");
  compute_.wait(minutes(150));
  EXPECT_EQ(seen("power", {"platform-new"}), "running");
  done("attach-address");
  EXPECT_EQ(seen("address"), "new-platform");
  for (const char* volume : {"wm-data-new", "wm-runtime-new"}) {
    done("create-volume", {volume});
    EXPECT_EQ(seen("volume", {volume}), "available");
    done("attach-volume", {volume});
    EXPECT_EQ(seen("volume", {volume}), "attached");
  }
  done("launch-machine", {"studio-1-new"});
  EXPECT_EQ(seen("power", {"studio-1-new"}), "running");
  const auto instances =
      compute_.call("GET", kZone + "instances?filter=labels.rehydrate-entity%20%3D%20platform-new");
  ASSERT_EQ(instances.body["items"].size(), 1U);
  const auto& machine = instances.body["items"][0];
  EXPECT_EQ(machine["networkInterfaces"][0]["aliasIpRanges"][0]["ipCidrRange"], "10.0.0.10/32");
  EXPECT_EQ(machine["tags"]["items"], (std::vector<std::string>{"wme-platform", "wme-external"}));
  std::vector<std::string> devices;
  for (const auto& disk : machine["disks"]) {
    devices.push_back(disk["deviceName"]);
    EXPECT_EQ(disk["autoDelete"], disk["boot"]);
  }
  EXPECT_EQ(devices, (std::vector<std::string>{"persistent-disk-0", "wm-data", "wm-runtime"}));
  EXPECT_THAT(compute_.rules_broken(), ::testing::IsEmpty());
}

TEST_F(ComputeRestoreTest, GoesBackFromANewPlatform) {
  done("launch-machine", {"platform-new"});
  done("create-volume", {"wm-data-new"});
  done("attach-volume", {"wm-data-new"});
  done("detach-volume", {"wm-data-new"});
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "available");
  done("delete-volume", {"wm-data-new"});
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "absent");
  done("terminate-machine", {"platform-new"});
  EXPECT_EQ(seen("power", {"platform-new"}), "absent") << "it may be launched again";
}

class ComputeFailureTest : public ComputeRestoreTest {
 protected:
  ComputeFailureTest()
      : ComputeRestoreTest(FaultSchedule({{"launch-machine", 1, Fault::kOutcomeFails},
                                          {"create-volume", 1, Fault::kOutcomeFails}})) {}
};

TEST_F(ComputeFailureTest, TellsWhyAnAcceptedRequestEndedBadly) {
  done("launch-machine", {"platform-new"});
  EXPECT_EQ(seen("power", {"platform-new"}), "absent");
  EXPECT_THAT(failure_of("launch-machine", {"platform-new"}),
              HasSubstr("ZONE_RESOURCE_POOL_EXHAUSTED"));
  // The same request again is the same failure; another token asks anew.
  const auto again = perform("launch-machine", {"platform-new"});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kFailed);
  EXPECT_THAT(again.error().message, HasSubstr("choose another size or zone"));
  EXPECT_TRUE(cloud_->port().perform({"launch-machine", {"platform-new"}, "run-1/s1#2"}));
  EXPECT_EQ(failure_of("attach-volume", {"wm-data-new"}), "");
}

}  // namespace
}  // namespace wme::simulators::gcp
