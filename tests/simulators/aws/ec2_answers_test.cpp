#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "simulators/aws/ec2_operations.hpp"
#include "tests/simulators/aws/ec2_door.hpp"

/// Every operation's answer is as the service model has it. That of each answer is Ec2Door's to
/// see; here each operation gets an answer with everything in it.
namespace wme::simulators::aws {
namespace {

using std::chrono::minutes;

TEST(Ec2Answers, OfEveryOperationAreJudgedByTheServiceModel) {
  Ec2Door ec2;
  std::set<std::string> operations;
  const auto check = [&](const std::string& operation, const Pairs& pairs) {
    const auto answer = ec2.call(operation, pairs);
    operations.insert(operation);
    EXPECT_EQ(answer.status, 200) << operation << ": " << answer.code();
    return answer;
  };
  const auto snapshot = check("CreateSnapshot", {{"VolumeId", kData}, {"Description", "d"}});
  check("CreateSnapshots", {{"InstanceSpecification.InstanceId", kStudio}});
  const auto run = check("RunInstances", with(kNewMachine, "ClientToken", "t"));
  const std::string instance = run.text("instancesSet/item/instanceId");
  const auto volume = check("CreateVolume", {{"Size", "5"}, {"AvailabilityZone", "eu-central-1a"}});
  const Pairs the_volume = {{"VolumeId", volume.text("volumeId")}};
  const auto interface =
      check("CreateNetworkInterface", {{"SubnetId", "subnet-0aaaaaaaaaaaaaaa1"}});
  const Pairs the_interface = {
      {"NetworkInterfaceId", interface.text("networkInterface/networkInterfaceId")}};
  check("CreateTags", {{"ResourceId.1", instance}, {"Tag.1.Key", "k"}, {"Tag.1.Value", "v"}});
  ec2.wait(minutes(10));
  check("AttachVolume", with(with(the_volume, "InstanceId", instance), "Device", "/dev/sdx"));
  const auto attached =
      check("AttachNetworkInterface",
            with(with(the_interface, "InstanceId", instance), "DeviceIndex", "1"));
  ec2.wait(minutes(1));
  check("ModifyNetworkInterfaceAttribute",
        with(with(the_interface, "Attachment.AttachmentId", attached.text("attachmentId")),
             "Attachment.DeleteOnTermination", "true"));
  for (const char* operation : {"DescribeInstances", "DescribeVolumes", "DescribeSnapshots",
                                "DescribeNetworkInterfaces", "DescribeImages"})
    check(operation, {{"MaxResults", "5"}});
  check("DescribeInstanceStatus", {{"IncludeAllInstances", "true"}});
  check("DescribeVpcs", {});
  check("DescribeAccountAttributes", {});
  check("ModifyInstanceAttribute", {{"InstanceId", instance},
                                    {"BlockDeviceMapping.1.DeviceName", "/dev/sda1"},
                                    {"BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true"}});
  check("DetachVolume", the_volume);
  check("DetachNetworkInterface", {{"AttachmentId", attached.text("attachmentId")}});
  ec2.wait(minutes(1));
  check("DeleteVolume", the_volume);
  check("DeleteNetworkInterface", the_interface);
  check("DeleteTags", {{"ResourceId.1", instance}, {"Tag.1.Key", "k"}});
  check("StopInstances", {{"InstanceId.1", instance}});
  ec2.wait(minutes(10));
  check("DescribeInstances", {{"InstanceId.1", instance}});
  check("StartInstances", {{"InstanceId.1", instance}});
  check("TerminateInstances", {{"InstanceId.1", instance}});
  ec2.wait(minutes(60));
  check("DeleteSnapshot", {{"SnapshotId", snapshot.text("snapshotId")}});
  for (const Ec2Operations* all : {&describe_operations(), &change_operations()})
    for (const auto& [operation, its] : *all)
      EXPECT_TRUE(operations.contains(operation)) << operation << " is not judged";
}

}  // namespace
}  // namespace wme::simulators::aws
