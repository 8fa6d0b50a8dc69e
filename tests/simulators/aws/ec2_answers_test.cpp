#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/simulators/aws/ec2_door.hpp"

/// Every element that is written exists in the service model.
namespace wme::simulators::aws {
namespace {

using std::chrono::minutes;

const nlohmann::json& service() {
  static const nlohmann::json model = [] {
    std::ifstream file(std::string(WME_SOURCE_DIR) + "/tests/data/aws/ec2-service-trimmed.json");
    return nlohmann::json::parse(file);
  }();
  return model;
}

void expect_known(const pugi::xml_node& node, const std::string& shape_name, int& checked) {
  const auto& shape = service().at("shapes").at(shape_name);
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    const std::string name = child.name();
    ++checked;
    if (shape.at("type") == "list") {
      EXPECT_EQ(name, "item") << shape_name;
      expect_known(child, shape.at("member").at("shape"), checked);
      continue;
    }
    if (name == "requestId" || name == "return") continue;
    std::string found;
    for (const auto& [member, facts] : shape.at("members").items())
      if (facts.value("locationName", member) == name) found = facts.at("shape");
    EXPECT_NE(found, "") << shape_name << " has no element " << name;
    if (!found.empty()) expect_known(child, found, checked);
  }
}

void expect_known(const std::string& operation, const Ec2Answer& answer) {
  SCOPED_TRACE(operation);
  ASSERT_EQ(answer.status, 200) << answer.code();
  const auto& facts = service().at("operations").at(operation);
  int checked = 0;
  const bool has_output = facts.contains("output") && facts.at("output").is_object();
  const std::string output = has_output ? facts.at("output").value("shape", "") : "";
  if (output.empty())
    EXPECT_EQ(answer.text("return"), "true");
  else
    expect_known(answer.document->document_element(), output, checked);
  EXPECT_GT(checked + static_cast<int>(output.empty()), 0);
}

TEST(Ec2Answers, WritesOnlyElementsOfTheServiceModel) {
  Ec2Door ec2;
  std::set<std::string> operations;
  const auto check = [&](const std::string& operation, const Pairs& pairs) {
    const auto answer = ec2.call(operation, pairs);
    operations.insert(operation);
    expect_known(operation, answer);
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
  EXPECT_EQ(operations.size(), 24U);
}

}  // namespace
}  // namespace wme::simulators::aws
