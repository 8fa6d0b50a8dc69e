#include "simulators/aws/ec2_front.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/simulators/aws/ec2_door.hpp"

namespace wme::simulators::aws {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST(Ec2Front, ListsTheMachinesDisksAndInterfacesOfTheInventory) {
  Ec2Door ec2;
  const auto answer = ec2.call("DescribeInstances");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.document->document_element().attribute("xmlns").value(),
            std::string("http://ec2.amazonaws.com/doc/2016-11-15/"));
  EXPECT_THAT(answer.texts("//instancesSet/item/instanceId"),
              UnorderedElementsAre(kPlatform, kStudio));
  const std::string platform = "//instancesSet/item[instanceId='" + kPlatform + "']";
  EXPECT_THAT(answer.texts(platform + "/instanceState/name"), ElementsAre("running"));
  EXPECT_THAT(answer.texts(platform + "/instanceState/code"), ElementsAre("16"));
  EXPECT_THAT(answer.texts(platform + "//deviceName"),
              ElementsAre("/dev/sda1", "/dev/sdf", "/dev/sdg"));
  EXPECT_THAT(answer.texts(platform + "//attachment/deviceIndex"), ElementsAre("0", "1"));
  EXPECT_THAT(answer.texts(platform + "/networkInterfaceSet/item[2]/privateIpAddress"),
              ElementsAre("10.0.0.10"));
  EXPECT_THAT(answer.texts(platform + "/privateIpAddress"), Not(ElementsAre("10.0.0.10")));
}

TEST(Ec2Front, GivesTheSameIdsToEachWorldOfTheSameInventory) {
  const auto ids = [] {
    Ec2Door ec2;
    auto all = ec2.call("DescribeVolumes").texts("//volumeId");
    const auto launched = ec2.call("RunInstances", kNewMachine);
    all.push_back(launched.text("instancesSet/item/instanceId"));
    return all;
  };
  EXPECT_EQ(ids(), ids());
}

TEST(Ec2Front, TakesGetAsWellAsPost) {
  Ec2Door ec2;
  EXPECT_EQ(ec2.call("DescribeInstances", {{"InstanceId.1", kStudio}}, "GET")
                .text("reservationSet/item/instancesSet/item/instanceId"),
            kStudio);
}

TEST(Ec2Front, RefusesWhoDoesNotSign) {
  Ec2Door ec2;
  const HttpResponse answer =
      ec2.front().handle({"POST", "/", {{"Host", "h"}}, "Action=DescribeInstances"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, ::testing::HasSubstr("<Code>MissingAuthenticationToken</Code>"));
  EXPECT_THAT(answer.body, ::testing::HasSubstr("<RequestID>"));
}

TEST(Ec2Front, SaysWhatIsWrongWithARequest) {
  Ec2Door ec2;
  EXPECT_EQ(ec2.call("MakeCoffee").code(), "InvalidAction");
  EXPECT_EQ(ec2.call("StopInstances").code(), "MissingParameter");
  EXPECT_EQ(ec2.call("StopInstances", {{"InstanceId.1", "i-1"}}).code(),
            "InvalidInstanceID.Malformed");
  EXPECT_EQ(ec2.call("StopInstances", {{"InstanceId.1", "i-0123456789abcdef0"}}).code(),
            "InvalidInstanceID.NotFound");
  EXPECT_EQ(ec2.call("DescribeVolumes", {{"VolumeId.1", "vol-0123456789abcdef0"}}).code(),
            "InvalidVolume.NotFound");
  EXPECT_EQ(ec2.call("DescribeSnapshots", {{"SnapshotId.1", "snap-0123456789abcdef0"}}).code(),
            "InvalidSnapshot.NotFound");
  EXPECT_EQ(ec2.call("DescribeVolumes", {{"Filter.1.Name", "colour"}, {"Filter.1.Value.1", "red"}})
                .code(),
            "InvalidParameterValue");
}

TEST(Ec2Front, FiltersByStateTagAndAddress) {
  Ec2Door ec2;
  const auto found = [&](const std::string& name, const std::string& value) {
    return ec2.call("DescribeInstances", {{"Filter.1.Name", name}, {"Filter.1.Value.1", value}})
        .texts("//instanceId");
  };
  EXPECT_THAT(found("instance-state-name", "stopped"), IsEmpty());
  EXPECT_THAT(found("instance-state-name", "run*"), SizeIs(2));
  EXPECT_THAT(found("tag:Name", "acme studio-1"), ElementsAre(kStudio));
  EXPECT_THAT(found("private-ip-address", "10.0.0.21"), ElementsAre(kStudio));
}

TEST(Ec2Front, GivesEveryRowOnceOverItsPages) {
  Ec2Door ec2;
  for (int i = 0; i < 5; ++i) {
    const auto made = ec2.call("RunInstances", with(kNewMachine, "ClientToken", std::to_string(i)));
    ASSERT_EQ(made.status, 200);
  }
  Pairs page = {{"MaxResults", "5"}};
  const auto first = ec2.call("DescribeInstances", page);
  const auto second =
      ec2.call("DescribeInstances", with(page, "NextToken", first.text("nextToken")));
  auto ids = first.texts("//instanceId");
  EXPECT_THAT(ids, SizeIs(5));
  const auto rest = second.texts("//instanceId");
  ids.insert(ids.end(), rest.begin(), rest.end());
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 7U);
  EXPECT_EQ(second.text("nextToken"), "");
  EXPECT_EQ(ec2.call("DescribeInstances", {{"MaxResults", "5"}, {"InstanceId.1", kStudio}}).code(),
            "InvalidParameterCombination");
}

TEST(Ec2Front, ChangesNothingOnADryRun) {
  Ec2Door ec2;
  const auto dry = ec2.call("StopInstances", {{"InstanceId.1", kStudio}, {"DryRun", "true"}});
  EXPECT_EQ(dry.status, 412);
  EXPECT_EQ(dry.code(), "DryRunOperation");
  EXPECT_TRUE(ec2.world().is("power", {"studio-1"}, "running"));
  EXPECT_EQ(ec2.call("RunInstances", with(kNewMachine, "DryRun", "true")).status, 412);
  EXPECT_EQ(ec2.call("CreateSnapshot", {{"VolumeId", kData}, {"DryRun", "true"}}).status, 412);
  EXPECT_TRUE(ec2.world().is("snapshot", {"snap-wm-data"}, "absent"));
}

TEST(Ec2Front, InjectsFaultsByOperationAndOccurrence) {
  Ec2Door ec2(model::Procedure::kDehydrate,
              FaultSchedule({{"StopInstances", 1, Fault::kThrottled},
                             {"StopInstances", 2, Fault::kServerError},
                             {"StopInstances", 3, Fault::kRequestLost},
                             {"StopInstances", 4, Fault::kAnswerLost},
                             {"DescribeInstances", 2, Fault::kStaleRead}}));
  const Pairs studio = {{"InstanceId.1", kStudio}};
  const auto state = [&] {
    return ec2.call("DescribeInstances", studio).texts("//instanceState/name").front();
  };
  EXPECT_EQ(state(), "running");
  const auto throttled = ec2.call("StopInstances", studio);
  EXPECT_EQ(throttled.status, 503);
  EXPECT_EQ(throttled.code(), "RequestLimitExceeded");
  EXPECT_EQ(ec2.call("StopInstances", studio).code(), "InternalError");
  EXPECT_TRUE(ec2.call("StopInstances", studio).is_dropped);
  EXPECT_TRUE(ec2.world().is("power", {"studio-1"}, "running"));
  EXPECT_TRUE(ec2.call("StopInstances", studio).is_dropped);
  EXPECT_TRUE(ec2.world().is("power", {"studio-1"}, "stopping"));
  EXPECT_EQ(state(), "running");
  EXPECT_EQ(state(), "stopping");
}

TEST(Ec2Front, MeetsAStaleReadOnlyWhereThereIsSomethingOlderToShow) {
  Ec2Door ec2(model::Procedure::kDehydrate,
              FaultSchedule({{"StopInstances", 1, Fault::kStaleRead},
                             {"DescribeInstances", 1, Fault::kStaleRead},
                             {"DescribeInstances", 2, Fault::kStaleRead}}));
  const Pairs studio = {{"InstanceId.1", kStudio}};
  EXPECT_EQ(ec2.call("StopInstances", studio).status, 200);
  EXPECT_EQ(ec2.call("DescribeInstances", studio).status, 200);
  EXPECT_TRUE(ec2.world().faults_met().empty());
  EXPECT_EQ(ec2.call("DescribeInstances", studio).status, 200);
  EXPECT_THAT(ec2.world().faults_met(), SizeIs(1));
}

TEST(Ec2Front, KeepsTagsOfEveryKind) {
  Ec2Door ec2;
  const Pairs both = {{"ResourceId.1", kData},
                      {"ResourceId.2", kAddress},
                      {"Tag.1.Key", "owner"},
                      {"Tag.1.Value", "ops"}};
  EXPECT_EQ(ec2.call("CreateTags", both).text("return"), "true");
  const Pairs owned = {{"Filter.1.Name", "tag:owner"}, {"Filter.1.Value.1", "ops"}};
  EXPECT_THAT(ec2.call("DescribeVolumes", owned).texts("//volumeSet/item/volumeId"),
              ElementsAre(kData));
  EXPECT_EQ(ec2.call("DeleteTags", both).text("return"), "true");
  EXPECT_THAT(ec2.call("DescribeVolumes", owned).texts("//volumeId"), IsEmpty());
}

TEST(Ec2Front, GivesPagesOfListsButNotOfWhatIsAskedForById) {
  Ec2Door ec2;
  for (const auto& [operation, name, id] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"DescribeInstances", "InstanceId.1", kPlatform},
           {"DescribeInstanceStatus", "InstanceId.1", kPlatform},
           {"DescribeVolumes", "VolumeId.1", kData},
           {"DescribeSnapshots", "SnapshotId.1", "snap-0123456789abcdef0"},
           {"DescribeNetworkInterfaces", "NetworkInterfaceId.1", kAddress}}) {
    EXPECT_EQ(ec2.call(operation, {{name, id}, {"MaxResults", "5"}}).code(),
              "InvalidParameterCombination")
        << operation;
    EXPECT_EQ(ec2.call(operation, {{"MaxResults", "4"}}).code(), "InvalidParameterValue")
        << operation;
    EXPECT_EQ(ec2.call(operation, {{"MaxResults", "5"}, {"NextToken", "i-0"}}).code(),
              "InvalidParameterValue")
        << operation << " takes its own tokens only";
  }
}

TEST(Ec2Front, TakesAPatternWithManyStarsInItsStride) {
  Ec2Door ec2;
  const std::string hostile = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
  const std::string long_value(200, 'a');
  ec2.call("CreateTags",
           {{"ResourceId.1", kStudio}, {"Tag.1.Key", "k"}, {"Tag.1.Value", long_value}});
  const auto none =
      ec2.call("DescribeInstances", {{"Filter.1.Name", "tag:k"}, {"Filter.1.Value.1", hostile}});
  EXPECT_TRUE(none.texts("//instanceId").empty());
  const auto found =
      ec2.call("DescribeInstances", {{"Filter.1.Name", "tag:k"}, {"Filter.1.Value.1", "a*a?a*"}});
  EXPECT_EQ(found.texts("//instanceId").size(), 1U);
}

}  // namespace
}  // namespace wme::simulators::aws
