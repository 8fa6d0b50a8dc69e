#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/simulators/azure/arm_door.hpp"

/// The judge itself: it lets Azure's own examples pass, and finds what is wrong.
namespace wme::simulators::azure {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

json example(const std::string& name) {
  std::ifstream file(std::string(WME_SOURCE_DIR) + "/tests/data/azure/" + name);
  return json::parse(file).at("responses").at("200").at("body");
}

TEST(ArmModel, KnowsTheExamplesOfTheSpecification) {
  EXPECT_THAT(faults_of(example("VirtualMachine_Get.json"), "VirtualMachine", false), IsEmpty());
  EXPECT_THAT(
      faults_of(example("VirtualMachine_InstanceView.json"), "VirtualMachineInstanceView", false),
      IsEmpty());
  EXPECT_THAT(faults_of(example("NetworkInterfaceGet.json"), "NetworkInterface", false), IsEmpty());
  EXPECT_THAT(faults_of(example("Disk_Get.json"), "Disk", false), IsEmpty());
  EXPECT_THAT(faults_of(example("Snapshot_Get.json"), "Snapshot", false), IsEmpty());
}

TEST(ArmModel, FindsWhatIsWrong) {
  const json disk = {
      {"location", 7},
      {"managedBy", "somebody"},
      {"properties", {{"diskSizeGb", 10}, {"creationData", {{"createOption", "Clone"}}}}}};
  EXPECT_THAT(
      faults_of(disk, "Disk", true),
      ::testing::UnorderedElementsAre("Disk/location is no text", "Disk/managedBy is read-only",
                                      "Disk/properties/diskSizeGb is unknown",
                                      "Disk/properties/creationData/createOption cannot be Clone"));
  EXPECT_THAT(faults_of(json::object(), "Disk", true), ElementsAre("Disk/location is required"));
}

}  // namespace
}  // namespace wme::simulators::azure
