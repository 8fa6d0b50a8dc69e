#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/azure/arm_door.hpp"

/// The rules of machines, disks, snapshots and interfaces, for whoever uses them by hand.
namespace wme::simulators::azure {
namespace {

using nlohmann::json;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kTodaysMachine = id_of(kMachineType, "wme-platform");

class ArmRules : public ::testing::Test {
 protected:
  ~ArmRules() override { EXPECT_THAT(arm_.wire().faults(), IsEmpty()); }
  std::string power(const std::string& machine) {
    const auto view = arm_.call("GET", machine + "/instanceView");
    for (const json& each : items_at(view.body, "statuses"))
      if (text_at(each, "code").starts_with("PowerState/")) return text_at(each, "code").substr(11);
    return "";
  }
  std::string make_own_machine() {
    const std::string machine = id_of(kMachineType, "own");
    EXPECT_EQ(arm_.call("PUT", id_of(kInterfaceType, "own-nic"), own_interface()).status, 201);
    EXPECT_EQ(arm_.call("PUT", machine, own_machine("own-nic")).status, 201);
    return machine;
  }
  ArmAnswer attach(const std::string& machine, const std::string& disk, int lun) {
    return arm_.call("PATCH", machine,
                     {{"properties",
                       {{"storageProfile",
                         {{"dataDisks", json::array({{{"lun", lun},
                                                      {"createOption", "Attach"},
                                                      {"managedDisk", {{"id", disk}}}}})}}}}}});
  }
  std::string make_own_disk() {
    const std::string disk = id_of(kDiskType, "own-disk");
    EXPECT_EQ(arm_.call("PUT", disk,
                        {{"location", "westeurope"},
                         {"properties",
                          {{"creationData", {{"createOption", "Empty"}}}, {"diskSizeGB", 8}}}})
                  .status,
              202);
    arm_.wait(minutes(1));
    return disk;
  }
  ArmDoor arm_;
};

TEST_F(ArmRules, LetAUsersOwnMachineLiveItsLife) {
  const std::string machine = make_own_machine();
  EXPECT_EQ(arm_.call("GET", machine).text("properties/provisioningState"), "Creating");
  arm_.wait(minutes(1));
  EXPECT_EQ(arm_.call("GET", machine).text("properties/provisioningState"), "Succeeded");
  EXPECT_EQ(power(machine), "running");
  arm_.call("POST", machine + "/powerOff");
  EXPECT_EQ(power(machine), "stopping");
  arm_.wait(minutes(1));
  EXPECT_EQ(power(machine), "stopped");  // paid for all the same
  arm_.call("POST", machine + "/deallocate");
  EXPECT_EQ(power(machine), "deallocated");
  arm_.call("POST", machine + "/start");
  arm_.wait(minutes(1));
  EXPECT_EQ(power(machine), "running");
  EXPECT_EQ(arm_.call("DELETE", machine).status, 202);
  arm_.wait(minutes(1));
  EXPECT_EQ(arm_.call("GET", machine).status, 404);
  // Disk and interface stay: that is the API's default.
  EXPECT_EQ(arm_.call("GET", id_of(kDiskType, "own-os")).text("properties/diskState"),
            "Unattached");
  EXPECT_EQ(arm_.call("DELETE", id_of(kInterfaceType, "own-nic")).status, 202);
}

TEST_F(ArmRules, AreIdempotentOnTheTargetState) {
  EXPECT_EQ(arm_.call("POST", kTodaysMachine + "/start").status, 202);
  EXPECT_EQ(power(kTodaysMachine), "running");
}

TEST_F(ArmRules, RefuseAMachineThatCannotBe) {
  EXPECT_EQ(arm_.call("PUT", id_of(kInterfaceType, "own-nic"), own_interface()).status, 201);
  json body = own_machine("own-nic");
  const std::string machine = id_of(kMachineType, "own");
  body["properties"].erase("osProfile");
  EXPECT_EQ(arm_.call("PUT", machine, body).code(), "InvalidParameter");
  body = own_machine("none");
  EXPECT_EQ(arm_.call("PUT", machine, body).code(), "InvalidResourceReference");
  body = own_machine("wme-nic-1");
  EXPECT_EQ(arm_.call("PUT", machine, body).code(), "NicInUse");
  const std::string os_disk = make_own_disk();
  body = own_machine("own-nic");
  body["properties"]["storageProfile"].erase("imageReference");
  body["properties"]["storageProfile"]["osDisk"] = {
      {"createOption", "Attach"}, {"osType", "Linux"}, {"managedDisk", {{"id", os_disk}}}};
  EXPECT_EQ(arm_.call("PUT", machine, body).code(), "InvalidParameter");
  body["properties"].erase("osProfile");
  EXPECT_EQ(arm_.call("PUT", machine, body).status, 201);
}

TEST_F(ArmRules, AttachADiskOnceAndShowWhoHasIt) {
  const std::string machine = make_own_machine();
  const std::string disk = make_own_disk();
  EXPECT_EQ(attach(machine, disk, 0).status, 200);
  EXPECT_EQ(arm_.call("GET", machine).text("properties/provisioningState"), "Updating");
  EXPECT_EQ(attach(machine, disk, 0).code(), "Conflict");
  arm_.wait(minutes(1));
  EXPECT_EQ(arm_.call("GET", disk).text("managedBy"), machine);
  EXPECT_EQ(arm_.call("GET", disk).text("properties/diskState"), "Attached");
  EXPECT_EQ(arm_.call("DELETE", disk).code(), "OperationNotAllowed");
  const auto listed =
      items_at(arm_.call("GET", machine).body, "properties/storageProfile/dataDisks");
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(text_at(listed.front(), "name"), "own-disk");  // clients crash without it
  // And through the newer operation it goes off again.
  EXPECT_EQ(arm_.call("POST", machine + "/attachDetachDataDisks",
                      {{"dataDisksToDetach", json::array({{{"diskId", disk}}})}})
                .status,
            200);
  arm_.wait(minutes(1));
  EXPECT_EQ(arm_.call("GET", disk).text("properties/diskState"), "Unattached");
}

TEST_F(ArmRules, RecordASnapshotThatIsTakenTooEarly) {
  EXPECT_EQ(arm_.call("PUT", id_of(kSnapshotType, "too-early"),
                      {{"location", "westeurope"},
                       {"properties",
                        {{"creationData",
                          {{"createOption", "Copy"},
                           {"sourceResourceId", id_of(kDiskType, "wme-data")}}}}}})
                .status,
            202);
  EXPECT_THAT(arm_.rules_broken(), ::testing::Contains("INV-05"));
}

TEST_F(ArmRules, DoNotLoseTheAddressWithoutSayingSo) {
  const std::string kept = id_of(kInterfaceType, "wme-nic-1");
  EXPECT_EQ(arm_.call("DELETE", kept).code(), "NicInUse");
  arm_.call("POST", kTodaysMachine + "/deallocate");
  arm_.wait(minutes(5));
  const json own = json::array(
      {{{"id", id_of(kInterfaceType, "wme-platform-nic-0")}, {"properties", {{"primary", true}}}}});
  EXPECT_EQ(arm_.call("PATCH", kTodaysMachine,
                      {{"properties", {{"networkProfile", {{"networkInterfaces", own}}}}}})
                .status,
            200);
  arm_.wait(minutes(5));
  EXPECT_EQ(arm_.call("DELETE", kept).status, 202);
  EXPECT_THAT(arm_.rules_broken(), ::testing::Contains("INV-21"));
}

TEST_F(ArmRules, GiveAnAddressOnce) {
  json body = own_interface();
  json& properties = body["properties"]["ipConfigurations"][0]["properties"];
  properties["privateIPAllocationMethod"] = "Static";
  properties["privateIPAddress"] = "10.0.0.10";
  EXPECT_EQ(arm_.call("PUT", id_of(kInterfaceType, "own-nic"), body).code(),
            "PrivateIPAddressIsAllocated");
}

TEST_F(ArmRules, KeepAMachineOnOneInterfaceAtLeast) {
  arm_.call("POST", kTodaysMachine + "/deallocate");
  arm_.wait(minutes(5));
  EXPECT_EQ(
      arm_.call("PATCH", kTodaysMachine,
                {{"properties", {{"networkProfile", {{"networkInterfaces", json::array()}}}}}})
          .code(),
      "InvalidParameter");
}

}  // namespace
}  // namespace wme::simulators::azure
