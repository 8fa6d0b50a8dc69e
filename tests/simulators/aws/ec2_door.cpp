#include "tests/simulators/aws/ec2_door.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/drivers/aws/sigv4.hpp"
#include "model/json/percent.hpp"
#include "tests/support/aws/ec2_model.hpp"

namespace wme::simulators::aws {

namespace {

constexpr std::chrono::sys_seconds kWallTime{std::chrono::seconds(1700000000)};

Ec2FrontOptions options() {
  return {{{"AKID", "secret", ""}}, [] { return kWallTime; }, "eu-central-1"};
}

}  // namespace

Pairs with(Pairs pairs, const std::string& name, const std::string& value) {
  pairs.emplace_back(name, value);
  return pairs;
}

Pairs tagged(Pairs pairs, const std::string& type, const std::string& entity) {
  pairs.emplace_back("TagSpecification.1.ResourceType", type);
  pairs.emplace_back("TagSpecification.1.Tag.1.Key", "rehydrate:installation");
  pairs.emplace_back("TagSpecification.1.Tag.1.Value", "acme");
  pairs.emplace_back("TagSpecification.1.Tag.2.Key", "rehydrate:entity");
  pairs.emplace_back("TagSpecification.1.Tag.2.Value", entity);
  return pairs;
}

model::Inventory small_inventory() {
  model::Inventory all;
  all.name = "acme";
  all.version = "11.12.0.ee.1";
  all.backup_id = "backup-7";
  all.platform.address = "10.0.0.10";
  all.platform.cloud_id = kPlatform;
  all.platform.interface = kAddress;
  all.platform.wm_data = {kData, 150};
  all.platform.wm_runtime = {kRuntime, 100};
  model::Instance studio;
  studio.name = "studio-1";
  studio.shard = "studio";
  studio.address = "10.0.0.21";
  studio.cloud_id = kStudio;
  all.instances = {studio};
  all.shards = {{"studio", "shard-1"}};
  model::Container container;
  container.name = "c1";
  container.id = "c1";
  container.shard = "studio";
  container.instance = "studio-1";
  container.state = model::ContainerState::kRunning;
  all.containers = {container};
  all.launch.image = "ami-0aaaaaaaaaaaaaaa1";
  all.launch.platform_size = "m5.2xlarge";
  all.launch.instance_size = "m5.xlarge";
  all.launch.subnet = "subnet-0aaaaaaaaaaaaaaa1";
  all.launch.zone = "eu-central-1a";
  all.launch.security_groups = {"sg-0aaaaaaaaaaaaaaa1"};
  all.access.region = "eu-central-1";
  return all;
}

std::string Ec2Answer::code() const {
  return document->child("Response").child("Errors").child("Error").child("Code").text().get();
}

std::string Ec2Answer::text(const std::string& path) const {
  return document->document_element().first_element_by_path(path.c_str()).text().get();
}

std::vector<std::string> Ec2Answer::texts(const std::string& xpath) const {
  std::vector<std::string> found;
  for (const auto& each : document->select_nodes(xpath.c_str()))
    found.emplace_back(each.node().text().get());
  return found;
}

Ec2Door::Ec2Door(model::Procedure procedure, FaultSchedule faults,
                 const model::Inventory& inventory)
    : world_(model::installation_of(inventory, procedure), clock_, std::move(faults)),
      front_(world_, options()) {}

Ec2Answer Ec2Door::call(const std::string& operation, const Pairs& pairs,
                        const std::string& method) {
  std::string form = "Action=" + operation + "&Version=2016-11-15";
  for (const auto& [name, value] : pairs)
    form += "&" + model::percent_encode(name) + "=" + model::percent_encode(value);
  const bool is_get = method == "GET";
  executor::aws::UnsignedRequest request{
      method,
      is_get ? "/?" + form : "/",
      {{"Host", "ec2.test"}, {"Content-Type", "application/x-www-form-urlencoded"}},
      is_get ? "" : form};
  const auto signature = executor::aws::sign(request, {"AKID", executor::Secret("secret"), {}},
                                             {"eu-central-1", "ec2", kWallTime});
  request.headers.insert(request.headers.end(), signature.added.begin(), signature.added.end());
  const HttpResponse response =
      front_.handle({request.method, request.target, request.headers, request.body});
  static const testing_support::Ec2Model service;
  if (!response.drop) {
    EXPECT_THAT(service.faults_of_answer(operation, response.status, response.body),
                ::testing::IsEmpty())
        << operation << ": " << response.body;
  }
  Ec2Answer answer{response.status, response.drop, std::make_shared<pugi::xml_document>()};
  answer.document->load_string(response.body.c_str());
  return answer;
}

std::vector<std::string> Ec2Door::rules_broken() {
  std::vector<std::string> rules;
  for (const Violation& each : world_.violations()) rules.push_back(each.rule);
  return rules;
}

}  // namespace wme::simulators::aws
