#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/simulators/aws/ec2_door.hpp"

namespace wme::simulators::aws {
namespace {

using std::chrono::minutes;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Ec2Machines, StopsAMachineInItsTimeAndOnlyOnce) {
  Ec2Door ec2;
  const Pairs studio = {{"InstanceId.1", kStudio}};
  const auto stop = ec2.call("StopInstances", studio);
  EXPECT_EQ(stop.text("instancesSet/item/currentState/name"), "stopping");
  EXPECT_EQ(stop.text("instancesSet/item/previousState/name"), "running");
  EXPECT_EQ(ec2.call("StartInstances", studio).code(), "IncorrectInstanceState");
  ec2.wait(minutes(5));
  const auto again = ec2.call("StopInstances", studio);
  EXPECT_EQ(again.text("instancesSet/item/currentState/name"), "stopped");
  EXPECT_EQ(again.text("instancesSet/item/previousState/name"), "stopped");
  EXPECT_EQ(ec2.world().events().size(), 2U);  // request and done, once
}

TEST(Ec2Machines, DetachesTheAddressButNeverAPrimaryInterface) {
  Ec2Door ec2;
  const auto interfaces =
      ec2.call("DescribeNetworkInterfaces",
               {{"Filter.1.Name", "attachment.instance-id"}, {"Filter.1.Value.1", kPlatform}});
  const auto attachment = [&](const std::string& index) {
    return interfaces.texts("//item[attachment/deviceIndex='" + index + "']//attachmentId").front();
  };
  EXPECT_EQ(ec2.call("DetachNetworkInterface", {{"AttachmentId", attachment("0")}}).code(),
            "OperationNotPermitted");
  EXPECT_EQ(ec2.call("DetachNetworkInterface", {{"AttachmentId", attachment("1")}}).text("return"),
            "true");
  EXPECT_TRUE(ec2.world().is("address", {}, "detaching"));
  ec2.wait(minutes(1));
  const auto after = ec2.call("DescribeNetworkInterfaces", {{"NetworkInterfaceId.1", kAddress}});
  EXPECT_EQ(after.text("networkInterfaceSet/item/status"), "available");
  EXPECT_THAT(after.texts("//attachment"), IsEmpty());
  EXPECT_EQ(ec2.call("DetachNetworkInterface", {{"AttachmentId", attachment("1")}}).code(),
            "InvalidAttachmentID.NotFound");
}

TEST(Ec2Machines, KeepsAnAddressFromTwoMachinesEvenWhenOneIsStopped) {
  Ec2Door ec2;
  ec2.call("StopInstances", {{"InstanceId.1", kStudio}});
  ec2.wait(minutes(5));
  const Pairs same = with(kNewMachine, "PrivateIpAddress", "10.0.0.21");
  EXPECT_EQ(ec2.call("RunInstances", same).code(), "InvalidIPAddress.InUse");
  ec2.call("TerminateInstances", {{"InstanceId.1", kStudio}});
  ec2.wait(minutes(5));
  EXPECT_EQ(ec2.call("RunInstances", same).status, 200);
}

TEST(Ec2Machines, EndsAMachineWithItsDisksAndForgetsItAfterAnHour) {
  Ec2Door ec2;
  ec2.call("TerminateInstances", {{"InstanceId.1", kStudio}});
  ec2.wait(minutes(5));
  const Pairs studio = {{"InstanceId.1", kStudio}};
  EXPECT_THAT(ec2.call("DescribeInstances", studio).texts("//instanceState/name"),
              ElementsAre("terminated"));
  EXPECT_THAT(ec2.call("DescribeVolumes").texts("//attachmentSet/item/instanceId"),
              Not(Contains(kStudio)));
  EXPECT_THAT(ec2.call("DescribeNetworkInterfaces").texts("//privateIpAddress"),
              Not(Contains("10.0.0.21")));
  ec2.wait(minutes(61));
  EXPECT_EQ(ec2.call("DescribeInstances", studio).code(), "InvalidInstanceID.NotFound");
}

TEST(Ec2Machines, LeavesAUsersOwnMachineToItself) {
  Ec2Door ec2;
  const auto launched = ec2.call("RunInstances", kNewMachine);
  const std::string id = launched.text("instancesSet/item/instanceId");
  EXPECT_EQ(launched.text("instancesSet/item/instanceState/name"), "pending");
  EXPECT_TRUE(ec2.world().is("power", {"platform-new"}, "absent"));
  ec2.wait(minutes(1));
  EXPECT_THAT(ec2.call("DescribeInstances", {{"InstanceId.1", id}}).texts("//instanceState/name"),
              ElementsAre("running"));
  EXPECT_TRUE(ec2.world().events().empty());
}

TEST(Ec2Machines, GivesTheSameMachineForTheSameToken) {
  Ec2Door ec2;
  const Pairs request =
      with(tagged(kNewMachine, "instance", "platform-new"), "ClientToken", "run-1/s3");
  const auto first = ec2.call("RunInstances", request);
  const auto again = ec2.call("RunInstances", request);
  EXPECT_EQ(first.text("instancesSet/item/instanceId"), again.text("instancesSet/item/instanceId"));
  EXPECT_EQ(first.text("reservationId"), again.text("reservationId"));
  EXPECT_EQ(ec2.call("RunInstances", with(request, "InstanceType", "t3.micro")).code(),
            "IdempotentParameterMismatch");
}

}  // namespace
}  // namespace wme::simulators::aws
