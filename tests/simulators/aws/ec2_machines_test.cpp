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

TEST(Ec2Machines, LaunchesWithAnInterfaceThatIsKeptForTheNextOne) {
  Ec2Door ec2;
  const auto made = ec2.call("CreateNetworkInterface", {{"SubnetId", "subnet-0aaaaaaaaaaaaaaa1"},
                                                        {"PrivateIpAddress", "10.0.0.77"}});
  const std::string id = made.text("networkInterface/networkInterfaceId");
  const Pairs with_it = with(with(kNewMachine, "NetworkInterface.1.DeviceIndex", "0"),
                             "NetworkInterface.1.NetworkInterfaceId", id);
  EXPECT_EQ(ec2.call("RunInstances", with(with_it, "PrivateIpAddress", "10.0.0.78")).code(),
            "InvalidParameterCombination");
  EXPECT_EQ(ec2.call("RunInstances", with(with_it, "NetworkInterface.1.SubnetId", "s")).code(),
            "InvalidParameterCombination");
  const auto first = ec2.call("RunInstances", with_it);
  ASSERT_EQ(first.status, 200) << first.code();
  const Pairs machine = {{"InstanceId.1", first.text("instancesSet/item/instanceId")}};
  EXPECT_EQ(ec2.call("RunInstances", with_it).code(), "InvalidNetworkInterface.InUse");
  ec2.wait(minutes(1));
  const auto seen = ec2.call("DescribeInstances", machine);
  EXPECT_THAT(seen.texts("//instancesSet/item/privateIpAddress"), ElementsAre("10.0.0.77"));
  ec2.call("TerminateInstances", machine);
  ec2.wait(minutes(2));
  EXPECT_EQ(ec2.call("DescribeNetworkInterfaces", {{"NetworkInterfaceId.1", id}})
                .text("networkInterfaceSet/item/status"),
            "available");
  EXPECT_EQ(ec2.call("RunInstances", with_it).status, 200);
}

TEST(Ec2Machines, LaunchesWithSeveralInterfacesOfOneIndexEach) {
  Ec2Door ec2;
  Pairs two = with(with(kNewMachine, "NetworkInterface.1.DeviceIndex", "0"),
                   "NetworkInterface.2.DeviceIndex", "1");
  const auto run = ec2.call("RunInstances", two);
  EXPECT_THAT(run.texts("//networkInterfaceSet/item/attachment/deviceIndex"),
              ElementsAre("0", "1"));
  two.back().second = "0";
  EXPECT_EQ(ec2.call("RunInstances", two).code(), "InvalidParameterValue");
  EXPECT_EQ(
      ec2.call("RunInstances", with(kNewMachine, "NetworkInterface.1.DeviceIndex", "1")).code(),
      "InvalidParameterCombination")
      << "no index 0";
}

TEST(Ec2Machines, TakesTokensOf64Characters) {
  Ec2Door ec2;
  EXPECT_EQ(ec2.call("RunInstances", with(kNewMachine, "ClientToken", std::string(64, 't'))).status,
            200);
  EXPECT_EQ(ec2.call("RunInstances", with(kNewMachine, "ClientToken", std::string(65, 't'))).code(),
            "InvalidParameterValue");
}

TEST(Ec2Machines, SaysWhyAMachineHasEnded) {
  Ec2Door ec2(model::Procedure::kRestore,
              FaultSchedule({{"launch-machine", 1, Fault::kOutcomeFails}}));
  const Pairs wanted = with(tagged(kNewMachine, "instance", "platform-new"), "ClientToken", "t1");
  const auto failed = ec2.call("RunInstances", wanted);
  const std::string id = failed.text("instancesSet/item/instanceId");
  ec2.wait(minutes(30));
  const auto seen = ec2.call("DescribeInstances", {{"InstanceId.1", id}});
  EXPECT_THAT(seen.texts("//instanceState/name"), ElementsAre("terminated"));
  EXPECT_THAT(seen.texts("//stateReason/code"), ElementsAre("Server.InternalError"));
  EXPECT_EQ(ec2.call("RunInstances", wanted).text("instancesSet/item/instanceId"), id)
      << "the same token asks for the same machine, even for one that has ended";
  Pairs anew = wanted;
  anew.back().second = "t2";
  const auto second = ec2.call("RunInstances", anew);
  const std::string id_anew = second.text("instancesSet/item/instanceId");
  EXPECT_NE(id_anew, id);
  ec2.wait(minutes(30));
  ec2.call("TerminateInstances", {{"InstanceId.1", id_anew}});
  ec2.wait(minutes(30));
  EXPECT_THAT(
      ec2.call("DescribeInstances", {{"InstanceId.1", id_anew}}).texts("//stateReason/code"),
      ElementsAre("Client.UserInitiatedShutdown"));
  EXPECT_TRUE(ec2.world().is("power", {"platform-new"}, "absent"));
}

TEST(Ec2Machines, RunsOutOfAddresses) {
  Ec2Door ec2;
  Pairs many = kNewMachine;
  many[2].second = "100";  // machines with 138 interfaces each: more than the 13 750 addresses
  for (int i = 0; i < 138; ++i)
    many.emplace_back("NetworkInterface." + std::to_string(i + 1) + ".DeviceIndex",
                      std::to_string(i));
  EXPECT_EQ(ec2.call("RunInstances", many).code(), "InsufficientFreeAddressesInSubnet");
  many[2].second = "1";
  EXPECT_EQ(ec2.call("RunInstances", many).status, 200);
}

}  // namespace
}  // namespace wme::simulators::aws
