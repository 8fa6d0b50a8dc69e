#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "executor/drivers/aws/ec2_port.hpp"
#include "scenarios/rehearsal/in_process.hpp"
#include "tests/simulators/aws/ec2_door.hpp"

/// The production driver against the simulator: each was written from the contract alone.
namespace wme::simulators::aws {
namespace {

using executor::aws::CredentialChain;
using executor::aws::Ec2Client;
using executor::aws::Ec2Port;
using std::chrono::minutes;

std::optional<std::string> keys(std::string_view name) {
  if (name == "AWS_ACCESS_KEY_ID") return "AKID";
  if (name == "AWS_SECRET_ACCESS_KEY") return "secret";
  return std::nullopt;
}

class Ec2DriverTest : public ::testing::Test {
 protected:
  explicit Ec2DriverTest(model::Procedure procedure = model::Procedure::kDehydrate,
                         FaultSchedule faults = {})
      : ec2_(procedure, std::move(faults)) {
    wire_.serve("http://ec2.test", ec2_.front());
  }

  Result<std::string> perform(const std::string& action, std::vector<std::string> arguments = {}) {
    return port_.perform({action, arguments, "run-1/" + action + "-" + joined(arguments)});
  }
  void done(const std::string& action, std::vector<std::string> arguments = {}) {
    const auto receipt = perform(action, std::move(arguments));
    EXPECT_TRUE(receipt) << receipt.error().message;
    ec2_.wait(minutes(150));
  }
  std::string seen(const std::string& fluent, std::vector<std::string> arguments = {}) {
    const auto read = port_.observe({{fluent, std::move(arguments)}});
    if (!read) return read.error().message;
    return read.value().front().value.value_or("unseen: " + read.value().front().detail);
  }
  static std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += word;
    return all;
  }

  Ec2Door ec2_;
  scenarios::InProcessHttp wire_;
  executor::aws::WallClock clock_ = [] {
    return std::chrono::sys_seconds(std::chrono::seconds(1700000000));
  };
  CredentialChain chain_{{keys, wire_, clock_}};
  Ec2Client client_{wire_, {"eu-central-1", "http://ec2.test"}, chain_, clock_};
  Ec2Port port_{small_inventory(), client_};
};

TEST_F(Ec2DriverTest, SeesWhatTheWorldHolds) {
  EXPECT_EQ(seen("power", {"platform"}), "running");
  EXPECT_EQ(seen("power", {"studio-1"}), "running");
  EXPECT_EQ(seen("power", {"platform-new"}), "absent");
  EXPECT_EQ(seen("volume", {"wm-data"}), "attached");
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "absent");
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "absent");
  EXPECT_EQ(seen("address"), "old-platform");
}

TEST_F(Ec2DriverTest, BacksThePlatformUpAndReleasesItsAddress) {
  ASSERT_TRUE(perform("take-snapshot", {"snap-wm-data"}));
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "pending");
  ASSERT_TRUE(perform("stop-machine", {"platform"}));
  EXPECT_EQ(seen("power", {"platform"}), "stopping");
  ec2_.wait(minutes(150));
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "completed");
  EXPECT_EQ(seen("power", {"platform"}), "stopped");
  ASSERT_TRUE(perform("detach-address"));
  EXPECT_EQ(seen("address"), "detaching");
  ec2_.wait(minutes(5));
  EXPECT_EQ(seen("address"), "free");
  // And the way back (INV-63).
  ASSERT_TRUE(perform("return-address"));
  EXPECT_EQ(seen("address"), "attaching");
  ec2_.wait(minutes(5));
  EXPECT_EQ(seen("address"), "old-platform");
}

class Ec2RestoreTest : public Ec2DriverTest {
 protected:
  Ec2RestoreTest() : Ec2DriverTest(model::Procedure::kRestore) {}
};

TEST_F(Ec2RestoreTest, FindsTheBackupAndNothingElse) {
  EXPECT_EQ(seen("power", {"platform"}), "terminated");
  EXPECT_EQ(seen("volume", {"wm-data"}), "deleted");
  EXPECT_EQ(seen("address"), "free");
  EXPECT_EQ(seen("snapshot", {"snap-wm-runtime"}), "completed");
}

TEST_F(Ec2RestoreTest, BringsThePlatformBackOnANewMachine) {
  done("launch-machine", {"platform-new"});
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
  const auto instances = ec2_.call("DescribeInstances", {{"Filter.1.Name", "tag:rehydrate:entity"},
                                                         {"Filter.1.Value.1", "platform-new"}});
  EXPECT_THAT(instances.texts("//deviceName"),
              ::testing::ElementsAre("/dev/sda1", "/dev/sdf", "/dev/sdg"));
  EXPECT_THAT(instances.texts("//networkInterfaceSet/item[2]/privateIpAddress"),
              ::testing::ElementsAre("10.0.0.10"));
}

/// An answer that got lost, then the same step again: nothing may be there twice.
class Ec2LostAnswerTest : public Ec2DriverTest, public ::testing::WithParamInterface<const char*> {
 protected:
  Ec2LostAnswerTest()
      : Ec2DriverTest(model::Procedure::kRestore,
                      FaultSchedule({{GetParam(), 1, Fault::kAnswerLost}})) {}
  void twice_if_lost(const std::string& action, std::vector<std::string> arguments = {}) {
    auto receipt = perform(action, arguments);
    if (!receipt) {
      EXPECT_EQ(receipt.error().code, ErrorCode::kUnknownOutcome);
      ++lost_;
      receipt = perform(action, arguments);
    }
    EXPECT_TRUE(receipt) << receipt.error().message;
    ec2_.wait(minutes(10));
  }
  int lost_ = 0;
};

TEST_P(Ec2LostAnswerTest, MakesNothingTwice) {
  twice_if_lost("launch-machine", {"platform-new"});
  twice_if_lost("attach-address");
  twice_if_lost("create-volume", {"wm-data-new"});
  twice_if_lost("attach-volume", {"wm-data-new"});
  twice_if_lost("stop-machine", {"platform-new"});
  EXPECT_EQ(lost_, 1);
  EXPECT_EQ(ec2_.call("DescribeInstances", {{"Filter.1.Name", "tag:rehydrate:entity"},
                                            {"Filter.1.Value.1", "platform-new"}})
                .texts("//instancesSet/item")
                .size(),
            1U);
  EXPECT_EQ(ec2_.call("DescribeVolumes", {{"Filter.1.Name", "tag:rehydrate:entity"},
                                          {"Filter.1.Value.1", "wm-data-new"}})
                .texts("//volumeSet/item")
                .size(),
            1U);
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "attached");
  EXPECT_EQ(seen("address"), "new-platform");
}

INSTANTIATE_TEST_SUITE_P(EachChange, Ec2LostAnswerTest,
                         ::testing::Values("RunInstances", "AttachNetworkInterface", "CreateVolume",
                                           "AttachVolume", "StopInstances"));

class Ec2LostSnapshotTest : public Ec2DriverTest {
 protected:
  Ec2LostSnapshotTest()
      : Ec2DriverTest(model::Procedure::kDehydrate,
                      FaultSchedule({{"CreateSnapshot", 1, Fault::kAnswerLost}})) {}
};

TEST_F(Ec2LostSnapshotTest, IsFoundAgainByItsToken) {
  EXPECT_EQ(perform("take-snapshot", {"snap-wm-data"}).error().code, ErrorCode::kUnknownOutcome);
  EXPECT_TRUE(perform("take-snapshot", {"snap-wm-data"}));
  EXPECT_EQ(ec2_.call("DescribeSnapshots").texts("//snapshotId").size(), 1U);
}

class Ec2FailedSnapshotTest : public Ec2DriverTest {
 protected:
  Ec2FailedSnapshotTest()
      : Ec2DriverTest(model::Procedure::kDehydrate,
                      FaultSchedule({{"take-snapshot", 1, Fault::kOutcomeFails}})) {}
};

TEST_F(Ec2FailedSnapshotTest, IsTakenAgainWithAnotherToken) {
  done("take-snapshot", {"snap-wm-data"});
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "error");
  ASSERT_TRUE(port_.perform({"take-snapshot", {"snap-wm-data"}, "run-1/second-try"}));
  ec2_.wait(minutes(150));
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "completed");
}

}  // namespace
}  // namespace wme::simulators::aws
