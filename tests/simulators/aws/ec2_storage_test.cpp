#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/simulators/aws/ec2_door.hpp"

namespace wme::simulators::aws {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

/// A machine that is stopped has nothing mounted, whatever was when it went down (INV-13).
TEST(Ec2Storage, RecordsADetachOfAMountedVolumeOnlyWhileTheMachineRuns) {
  Ec2Door running;
  EXPECT_EQ(running.call("DetachVolume", {{"VolumeId", kData}}).status, 200);
  EXPECT_THAT(running.rules_broken(), Contains("INV-13"));

  Ec2Door stopped;
  EXPECT_EQ(stopped.call("StopInstances", {{"InstanceId.1", kPlatform}}).status, 200);
  stopped.wait(minutes(5));
  EXPECT_EQ(stopped.call("DescribeInstances", {{"InstanceId.1", kPlatform}})
                .text("reservationSet/item/instancesSet/item/instanceState/name"),
            "stopped");
  const auto before = stopped.rules_broken();
  EXPECT_EQ(stopped.call("DetachVolume", {{"VolumeId", kData}}).status, 200);
  EXPECT_EQ(stopped.rules_broken(), before);
}

TEST(Ec2Storage, RecordsASnapshotThatIsTakenTooEarly) {
  Ec2Door ec2;
  const auto taken = ec2.call("CreateSnapshot", {{"VolumeId", kData}});
  EXPECT_EQ(taken.status, 200);
  EXPECT_EQ(taken.text("status"), "pending");
  EXPECT_TRUE(ec2.world().is("snapshot", {"snap-wm-data"}, "pending"));
  EXPECT_THAT(ec2.rules_broken(), Contains("INV-05"));
  EXPECT_THAT(ec2.rules_broken(), Contains("INV-12"));
  EXPECT_EQ(ec2.world().violations().front().door, "ec2 CreateSnapshot");
  const std::string id = taken.text("snapshotId");
  ec2.wait(minutes(5));
  EXPECT_THAT(ec2.call("DescribeSnapshots", {{"SnapshotId.1", id}}).texts("//progress"),
              Not(ElementsAre("0%")));
  ec2.wait(minutes(120));
  const auto later = ec2.call("DescribeSnapshots", {{"Owner.1", "self"}});
  EXPECT_THAT(later.texts("//status"), ElementsAre("completed"));
  EXPECT_THAT(later.texts("//progress"), ElementsAre("100%"));
}

TEST(Ec2Storage, JudgesAFurtherSnapshotOfTheSameVolumeToo) {
  Ec2Door ec2;
  ASSERT_EQ(ec2.call("CreateSnapshot", {{"VolumeId", kData}}).status, 200);
  const std::size_t before = ec2.world().violations().size();
  ec2.wait(std::chrono::seconds(20));
  const auto second = ec2.call("CreateSnapshot", {{"VolumeId", kData}});
  EXPECT_EQ(second.status, 200);
  EXPECT_GT(ec2.world().violations().size(), before);
  ec2.wait(minutes(5));
  EXPECT_EQ(ec2.call("DescribeSnapshots", {{"SnapshotId.1", second.text("snapshotId")}})
                .text("snapshotSet/item/status"),
            "completed");
}

TEST(Ec2Storage, SnapshotsAllVolumesOfAnInstanceWithStateForStatus) {
  Ec2Door ec2;
  const auto taken =
      ec2.call("CreateSnapshots", {{"InstanceSpecification.InstanceId", kPlatform},
                                   {"InstanceSpecification.ExcludeBootVolume", "true"}});
  EXPECT_THAT(taken.texts("//snapshotSet/item/volumeId"), ElementsAre(kData, kRuntime));
  EXPECT_THAT(taken.texts("//snapshotSet/item/state"), ElementsAre("pending", "pending"));
  EXPECT_TRUE(ec2.world().is("snapshot", {"snap-wm-runtime"}, "pending"));
}

Pairs deleting_with_its_machine(const std::string& device, const std::string& flag) {
  return {{"InstanceId", kPlatform},
          {"BlockDeviceMapping.1.DeviceName", device},
          {"BlockDeviceMapping.1.Ebs.DeleteOnTermination", flag}};
}

/// The vendor's Terraform default; the docs' console leaves it unticked (INV-15).
TEST(Ec2Storage, DeletesAVolumeThatGoesWithItsMachineAndRecordsTheLoss) {
  Ec2Door ec2;
  // Everybody parked: the work of all is on /wm-data and nowhere else.
  for (const std::string& each : ec2.world().installation().sorts.at("container")) {
    const auto lock = ec2.world().enter();
    if (ec2.world().is("run", {each}, "running"))
      ec2.world().perform("hibernate-container", {each}, "test");
    if (ec2.world().is("run", {each}, "stopped"))
      ec2.world().perform("passivate-container", {each}, "test");
  }
  EXPECT_EQ(ec2.call("ModifyInstanceAttribute", deleting_with_its_machine("/dev/sdf", "true"))
                .text("return"),
            "true");
  ec2.call("TerminateInstances", {{"InstanceId.1", kPlatform}});
  EXPECT_THAT(ec2.rules_broken(), Contains("INV-15"));
  EXPECT_THAT(ec2.rules_broken(), Not(Contains("WORK-1"))) << "not yet";
  ec2.wait(minutes(5));
  EXPECT_THAT(ec2.call("DescribeVolumes").texts("//volumeSet/item/volumeId"),
              ::testing::AllOf(Not(Contains(kData)), Contains(kRuntime)));
  EXPECT_TRUE(ec2.world().is("volume", {"wm-data"}, "deleted"));
  EXPECT_TRUE(ec2.world().is("volume", {"wm-runtime"}, "available"));
  EXPECT_THAT(ec2.rules_broken(), Contains("WORK-1"));
}

TEST(Ec2Storage, KeepsAVolumeThatWasDetachedOrUnmarkedInTime) {
  Ec2Door ec2;
  ec2.call("ModifyInstanceAttribute", deleting_with_its_machine("/dev/sdf", "true"));
  ec2.call("ModifyInstanceAttribute", deleting_with_its_machine("/dev/sdg", "true"));
  ec2.call("ModifyInstanceAttribute", deleting_with_its_machine("/dev/sdg", "false"));
  ec2.call("DetachVolume", {{"VolumeId", kData}});
  ec2.wait(minutes(5));
  ec2.call("TerminateInstances", {{"InstanceId.1", kPlatform}});
  ec2.wait(minutes(5));
  EXPECT_THAT(ec2.call("DescribeVolumes").texts("//volumeSet/item/volumeId"),
              ::testing::IsSupersetOf({kData, kRuntime}));
  EXPECT_EQ(
      ec2.call("ModifyInstanceAttribute", deleting_with_its_machine("/dev/sdx", "true")).code(),
      "InvalidInstanceAttributeValue");
  EXPECT_EQ(ec2.call("ModifyInstanceAttribute", {{"InstanceId", kStudio}}).code(),
            "UnsupportedOperation");
}

TEST(Ec2Storage, RefusesAVolumeThatCannotBeMade) {
  Ec2Door ec2;
  const auto snapshot = ec2.call("CreateSnapshot", {{"VolumeId", kData}}).text("snapshotId");
  const Pairs request = {{"SnapshotId", snapshot}, {"AvailabilityZone", "eu-central-1a"}};
  EXPECT_EQ(ec2.call("CreateVolume", request).code(), "IncorrectState");
  ec2.wait(minutes(120));
  EXPECT_EQ(ec2.call("CreateVolume", with(request, "Size", "10")).code(), "InvalidParameterValue");
  EXPECT_EQ(
      ec2.call("CreateVolume", {{"SnapshotId", snapshot}, {"AvailabilityZone", "eu-central-1z"}})
          .code(),
      "InvalidZone.NotFound");
  EXPECT_EQ(ec2.call("CreateVolume", {{"AvailabilityZone", "eu-central-1a"}}).code(),
            "MissingParameter");
}

TEST(Ec2Storage, KnowsARestoredVolumeByWhatItIsMadeFrom) {
  Ec2Door ec2(model::Procedure::kRestore);
  const auto snapshots = ec2.call("DescribeSnapshots", {{"Filter.1.Name", "tag:rehydrate:entity"},
                                                        {"Filter.1.Value.1", "snap-wm-data"}});
  const auto id = snapshots.text("snapshotSet/item/snapshotId");
  const auto made =
      ec2.call("CreateVolume", {{"SnapshotId", id}, {"AvailabilityZone", "eu-central-1a"}});
  EXPECT_EQ(made.text("status"), "creating");
  EXPECT_EQ(made.text("size"), "150");
  EXPECT_TRUE(ec2.world().is("volume", {"wm-data-new"}, "creating"));
}

TEST(Ec2Storage, RecordsAVolumeThatIsMadeFromTheOtherTree) {
  Ec2Door ec2(model::Procedure::kRestore);
  const auto snapshots = ec2.call("DescribeSnapshots", {{"Filter.1.Name", "tag:rehydrate:entity"},
                                                        {"Filter.1.Value.1", "snap-wm-data"}});
  const Pairs request = {{"SnapshotId", snapshots.text("snapshotSet/item/snapshotId")},
                         {"AvailabilityZone", "eu-central-1a"}};
  EXPECT_EQ(ec2.call("CreateVolume", tagged(request, "volume", "wm-runtime-new")).status, 200);
  EXPECT_THAT(ec2.rules_broken(), Contains("INV-25"));
}

TEST(Ec2Storage, AttachesAVolumeToOneMachineAtOneDevice) {
  Ec2Door ec2;
  const auto attach = [&](const std::string& volume, const std::string& device) {
    return ec2.call("AttachVolume",
                    {{"VolumeId", volume}, {"InstanceId", kPlatform}, {"Device", device}});
  };
  EXPECT_EQ(attach(kData, "/dev/sdx").code(), "VolumeInUse");
  const auto made =
      ec2.call("CreateVolume", {{"Size", "5"}, {"AvailabilityZone", "eu-central-1a"}});
  EXPECT_EQ(attach(made.text("volumeId"), "/dev/sdh").code(), "IncorrectState");
  ec2.wait(seconds(30));
  EXPECT_EQ(attach(made.text("volumeId"), "/dev/sdf").code(), "InvalidParameterValue");
  EXPECT_EQ(attach(made.text("volumeId"), "/dev/sdh").text("status"), "attaching");
  ec2.wait(seconds(30));
  EXPECT_EQ(ec2.call("DetachVolume", {{"VolumeId", made.text("volumeId")}}).text("status"),
            "detaching");
  EXPECT_EQ(ec2.call("DeleteVolume", {{"VolumeId", made.text("volumeId")}}).code(), "VolumeInUse");
  ec2.wait(seconds(30));
  EXPECT_EQ(ec2.call("DetachVolume", {{"VolumeId", made.text("volumeId")}}).code(),
            "IncorrectState");
  EXPECT_EQ(ec2.call("DeleteVolume", {{"VolumeId", made.text("volumeId")}}).text("return"), "true");
}

TEST(Ec2Storage, TakesOneSnapshotOfAVolumeInAWhile) {
  Ec2Door ec2;
  const Pairs data = {{"VolumeId", kData}};
  EXPECT_EQ(ec2.call("CreateSnapshot", data).status, 200);
  const auto again = ec2.call("CreateSnapshot", data);
  EXPECT_EQ(again.code(), "SnapshotCreationPerVolumeRateExceeded");
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(ec2.call("CreateSnapshot", {{"VolumeId", kRuntime}}).status, 200);
  ec2.wait(std::chrono::seconds(15));
  EXPECT_EQ(ec2.call("CreateSnapshot", data).status, 200);
}

}  // namespace
}  // namespace wme::simulators::aws
