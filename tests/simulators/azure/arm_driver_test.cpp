#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "executor/drivers/azure/arm_port.hpp"
#include "tests/simulators/azure/arm_door.hpp"

/// The production driver against the simulator, and both against Azure's own model: no name, type
/// or value on the wire is our invention.
namespace wme::simulators::azure {
namespace {

using executor::azure::ArmClient;
using executor::azure::ArmPlace;
using executor::azure::ArmPort;
using executor::azure::TokenChain;
using std::chrono::minutes;
using ::testing::IsEmpty;

std::optional<std::string> principal(std::string_view name) {
  const ArmAccount account;
  if (name == "AZURE_TENANT_ID") return account.tenant;
  if (name == "AZURE_CLIENT_ID") return account.client;
  if (name == "AZURE_CLIENT_SECRET") return account.secret;
  return std::nullopt;
}

ArmPlace place() {
  const ArmAccount account;
  return {kBase, kBase, kBase, account.subscription, account.group, account.location};
}

class ArmDriverTest : public ::testing::Test {
 protected:
  explicit ArmDriverTest(model::Procedure procedure = model::Procedure::kDehydrate,
                         FaultSchedule faults = {},
                         const model::Inventory& inventory = small_inventory())
      : inventory_(inventory), arm_(procedure, std::move(faults), inventory) {}
  ~ArmDriverTest() override {
    EXPECT_THAT(arm_.wire().faults(), IsEmpty());
    EXPECT_GT(arm_.wire().checked(), 0);
  }

  Result<std::string> perform(const std::string& action, std::vector<std::string> arguments = {},
                              const std::string& run = "run-1") {
    std::string token = run + "/" + action;
    for (const std::string& each : arguments) token += "-" + each;
    return port_.perform({action, std::move(arguments), token});
  }
  void done(const std::string& action, std::vector<std::string> arguments = {}) {
    const auto receipt = perform(action, std::move(arguments));
    EXPECT_TRUE(receipt) << receipt.error().message;
    arm_.wait(minutes(150));
  }
  std::string seen(const std::string& fluent, std::vector<std::string> arguments = {}) {
    const auto read = port_.observe({{fluent, std::move(arguments)}});
    if (!read) return read.error().message;
    return read.value().front().value.value_or("unseen: " + read.value().front().detail);
  }
  long sent(const std::string& what) const {
    return std::ranges::count_if(arm_.wire_log(), [&](const std::string& each) {
      return each.starts_with(what.substr(0, what.find(' '))) &&
             each.find(what.substr(what.find(' ') + 1)) != std::string::npos;
    });
  }

  /// The door, and what went through it.
  class Door : public ArmDoor {
   public:
    using ArmDoor::ArmDoor;
    const std::vector<std::string>& wire_log() const {
      return const_cast<Door*>(this)->wire().log();
    }
  };
  model::Inventory inventory_;
  Door arm_;
  TokenChain tokens_{place(), principal, arm_.wire(), [this] { return arm_.wall; }};
  ArmClient client_{arm_.wire(), place(), tokens_};
  ArmPort port_{inventory_, client_};
};

TEST_F(ArmDriverTest, SeesWhatTheWorldHolds) {
  EXPECT_EQ(seen("power", {"platform"}), "running");
  EXPECT_EQ(seen("power", {"studio-1"}), "running");
  EXPECT_EQ(seen("power", {"platform-new"}), "absent");
  EXPECT_EQ(seen("volume", {"wm-data"}), "attached");
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "absent");
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "absent");
  EXPECT_EQ(seen("address"), "old-platform");
}

TEST_F(ArmDriverTest, BacksThePlatformUpAndReleasesItsAddress) {
  ASSERT_TRUE(perform("take-snapshot", {"snap-wm-data"}));
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "pending");
  ASSERT_TRUE(perform("stop-machine", {"platform"}));
  EXPECT_EQ(seen("power", {"platform"}), "stopping");
  arm_.wait(minutes(150));
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "completed");
  EXPECT_EQ(seen("power", {"platform"}), "stopped");
  EXPECT_EQ(seen("volume", {"wm-data"}), "attached");  // to a deallocated machine: Reserved
  ASSERT_TRUE(perform("detach-address"));
  EXPECT_EQ(seen("address"), "detaching");
  arm_.wait(minutes(5));
  EXPECT_EQ(seen("address"), "free");
  // And the way back (INV-63).
  ASSERT_TRUE(perform("return-address"));
  EXPECT_EQ(seen("address"), "attaching");
  arm_.wait(minutes(5));
  EXPECT_EQ(seen("address"), "old-platform");
  done("start-machine", {"platform"});
  EXPECT_EQ(seen("power", {"platform"}), "running");
}

TEST_F(ArmDriverTest, GivesAnInterfaceUpOnADeallocatedMachineOnly) {
  const auto receipt = perform("detach-address");
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().code, ErrorCode::kBlocked);
  EXPECT_THAT(receipt.error().message, ::testing::HasSubstr("deallocate the machine"));
}

TEST_F(ArmDriverTest, TakesAStandInForTheOnlyOne) {
  done("stop-machine", {"platform"});
  // Given a Platform whose only interface is the one with the address
  const std::string machine = id_of(kMachineType, "wme-platform");
  const nlohmann::json only = nlohmann::json::array(
      {{{"id", id_of(kInterfaceType, "wme-nic-1")}, {"properties", {{"primary", true}}}}});
  ASSERT_EQ(arm_.call("PATCH", machine,
                      {{"properties", {{"networkProfile", {{"networkInterfaces", only}}}}}})
                .status,
            200);
  arm_.wait(minutes(5));
  // When it is detached
  done("detach-address");
  // Then another one takes its place, and gives it back again
  EXPECT_EQ(seen("address"), "free");
  EXPECT_EQ(sent("PUT wme-platform-stand-in"), 1);
  done("return-address");
  EXPECT_EQ(seen("address"), "old-platform");
  const auto listed = arm_.call("GET", machine).body;
  EXPECT_EQ(items_at(listed, "properties/networkProfile/networkInterfaces").size(), 1U);
}

class ArmRestoreTest : public ArmDriverTest {
 protected:
  ArmRestoreTest() : ArmDriverTest(model::Procedure::kRestore) {}
};

TEST_F(ArmRestoreTest, FindsTheBackupAndNothingElse) {
  EXPECT_EQ(seen("power", {"platform"}), "terminated");
  EXPECT_EQ(seen("volume", {"wm-data"}), "deleted");
  EXPECT_EQ(seen("address"), "free");
  EXPECT_EQ(seen("snapshot", {"snap-wm-runtime"}), "completed");
}

TEST_F(ArmRestoreTest, BringsThePlatformBackOnANewMachineWithItsAddress) {
  ASSERT_TRUE(perform("launch-machine", {"platform-new"}));
  EXPECT_EQ(seen("power", {"platform-new"}), "pending");
  EXPECT_EQ(seen("address"), "free");  // until the machine stands
  arm_.wait(minutes(30));
  EXPECT_EQ(seen("power", {"platform-new"}), "running");
  EXPECT_EQ(seen("address"), "new-platform");
  for (const char* volume : {"wm-data-new", "wm-runtime-new"}) {
    ASSERT_TRUE(perform("create-volume", {volume}));
    EXPECT_EQ(seen("volume", {volume}), "creating");
    arm_.wait(minutes(30));
    EXPECT_EQ(seen("volume", {volume}), "available");
    ASSERT_TRUE(perform("attach-volume", {volume}));
    EXPECT_EQ(seen("volume", {volume}), "attaching");
    arm_.wait(minutes(30));
    EXPECT_EQ(seen("volume", {volume}), "attached");
  }
  done("detach-volume", {"wm-data-new"});
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "available");
  done("delete-volume", {"wm-data-new"});
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "absent");
  done("launch-machine", {"studio-1-new"});
  EXPECT_EQ(seen("power", {"studio-1-new"}), "running");
  EXPECT_THAT(arm_.rules_broken(), IsEmpty());
}

TEST_F(ArmRestoreTest, WaitsWhileAnotherChangeOfTheMachineIsUnderWay) {
  done("launch-machine", {"platform-new"});
  done("create-volume", {"wm-data-new"});
  done("create-volume", {"wm-runtime-new"});
  ASSERT_TRUE(perform("attach-volume", {"wm-data-new"}));
  EXPECT_EQ(perform("attach-volume", {"wm-runtime-new"}).error().code, ErrorCode::kBlocked);
  arm_.wait(minutes(5));
  ASSERT_TRUE(perform("attach-volume", {"wm-runtime-new"}));
  arm_.wait(minutes(5));
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "attached");
  EXPECT_EQ(seen("volume", {"wm-runtime-new"}), "attached");
}

TEST_F(ArmRestoreTest, MayLaunchANewMachineThatWentAgain) {
  done("launch-machine", {"platform-new"});
  EXPECT_EQ(seen("power", {"platform-new"}), "running");
  done("terminate-machine", {"platform-new"});
  EXPECT_EQ(seen("power", {"platform-new"}), "absent");
  EXPECT_EQ(seen("address"), "free");
}

/// An answer that got lost, then the same step again: nothing may be there twice.
class ArmLostAnswerTest : public ArmDriverTest, public ::testing::WithParamInterface<const char*> {
 protected:
  ArmLostAnswerTest()
      : ArmDriverTest(model::Procedure::kRestore,
                      FaultSchedule({{GetParam(), 1, Fault::kAnswerLost}})) {}
  void twice_if_lost(const std::string& action, const std::vector<std::string>& arguments) {
    auto receipt = perform(action, arguments);
    if (!receipt) {
      EXPECT_EQ(receipt.error().code, ErrorCode::kUnknownOutcome);
      ++lost_;
      receipt = perform(action, arguments);
    }
    EXPECT_TRUE(receipt) << receipt.error().message;
    arm_.wait(minutes(30));
  }
  int lost_ = 0;
};

TEST_P(ArmLostAnswerTest, MakesNothingTwice) {
  twice_if_lost("launch-machine", {"platform-new"});
  twice_if_lost("launch-machine", {"studio-1-new"});
  twice_if_lost("create-volume", {"wm-data-new"});
  twice_if_lost("attach-volume", {"wm-data-new"});
  twice_if_lost("stop-machine", {"platform-new"});
  EXPECT_EQ(lost_, 1);
  const auto count = [&](const std::string& type) {
    return items_at(arm_.call("GET", id_of(type, "").substr(0, id_of(type, "").size() - 1)).body,
                    "value")
        .size();
  };
  EXPECT_EQ(count(kMachineType), 2U);
  // The kept one, those of the two machines that were lost, and the new instance's own.
  EXPECT_EQ(count(kInterfaceType), 4U);
  EXPECT_EQ(seen("volume", {"wm-data-new"}), "attached");
  EXPECT_EQ(seen("address"), "new-platform");
}

INSTANTIATE_TEST_SUITE_P(EachChange, ArmLostAnswerTest,
                         ::testing::Values("VirtualMachines_CreateOrUpdate",
                                           "NetworkInterfaces_CreateOrUpdate",
                                           "Disks_CreateOrUpdate", "VirtualMachines_Update",
                                           "VirtualMachines_Deallocate"));

class ArmFailureTest : public ArmDriverTest, public ::testing::WithParamInterface<const char*> {
 protected:
  ArmFailureTest()
      : ArmDriverTest(model::Procedure::kRestore,
                      FaultSchedule({{GetParam(), 1, Fault::kOutcomeFails}})) {}
};

/// The end of what was accepted is a failure: it is seen as the model has it, and the same step,
/// asked again, works.
TEST_P(ArmFailureTest, IsSeenAndCanBeAskedForAgain) {
  const std::string failing = GetParam();
  const auto twice_if_failed = [&](const std::string& action, const std::string& of,
                                   const std::string& fluent, const std::string& failed,
                                   const std::string& wanted) {
    done(action, {of});
    if (action == failing) {
      EXPECT_EQ(seen(fluent, {of}), failed);
      done(action, {of});
    }
    EXPECT_EQ(seen(fluent, {of}), wanted) << action;
  };
  twice_if_failed("launch-machine", "platform-new", "power", "absent", "running");
  EXPECT_EQ(seen("address"), "new-platform");
  twice_if_failed("create-volume", "wm-data-new", "volume", "error", "available");
  twice_if_failed("attach-volume", "wm-data-new", "volume", "available", "attached");
  twice_if_failed("stop-machine", "platform-new", "power", "running", "stopped");
}

INSTANTIATE_TEST_SUITE_P(OfEachOutcome, ArmFailureTest,
                         ::testing::Values("launch-machine", "create-volume", "attach-volume",
                                           "stop-machine"));

class ArmFailedBackupTest : public ArmDriverTest {
 protected:
  ArmFailedBackupTest()
      : ArmDriverTest(model::Procedure::kDehydrate,
                      FaultSchedule({{"take-snapshot", 1, Fault::kOutcomeFails},
                                     {"detach-address", 1, Fault::kOutcomeFails},
                                     {"return-address", 1, Fault::kOutcomeFails}})) {}
};

TEST_F(ArmFailedBackupTest, IsTakenAgain) {
  done("take-snapshot", {"snap-wm-data"});
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "error");
  done("take-snapshot", {"snap-wm-data"});
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "completed");
}

TEST_F(ArmFailedBackupTest, KeepsTheAddressWhereItIs) {
  done("stop-machine", {"platform"});
  done("detach-address");
  EXPECT_EQ(seen("address"), "old-platform");
  done("detach-address");
  EXPECT_EQ(seen("address"), "free");
  done("return-address");
  EXPECT_EQ(seen("address"), "free");
  done("return-address");
  EXPECT_EQ(seen("address"), "old-platform");
}

}  // namespace
}  // namespace wme::simulators::azure
