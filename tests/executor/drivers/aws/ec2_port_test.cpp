#include "executor/drivers/aws/ec2_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/executor/drivers/aws/scripted_ec2.hpp"

namespace wme::executor::aws {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::Pair;

model::Inventory inventory() {
  model::Inventory all;
  all.name = "acme";
  all.backup_id = "backup-7";
  all.platform.address = "10.0.0.10";
  all.platform.cloud_id = "i-old";
  all.platform.interface = "eni-kept";
  all.platform.wm_data = {"vol-data", 150};
  all.platform.wm_runtime = {"vol-runtime", 100};
  model::Instance studio;
  studio.name = "studio-1";
  studio.address = "10.0.0.21";
  studio.cloud_id = "i-studio";
  studio.data_gb = 80;
  all.instances = {studio};
  all.launch.image = "ami-1";
  all.launch.platform_size = "m5.2xlarge";
  all.launch.instance_size = "m5.xlarge";
  all.launch.subnet = "subnet-1";
  all.launch.zone = "eu-central-1a";
  all.launch.security_groups = {"sg-1", "sg-2"};
  all.access.region = "eu-central-1";
  return all;
}

std::optional<std::string> keys(std::string_view name) {
  if (name == "AWS_ACCESS_KEY_ID") return "AKID";
  if (name == "AWS_SECRET_ACCESS_KEY") return "very-secret";
  return std::nullopt;
}

std::string tags(const std::string& entity, const std::string& backup = "") {
  const auto item = [](const std::string& key, const std::string& value) {
    return "<item><key>" + key + "</key><value>" + value + "</value></item>";
  };
  return "<tagSet>" + item("rehydrate:installation", "acme") + item("rehydrate:entity", entity) +
         (backup.empty() ? "" : item("rehydrate:backup", backup)) + "</tagSet>";
}

std::string machine(const std::string& id, const std::string& state, const std::string& more = "") {
  return "<reservationSet><item><instancesSet><item><instanceId>" + id +
         "</instanceId><instanceState><code>0</code><name>" + state + "</name></instanceState>" +
         more + "</item></instancesSet></item></reservationSet>";
}

std::string volume(const std::string& id, const std::string& status, const std::string& more = "") {
  return "<volumeSet><item><volumeId>" + id + "</volumeId><status>" + status +
         "</status><size>150</size>" + more + "</item></volumeSet>";
}

std::string attachment(const std::string& instance, const std::string& device,
                       const std::string& status) {
  return "<attachmentSet><item><instanceId>" + instance + "</instanceId><device>" + device +
         "</device><status>" + status + "</status></item></attachmentSet>";
}

std::string snapshot(const std::string& id, const std::string& status, const std::string& entity,
                     const std::string& backup) {
  return "<item><snapshotId>" + id + "</snapshotId><status>" + status +
         "</status><volumeSize>200</volumeSize><progress>42%</progress>" + tags(entity, backup) +
         "</item>";
}

std::string interface(const std::string& status, const std::string& attached = "") {
  return "<networkInterfaceSet><item><networkInterfaceId>eni-kept</networkInterfaceId><status>" +
         status + "</status>" + attached + "</item></networkInterfaceSet>";
}

std::string held_by(const std::string& instance, const std::string& status) {
  return "<attachment><attachmentId>eni-attach-1</attachmentId><instanceId>" + instance +
         "</instanceId><deviceIndex>1</deviceIndex><status>" + status + "</status></attachment>";
}

class Ec2PortTest : public ::testing::Test {
 protected:
  std::optional<std::string> seen(const std::string& fluent,
                                  const std::vector<std::string>& arguments = {}) {
    const auto observations = port().observe({{fluent, arguments}});
    EXPECT_TRUE(observations) << observations.error().message;
    return observations.value().front().value;
  }
  Ec2Port port() { return {inventory_, client_}; }
  Result<std::string> perform(const std::string& action, std::vector<std::string> arguments = {}) {
    return port().perform({action, std::move(arguments), "run-1/s12"});
  }

  model::Inventory inventory_ = inventory();
  ScriptedEc2 ec2_;
  WallClock clock_ = [] { return std::chrono::sys_seconds(std::chrono::seconds(1700000000)); };
  CredentialChain chain_{{keys, ec2_, clock_}};
  Ec2Client client_{ec2_, {"eu-central-1", "http://127.0.0.1:4566"}, chain_, clock_};
};

TEST_F(Ec2PortTest, SignsForTheHostWithItsPortAndNeverShowsTheSecret) {
  ec2_.answer("DescribeInstances", machine("i-old", "running"));
  EXPECT_EQ(seen("power", {"platform"}), "running");
  const HttpCall& call = ec2_.requests().front();
  EXPECT_THAT(call.headers, Contains(Pair("Host", "127.0.0.1:4566")));
  EXPECT_THAT(call.headers,
              Contains(Pair("authorization",
                            HasSubstr("Credential=AKID/20231114/eu-central-1/ec2/aws4_request, "
                                      "SignedHeaders=content-type;host;x-amz-date,"))));
  for (const auto& [name, value] : call.headers) EXPECT_THAT(value, Not(HasSubstr("very-secret")));
}

TEST_F(Ec2PortTest, ReadsEveryStateOfAMachine) {
  for (const auto& [state, word] :
       std::vector<std::pair<std::string, std::string>>{{"pending", "pending"},
                                                        {"running", "running"},
                                                        {"stopping", "stopping"},
                                                        {"stopped", "stopped"},
                                                        {"shutting-down", "terminating"},
                                                        {"terminated", "terminated"}}) {
    ScriptedEc2 ec2;
    ec2.answer("DescribeInstances", machine("i-old", state));
    Ec2Client client(ec2, {"eu-central-1", "http://h"}, chain_, clock_);
    const auto read = Ec2Port(inventory_, client).observe({{"power", {"platform"}}});
    EXPECT_EQ(read.value().front().value, word);
    EXPECT_EQ(read.value().front().detail, "i-old " + state);
  }
}

TEST_F(Ec2PortTest, TakesAnUnknownStateForNotSeen) {
  ec2_.answer("DescribeInstances", machine("i-old", "hibernated-by-future-api"));
  EXPECT_EQ(seen("power", {"platform"}), std::nullopt);
}

TEST_F(Ec2PortTest, SaysThatMachinesAreGoneOrNotYetThere) {
  EXPECT_EQ(seen("power", {"platform"}), "terminated");
  EXPECT_EQ(seen("power", {"platform-new"}), "absent");
}

TEST_F(Ec2PortTest, DoesNotTakeTodaysMachineWithItsOldTagForTheNewOne) {
  ec2_.answer("DescribeInstances", machine("i-studio", "running", tags("studio-1-new")));
  EXPECT_EQ(seen("power", {"studio-1-new"}), "absent");
}

TEST_F(Ec2PortTest, TakesAnEndedMachineWithTheTagsOfANewOneForNone) {
  ec2_.answer("DescribeInstances", machine("i-1", "terminated", tags("platform-new")));
  EXPECT_EQ(seen("power", {"platform-new"}), "absent");
  const auto stopped =
      Ec2Port(inventory_, client_).perform({"stop-machine", {"platform-new"}, "t"});
  EXPECT_EQ(stopped.error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(ec2_.calls("StopInstances").empty());
}

TEST_F(Ec2PortTest, SaysWhyALaunchHasEndedByItsOwnToken) {
  ec2_.answer("DescribeInstances", machine("i-1", "pending", tags("platform-new")));
  ec2_.answer(
      "DescribeInstances",
      machine("i-1", "terminated",
              "<stateReason><code>Client.InternalError</code><message>Client.InternalError: "
              "Client error on launch</message></stateReason>"));
  const Call launch = {"launch-machine", {"platform-new"}, "run-7/s3#2"};
  Ec2Port port(inventory_, client_);
  EXPECT_EQ(port.failure_of(launch).value(), std::nullopt);
  EXPECT_EQ(port.failure_of(launch).value(),
            "i-1 terminated (Client.InternalError: Client error on launch)");
  const auto asked = ec2_.calls("DescribeInstances").back();
  EXPECT_EQ(asked.at("Filter.1.Name"), "client-token");
  EXPECT_EQ(asked.at("Filter.1.Value.1"), "run-7/s3#2");
  EXPECT_EQ(port.failure_of({"stop-machine", {"platform-new"}, "t"}).value(), std::nullopt);
}

TEST_F(Ec2PortTest, ReadsAllMachinesOfAKindWithOneRequestInTheOrderAsked) {
  const auto read = port().observe({{"power", {"studio-1"}}, {"power", {"platform"}}});
  ASSERT_EQ(read.value().size(), 2U);
  EXPECT_EQ(read.value().front().variable.arguments.front(), "studio-1");
  ASSERT_EQ(ec2_.calls("DescribeInstances").size(), 1U);
  EXPECT_THAT(
      ec2_.calls("DescribeInstances").front(),
      IsSupersetOf({Pair("Filter.1.Name", "instance-id"), Pair("Filter.1.Value.1", "i-studio"),
                    Pair("Filter.1.Value.2", "i-old")}));
}

TEST_F(Ec2PortTest, AsksInPortionsThatAFilterTakes) {
  std::vector<Variable> all;
  for (int i = 0; i < 201; ++i) {
    model::Instance instance;
    instance.name = "app-" + std::to_string(i);
    instance.cloud_id = "i-" + std::to_string(i);
    inventory_.instances.push_back(instance);
    all.push_back({"power", {instance.name}});
  }
  ASSERT_TRUE(port().observe(all));
  EXPECT_EQ(ec2_.calls("DescribeInstances").size(), 2U);
}

TEST_F(Ec2PortTest, FollowsEveryPage) {
  ec2_.answer("DescribeInstances",
              machine("i-studio", "stopped") + "<nextToken>page-2</nextToken>");
  ec2_.answer("DescribeInstances", machine("i-old", "running"));
  const auto read = port().observe({{"power", {"studio-1"}}, {"power", {"platform"}}});
  EXPECT_EQ(read.value()[0].value, "stopped");
  EXPECT_EQ(read.value()[1].value, "running");
  EXPECT_THAT(ec2_.calls("DescribeInstances")[1], Contains(Pair("NextToken", "page-2")));
}

TEST_F(Ec2PortTest, CallsAVolumeAttachedOnlyWhenItsAttachmentIs) {
  ec2_.answer("DescribeVolumes",
              volume("vol-data", "in-use", attachment("i-old", "/dev/sdf", "attaching")));
  ec2_.answer("DescribeVolumes",
              volume("vol-data", "in-use", attachment("i-old", "/dev/sdf", "attached")));
  ec2_.answer("DescribeVolumes", volume("vol-data", "available"));
  EXPECT_EQ(seen("volume", {"wm-data"}), "attaching");
  EXPECT_EQ(seen("volume", {"wm-data"}), "attached");
  EXPECT_EQ(seen("volume", {"wm-data"}), "available");
}

TEST_F(Ec2PortTest, SeesOnlySnapshotsOfThisBackup) {
  ec2_.answer("DescribeSnapshots",
              "<snapshotSet>" + snapshot("snap-1", "completed", "snap-wm-data", "backup-6") +
                  snapshot("snap-2", "pending", "snap-wm-data", "backup-7") + "</snapshotSet>");
  EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), "pending");
  EXPECT_EQ(seen("snapshot", {"snap-wm-runtime"}), "absent");
}

TEST_F(Ec2PortTest, SeesWhoHoldsTheAddress) {
  const auto address = [&](const std::string& status, const std::string& attached) {
    ScriptedEc2 ec2;
    ec2.answer("DescribeInstances", machine("i-new", "running", tags("platform-new")));
    ec2.answer("DescribeNetworkInterfaces", interface(status, attached));
    Ec2Client client(ec2, {"eu-central-1", "http://h"}, chain_, clock_);
    return Ec2Port(inventory_, client).observe({{"address", {}}}).value().front().value;
  };
  EXPECT_EQ(address("in-use", held_by("i-old", "attached")), "old-platform");
  EXPECT_EQ(address("in-use", held_by("i-old", "detaching")), "detaching");
  EXPECT_EQ(address("available", ""), "free");
  EXPECT_EQ(address("in-use", held_by("i-new", "attaching")), "attaching");
  EXPECT_EQ(address("in-use", held_by("i-new", "attached")), "new-platform");
  EXPECT_EQ(address("in-use", held_by("i-thief", "attached")), std::nullopt);
}

TEST_F(Ec2PortTest, LooksOnceForWhateverIsAskedTogether) {
  const auto asks = [&](const std::string& holder) {
    ScriptedEc2 ec2;
    Ec2Client client(ec2, {"eu-central-1", "http://ec2.test"}, chain_, clock_);
    ec2.answer("DescribeNetworkInterfaces",
               "<networkInterfaceSet><item><networkInterfaceId>eni-kept</networkInterfaceId>"
               "<status>in-use</status><attachment><attachmentId>eni-attach-1</attachmentId>"
               "<status>attached</status><instanceId>" +
                   holder + "</instanceId></attachment></item></networkInterfaceSet>");
    ec2.answer("DescribeInstances", machine("i-new", "running", tags("platform-new")));
    const auto seen = Ec2Port(inventory_, client)
                          .observe({{"address", {}},
                                    {"power", {"platform"}},
                                    {"power", {"platform-new"}},
                                    {"power", {"studio-1"}}});
    EXPECT_TRUE(seen);
    return ec2.requests().size();
  };
  EXPECT_EQ(asks("i-old"), 3U) << "the interface, today's machines, new ones";
  EXPECT_EQ(asks("i-new"), 3U);
}

TEST_F(Ec2PortTest, LaunchesTheNewPlatformWithItsTokenTagsAndNoFixedAddress) {
  ec2_.answer("RunInstances",
              "<instancesSet><item><instanceId>i-1</instanceId></item></instancesSet>");
  EXPECT_EQ(perform("launch-machine", {"platform-new"}).value(), "i-1");
  const Form sent = ec2_.calls("RunInstances").front();
  EXPECT_THAT(sent, IsSupersetOf({Pair("ImageId", "ami-1"), Pair("InstanceType", "m5.2xlarge"),
                                  Pair("MinCount", "1"), Pair("ClientToken", "run-1/s12"),
                                  Pair("SecurityGroupId.2", "sg-2"),
                                  Pair("TagSpecification.1.ResourceType", "instance"),
                                  Pair("TagSpecification.1.Tag.3.Key", "rehydrate:entity"),
                                  Pair("TagSpecification.1.Tag.3.Value", "platform-new")}));
  EXPECT_FALSE(sent.contains("PrivateIpAddress"));
  EXPECT_FALSE(sent.contains("BlockDeviceMapping.1.DeviceName"));
}

TEST_F(Ec2PortTest, LaunchesAnInstanceWithItsAddressAndADataDiskThatOutlivesIt) {
  ec2_.answer("RunInstances",
              "<instancesSet><item><instanceId>i-1</instanceId></item></instancesSet>");
  ASSERT_TRUE(perform("launch-machine", {"studio-1-new"}));
  EXPECT_THAT(
      ec2_.calls("RunInstances").front(),
      IsSupersetOf({Pair("PrivateIpAddress", "10.0.0.21"), Pair("InstanceType", "m5.xlarge"),
                    Pair("BlockDeviceMapping.1.DeviceName", "/dev/sdf"),
                    Pair("BlockDeviceMapping.1.Ebs.VolumeSize", "80"),
                    Pair("BlockDeviceMapping.1.Ebs.DeleteOnTermination", "false")}));
}

TEST_F(Ec2PortTest, HashesATokenThatIsTooLongForEc2) {
  ec2_.answer("RunInstances",
              "<instancesSet><item><instanceId>i-1</instanceId></item></instancesSet>");
  ASSERT_TRUE(port().perform({"launch-machine", {"platform-new"}, std::string(65, 'x')}));
  const std::string token = ec2_.calls("RunInstances").front().at("ClientToken");
  EXPECT_EQ(token.size(), 64U);
  EXPECT_NE(token, std::string(64, 'x'));
}

TEST_F(Ec2PortTest, TakesASnapshotOnceForEachToken) {
  ec2_.answer("DescribeVolumes", volume("vol-data", "in-use"));
  ec2_.answer("CreateSnapshot", "<snapshotId>snap-9</snapshotId>");
  EXPECT_EQ(perform("take-snapshot", {"snap-wm-data"}).value(), "snap-9");
  EXPECT_THAT(ec2_.calls("DescribeSnapshots").front(),
              IsSupersetOf({Pair("Filter.1.Name", "tag:rehydrate:token"),
                            Pair("Filter.1.Value.1", "run-1/s12")}));
  EXPECT_THAT(ec2_.calls("CreateSnapshot").front(),
              IsSupersetOf({Pair("VolumeId", "vol-data"),
                            Pair("TagSpecification.1.Tag.5.Key", "rehydrate:backup"),
                            Pair("TagSpecification.1.Tag.5.Value", "backup-7")}));

  ec2_.answer("DescribeSnapshots", "<snapshotSet>" +
                                       snapshot("snap-9", "pending", "snap-wm-data", "backup-7") +
                                       "</snapshotSet>");
  EXPECT_EQ(perform("take-snapshot", {"snap-wm-data"}).value(), "snap-9");
  EXPECT_EQ(ec2_.calls("CreateSnapshot").size(), 1U);
}

TEST_F(Ec2PortTest, MakesAVolumeInTheZoneAndNeverSmallerThanItsSnapshot) {
  ec2_.answer("DescribeSnapshots", "<snapshotSet>" +
                                       snapshot("snap-9", "completed", "snap-wm-data", "backup-7") +
                                       "</snapshotSet>");
  ec2_.answer("CreateVolume", "<volumeId>vol-9</volumeId>");
  EXPECT_EQ(perform("create-volume", {"wm-data-new"}).value(), "vol-9");
  EXPECT_THAT(
      ec2_.calls("CreateVolume").front(),
      IsSupersetOf({Pair("SnapshotId", "snap-9"), Pair("Size", "200"),
                    Pair("AvailabilityZone", "eu-central-1a"), Pair("ClientToken", "run-1/s12")}));
}

TEST_F(Ec2PortTest, CountsAVolumeInUseByTheSameMachineAndDeviceAsAttached) {
  ec2_.answer("DescribeInstances", machine("i-new", "running", tags("platform-new")));
  ec2_.answer("DescribeVolumes", volume("vol-9", "available", tags("wm-data-new")));
  ec2_.answer(
      "DescribeVolumes",
      volume("vol-9", "in-use", attachment("i-new", "/dev/sdf", "attached") + tags("wm-data-new")));
  ec2_.fail("AttachVolume", 400, "VolumeInUse");
  EXPECT_EQ(perform("attach-volume", {"wm-data-new"}).value(), "vol-9");
  EXPECT_THAT(ec2_.calls("AttachVolume").front(),
              IsSupersetOf({Pair("InstanceId", "i-new"), Pair("Device", "/dev/sdf")}));
}

TEST_F(Ec2PortTest, IsBlockedByAVolumeInUseElsewhere) {
  ec2_.answer("DescribeInstances", machine("i-new", "running", tags("platform-new")));
  ec2_.answer("DescribeVolumes",
              volume("vol-9", "in-use",
                     attachment("i-other", "/dev/sdf", "attached") + tags("wm-data-new")));
  ec2_.fail("AttachVolume", 400, "VolumeInUse");
  EXPECT_EQ(perform("attach-volume", {"wm-data-new"}).error().code, ErrorCode::kBlocked);
}

TEST_F(Ec2PortTest, DetachesTheAttachmentOfTheAddressAndOnlyOnce) {
  ec2_.answer("DescribeNetworkInterfaces", interface("in-use", held_by("i-old", "attached")));
  ec2_.answer("DescribeNetworkInterfaces", interface("available"));
  ASSERT_TRUE(perform("detach-address"));
  ASSERT_TRUE(perform("detach-address"));
  ASSERT_EQ(ec2_.calls("DetachNetworkInterface").size(), 1U);
  EXPECT_THAT(ec2_.calls("DetachNetworkInterface").front(),
              Contains(Pair("AttachmentId", "eni-attach-1")));
}

TEST_F(Ec2PortTest, AttachesTheAddressToTheNewPlatformAsItsSecondInterface) {
  ec2_.answer("DescribeNetworkInterfaces", interface("available"));
  ec2_.answer("DescribeInstances", machine("i-new", "running", tags("platform-new")));
  ASSERT_TRUE(perform("attach-address"));
  EXPECT_THAT(ec2_.calls("AttachNetworkInterface").front(),
              IsSupersetOf({Pair("NetworkInterfaceId", "eni-kept"), Pair("InstanceId", "i-new"),
                            Pair("DeviceIndex", "1")}));
}

TEST_F(Ec2PortTest, GivesTheAddressBackToTheOldPlatform) {
  ec2_.answer("DescribeNetworkInterfaces", interface("available"));
  ec2_.answer("DescribeInstances", machine("i-old", "stopped"));
  ASSERT_TRUE(perform("return-address"));
  EXPECT_THAT(ec2_.calls("AttachNetworkInterface").front(),
              IsSupersetOf({Pair("NetworkInterfaceId", "eni-kept"), Pair("InstanceId", "i-old"),
                            Pair("DeviceIndex", "1")}));
}

TEST_F(Ec2PortTest, PassesOnThatNobodyKnowsWhatBecameOfARequest) {
  ec2_.answer("DescribeInstances", machine("i-old", "running"));
  ec2_.lose_answer("StopInstances");
  const auto stopped = perform("stop-machine", {"platform"});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kUnknownOutcome);
  EXPECT_THAT(stopped.error().message, HasSubstr("EC2 StopInstances i-old"));
}

TEST_F(Ec2PortTest, NamesOperationResourceAndCauseOfAnError) {
  ec2_.answer("DescribeInstances", machine("i-old", "terminated"));
  ec2_.fail("StopInstances", 400, "IncorrectInstanceState", "The instance is terminated.");
  const auto stopped = perform("stop-machine", {"platform"});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kBlocked);
  EXPECT_EQ(stopped.error().message,
            "EC2 StopInstances i-old: IncorrectInstanceState: The instance is terminated");
}

TEST_F(Ec2PortTest, RefusesWhatIsNotItsDoor) {
  EXPECT_EQ(perform("passivate-container", {"c1"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("stop-machine").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(port().observe({{"run", {"c1"}}}).error().code, ErrorCode::kInvalid);
}

/// Does the model of the service have this member? "Filter.1.Value.2" -> Filters[].Values[].
bool has_member(const nlohmann::json& shapes, std::string shape, const std::string& name) {
  std::istringstream parts(name);
  std::string part;
  while (std::getline(parts, part, '.')) {
    if (shapes.at(shape).at("type") == "list") {
      if (part.find_first_not_of("0123456789") != std::string::npos) return false;
      shape = shapes.at(shape).at("member").at("shape");
      continue;
    }
    std::string found;
    for (const auto& [member, facts] : shapes.at(shape).at("members").items()) {
      std::string wire = facts.value("locationName", member);
      wire.front() = static_cast<char>(std::toupper(wire.front()));
      if (facts.value("queryName", wire) == part) found = facts.at("shape");
    }
    if (found.empty()) return false;
    shape = found;
  }
  return true;
}

TEST_F(Ec2PortTest, SendsOnlyMembersThatTheServiceModelKnows) {
  std::ifstream file(std::string(WME_SOURCE_DIR) + "/tests/data/aws/ec2-service-trimmed.json");
  const auto service = nlohmann::json::parse(file);
  inventory_.launch.key_name = "operators";
  inventory_.platform.new_address = "10.0.0.99";
  ec2_.answer("DescribeInstances", machine("i-new", "running", tags("platform-new")));
  ec2_.answer("DescribeVolumes", volume("vol-data", "in-use"));
  ec2_.answer("DescribeVolumes", volume("vol-9", "available", tags("wm-data-new")));
  ec2_.answer("DescribeNetworkInterfaces", interface("in-use", held_by("i-old", "attached")));
  ec2_.answer("DescribeSnapshots", "<snapshotSet/>");
  ec2_.answer("DescribeSnapshots", "<snapshotSet>" +
                                       snapshot("snap-9", "completed", "snap-wm-data", "backup-7") +
                                       "</snapshotSet>");
  ec2_.answer("RunInstances",
              "<instancesSet><item><instanceId>i-1</instanceId></item></instancesSet>");
  for (const char* action : {"take-snapshot", "delete-snapshot"})
    EXPECT_TRUE(perform(action, {"snap-wm-data"})) << action;
  for (const char* action :
       {"start-machine", "stop-machine", "terminate-machine", "launch-machine"})
    EXPECT_TRUE(perform(action, {"platform-new"})) << action;
  EXPECT_TRUE(perform("launch-machine", {"studio-1-new"}));
  for (const char* action : {"create-volume", "attach-volume", "detach-volume", "delete-volume"})
    EXPECT_TRUE(perform(action, {"wm-data-new"})) << action;
  for (const char* action : {"attach-address", "detach-address"}) EXPECT_TRUE(perform(action));

  std::set<std::string> operations;
  for (const HttpCall& request : ec2_.requests()) {
    const std::string operation = request.body.substr(7, request.body.find('&') - 7);
    operations.insert(operation);
    const std::string input = service.at("operations").at(operation).at("input").at("shape");
    for (const Form& form : ec2_.calls(operation))
      for (const auto& [name, value] : form)
        EXPECT_TRUE(name == "Action" || name == "Version" ||
                    has_member(service.at("shapes"), input, name))
            << operation << " " << name;
  }
  EXPECT_EQ(operations.size(), 16U);
}

}  // namespace
}  // namespace wme::executor::aws
