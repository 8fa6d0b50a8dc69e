#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/simulators/aws/ec2_door.hpp"
#include "tests/support/aws/ec2_model.hpp"

/// The waiters of the AWS clients, as their own definition has them, end as on the real service.
namespace wme::simulators::aws {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class Ec2Waiters : public ::testing::Test {
 protected:
  /// "success", "failure", or "too long": what a client's waiter ends with.
  std::string wait(const std::string& name, const Pairs& pairs) {
    const auto& waiter = definitions().at("waiters").at(name);
    for (int tries = 0; tries < waiter.at("maxAttempts").get<int>(); ++tries) {
      const std::string operation = waiter.at("operation");
      const Ec2Answer answer = ec2_.call(operation, pairs);
      const std::string state = state_of(waiter, operation, answer);
      if (state == "success" || state == "failure") return state;
      if (state.empty() && answer.status != 200) return "failure";
      ec2_.wait(seconds(waiter.at("delay").get<int>()));
    }
    return "too long";
  }

  static const nlohmann::json& definitions() {
    static const nlohmann::json all = [] {
      std::ifstream file(std::string(WME_SOURCE_DIR) + "/tests/data/aws/ec2-waiters-trimmed.json");
      return nlohmann::json::parse(file);
    }();
    return all;
  }

  std::string state_of(const nlohmann::json& waiter, const std::string& operation,
                       const Ec2Answer& answer) const {
    for (const auto& acceptor : waiter.at("acceptors")) {
      const std::string matcher = acceptor.at("matcher");
      if (matcher == "error" ? answer.code() == acceptor.at("expected").get<std::string>()
                             : answer.status == 200 && fits(acceptor, operation, answer))
        return acceptor.at("state");
    }
    return "";
  }

  bool fits(const nlohmann::json& acceptor, const std::string& operation,
            const Ec2Answer& answer) const {
    std::string path = acceptor.at("argument");
    const bool counts = path.starts_with("length(");
    if (counts) path = path.substr(7, path.find(')') - 7);
    const auto texts = model_.texts(operation, answer.document->document_element(), path);
    if (counts) return !texts.empty();
    const std::string expected = acceptor.at("expected");
    const auto is_it = [&](const std::string& text) { return text == expected; };
    return acceptor.at("matcher") == "pathAny"
               ? std::ranges::any_of(texts, is_it)
               : !texts.empty() && std::ranges::all_of(texts, is_it);
  }

  Ec2Door ec2_;
  testing_support::Ec2Model model_;
};

TEST_F(Ec2Waiters, SeeAMachineThroughItsLife) {
  const auto run = ec2_.call("RunInstances", kNewMachine);
  const Pairs machine = {{"InstanceId.1", run.text("instancesSet/item/instanceId")}};
  EXPECT_EQ(wait("InstanceExists", machine), "success");
  EXPECT_EQ(wait("InstanceStopped", machine), "failure") << "it is pending";
  EXPECT_EQ(wait("InstanceRunning", machine), "success");
  EXPECT_EQ(ec2_.call("DescribeInstanceStatus", machine)
                .text("instanceStatusSet/item/instanceStatus/status"),
            "initializing");
  EXPECT_EQ(wait("InstanceStatusOk", machine), "success");
  EXPECT_EQ(wait("SystemStatusOk", machine), "success");
  ec2_.call("StopInstances", machine);
  EXPECT_EQ(wait("InstanceRunning", machine), "failure") << "it is stopping";
  EXPECT_EQ(wait("InstanceStopped", machine), "success");
  EXPECT_EQ(wait("InstanceStatusOk", machine), "too long") << "only running ones are listed";
  ec2_.call("StartInstances", machine);
  EXPECT_EQ(wait("InstanceRunning", machine), "success");
  ec2_.call("TerminateInstances", machine);
  EXPECT_EQ(wait("InstanceTerminated", machine), "success");
  EXPECT_EQ(wait("InstanceRunning", machine), "failure");
}

TEST_F(Ec2Waiters, SeeVolumesAndSnapshots) {
  const Pairs data = {{"VolumeId", kData}};
  const auto snapshot = ec2_.call("CreateSnapshot", data);
  const std::string id = snapshot.text("snapshotId");
  EXPECT_EQ(
      ec2_.call("CreateVolume", {{"SnapshotId", id}, {"AvailabilityZone", "eu-central-1a"}}).code(),
      "IncorrectState");
  // As of a first, full one: the clients' ten minutes are not enough.
  EXPECT_EQ(wait("SnapshotCompleted", {{"SnapshotId.1", id}}), "too long");
  ec2_.wait(minutes(120));
  EXPECT_EQ(wait("SnapshotCompleted", {{"SnapshotId.1", id}}), "success");
  const auto made =
      ec2_.call("CreateVolume", {{"Size", "5"}, {"AvailabilityZone", "eu-central-1a"}});
  const Pairs volume = {{"VolumeId.1", made.text("volumeId")}};
  EXPECT_EQ(wait("VolumeInUse", volume), "too long");
  EXPECT_EQ(wait("VolumeAvailable", volume), "success");
  const Pairs attach = {
      {"VolumeId", made.text("volumeId")}, {"InstanceId", kStudio}, {"Device", "/dev/sdx"}};
  EXPECT_EQ(ec2_.call("AttachVolume", attach).text("status"), "attaching");
  EXPECT_EQ(wait("VolumeInUse", volume), "success");
  ec2_.wait(minutes(1));
  EXPECT_EQ(ec2_.call("DetachVolume", {attach.front()}).text("status"), "detaching");
  EXPECT_EQ(wait("VolumeAvailable", volume), "success");
  ec2_.call("DeleteVolume", {attach.front()});
  EXPECT_EQ(wait("VolumeDeleted", volume), "success");
}

TEST_F(Ec2Waiters, SeeAFailedSnapshotFail) {
  Ec2Door failing(model::Procedure::kDehydrate,
                  FaultSchedule({{"take-snapshot", 1, Fault::kOutcomeFails}}));
  const auto snapshot = failing.call("CreateSnapshot", {{"VolumeId", kData}});
  failing.wait(minutes(600));
  const auto& waiter = definitions().at("waiters").at("SnapshotCompleted");
  const auto answer =
      failing.call("DescribeSnapshots", {{"SnapshotId.1", snapshot.text("snapshotId")}});
  EXPECT_EQ(state_of(waiter, "DescribeSnapshots", answer), "failure");
}

TEST_F(Ec2Waiters, SeeInterfacesAndImages) {
  const auto made = ec2_.call("CreateNetworkInterface", {{"SubnetId", "subnet-0aaaaaaaaaaaaaaa1"}});
  const std::string id = made.text("networkInterface/networkInterfaceId");
  const Pairs interface = {{"NetworkInterfaceId.1", id}};
  EXPECT_EQ(wait("NetworkInterfaceAvailable", interface), "success");
  const auto attached =
      ec2_.call("AttachNetworkInterface",
                {{"NetworkInterfaceId", id}, {"InstanceId", kStudio}, {"DeviceIndex", "1"}});
  EXPECT_EQ(wait("NetworkInterfaceAvailable", interface), "too long");
  ec2_.call("DetachNetworkInterface", {{"AttachmentId", attached.text("attachmentId")}});
  EXPECT_EQ(wait("NetworkInterfaceAvailable", interface), "success");
  EXPECT_EQ(wait("NetworkInterfaceAvailable", {{"NetworkInterfaceId.1", "eni-0123456789abcdef0"}}),
            "failure");
  EXPECT_EQ(wait("ImageAvailable", {{"ImageId.1", "ami-0aaaaaaaaaaaaaaa1"}}), "success");
  EXPECT_EQ(wait("ImageExists", {{"ImageId.1", "ami-0123456789abcdef0"}}), "too long");
}

TEST_F(Ec2Waiters, AreNotMisledByReadsThatLag) {
  ec2_.world().conditions().reads_lag = seconds(20);
  const Pairs tokened = with(kNewMachine, "ClientToken", "token-1");
  const auto run = ec2_.call("RunInstances", tokened);
  const Pairs machine = {{"InstanceId.1", run.text("instancesSet/item/instanceId")}};
  EXPECT_EQ(ec2_.call("DescribeInstances", machine).code(), "InvalidInstanceID.NotFound");
  EXPECT_EQ(ec2_.call("StopInstances", machine).code(), "InvalidInstanceID.NotFound");
  EXPECT_EQ(ec2_.call("RunInstances", tokened).text("instancesSet/item/instanceId"),
            machine.front().second)
      << "the token is known at once";
  EXPECT_EQ(wait("InstanceRunning", machine), "success");
  const auto made =
      ec2_.call("CreateVolume", {{"Size", "5"}, {"AvailabilityZone", "eu-central-1a"}});
  const Pairs volume = {{"VolumeId.1", made.text("volumeId")}};
  EXPECT_EQ(ec2_.call("DescribeVolumes", volume).code(), "InvalidVolume.NotFound");
  ec2_.wait(seconds(20));
  EXPECT_EQ(wait("VolumeAvailable", volume), "success");
}

}  // namespace
}  // namespace wme::simulators::aws
