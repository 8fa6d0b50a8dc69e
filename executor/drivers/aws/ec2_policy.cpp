#include "executor/drivers/aws/ec2_policy.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "executor/drivers/aws/ec2_names.hpp"

namespace wme::executor::aws {

namespace {

using nlohmann::ordered_json;

const std::map<std::string_view, std::string_view>& operations() {
  static const std::map<std::string_view, std::string_view> all = {
      {"take-snapshot", "CreateSnapshot"},
      {"delete-snapshot", "DeleteSnapshot"},
      {"stop-machine", "StopInstances"},
      {"start-machine", "StartInstances"},
      {"terminate-machine", "TerminateInstances"},
      {"launch-machine", "RunInstances"},
      {"detach-address", "DetachNetworkInterface"},
      {"attach-address", "AttachNetworkInterface"},
      {"return-address", "AttachNetworkInterface"},
      {"create-volume", "CreateVolume"},
      {"attach-volume", "AttachVolume"},
      {"detach-volume", "DetachVolume"},
      {"delete-volume", "DeleteVolume"},
  };
  return all;
}

/// The ends of ARNs ("instance/i-0a1b") by operation.
using Resources = std::map<std::string, std::set<std::string>>;

/// The least that one call needs. Resources that are not there yet go by the tag that they get.
class Grants {
 public:
  explicit Grants(const model::Inventory& inventory) : inventory_(inventory) {}

  void add(const Call& call) {
    const std::string operation(operation_of(call.action));
    const std::string of = call.arguments.empty() ? "" : call.arguments.front();
    const model::Platform& platform = inventory_.platform;
    const std::string address = "network-interface/" + platform.interface;
    if (call.action == "take-snapshot") {
      allow(operation, {volume(model::saved_volume(of)), "snapshot/*"});
    } else if (call.action == "launch-machine") {
      launch(operation);
    } else if (call.action == "create-volume") {
      allow(operation, {"volume/*", "snapshot/*"});
    } else if (call.action == "attach-volume" || call.action == "detach-volume") {
      if (model::is_new(of))
        allow_made(operation, {"instance/*", "volume/*"});
      else
        allow(operation, {machine("platform"), volume(of)});
    } else if (call.action == "delete-volume") {
      model::is_new(of) ? allow_made(operation, {"volume/*"}) : allow(operation, {volume(of)});
    } else if (call.action == "delete-snapshot") {
      allow_made(operation, {"snapshot/*"});
    } else if (call.action == "attach-address") {
      allow(operation, {address});
      allow_made(operation, {"instance/*"});
    } else if (call.action == "detach-address" || call.action == "return-address") {
      allow(operation, {address, machine("platform")});
    } else if (model::is_new(of)) {
      allow_made(operation, {"instance/*"});
    } else {
      allow(operation, {machine(of)});
    }
  }

  const Resources& there() const { return there_; }
  /// Only what carries the tag of the installation.
  const Resources& made() const { return made_; }

 private:
  void allow(const std::string& operation, const std::set<std::string>& resources) {
    there_[operation].insert(resources.begin(), resources.end());
  }
  void allow_made(const std::string& operation, const std::set<std::string>& resources) {
    made_[operation].insert(resources.begin(), resources.end());
  }
  void launch(const std::string& operation) {
    const model::Launch& launch = inventory_.launch;
    std::set<std::string> resources = {"instance/*", "volume/*", "network-interface/*"};
    const auto add_named = [&](const char* kind, const std::string& id) {
      resources.insert(std::string(kind) + "/" + (id.empty() ? "*" : id));
    };
    add_named("image", launch.image);
    add_named("subnet", launch.subnet);
    if (!launch.key_name.empty()) add_named("key-pair", launch.key_name);
    for (const std::string& group : launch.security_groups) add_named("security-group", group);
    if (launch.security_groups.empty()) add_named("security-group", "");
    allow(operation, resources);
  }
  std::string machine(const std::string& name) const {
    const std::string id = model::cloud_id_of_machine(inventory_, name);
    return "instance/" + (id.empty() ? "*" : id);
  }
  std::string volume(const std::string& name) const {
    const model::Volume* today = model::volume_of_today(inventory_, name);
    return "volume/" + (today == nullptr || today->cloud_id.empty() ? "*" : today->cloud_id);
  }

  const model::Inventory& inventory_;
  Resources there_;
  Resources made_;
};

}  // namespace

std::string_view operation_of(std::string_view action) {
  const auto place = operations().find(action);
  return place == operations().end() ? std::string_view() : place->second;
}

std::string ec2_policy(const model::Inventory& inventory, const Ec2Place& place,
                       const std::vector<Call>& calls, const std::string& account) {
  Grants grants(inventory);
  std::set<std::string> tagging;
  for (const Call& call : calls) {
    if (operation_of(call.action).empty()) continue;
    grants.add(call);
    for (const char* makes : {"take-snapshot", "launch-machine", "create-volume"})
      if (call.action == makes) tagging.insert(std::string(operation_of(makes)));
  }
  const std::string partition = place.region.starts_with("cn-") ? "aws-cn" : "aws";
  const auto arn = [&](const std::string& resource) {
    // An image belongs to whoever made it, a snapshot that is shared, too.
    const bool is_anybodys = resource.starts_with("image/") || resource.starts_with("snapshot/");
    return "arn:" + partition + ":ec2:" + place.region + ":" +
           (is_anybodys       ? ""
            : account.empty() ? "*"
                              : account) +
           ":" + resource;
  };
  ordered_json statements = ordered_json::array();
  // Reads cannot be limited to resources.
  ordered_json reads = ordered_json::array();
  for (const char* each :
       {"DescribeAccountAttributes", "DescribeImages", "DescribeInstances",
        "DescribeNetworkInterfaces", "DescribeSnapshots", "DescribeVolumes", "DescribeVpcs"})
    reads.push_back(std::string("ec2:") + each);
  statements.push_back(
      {{"Sid", "Read"}, {"Effect", "Allow"}, {"Action", reads}, {"Resource", "*"}});
  for (const bool is_made : {false, true})
    for (const auto& [operation, resources] : is_made ? grants.made() : grants.there()) {
      ordered_json on = ordered_json::array();
      for (const std::string& each : resources) on.push_back(arn(each));
      ordered_json statement = {{"Sid", operation + (is_made ? "OnWhatARunMakes" : "")},
                                {"Effect", "Allow"},
                                {"Action", {"ec2:" + operation}},
                                {"Resource", on}};
      if (is_made)
        statement["Condition"] = {
            {"StringEquals",
             {{"aws:ResourceTag/" + std::string(kInstallationTag), inventory.name}}}};
      statements.push_back(std::move(statement));
    }
  if (!tagging.empty())
    statements.push_back({{"Sid", "TagWhatIsMade"},
                          {"Effect", "Allow"},
                          {"Action", {"ec2:CreateTags"}},
                          {"Resource", "*"},
                          {"Condition", {{"StringEquals", {{"ec2:CreateAction", tagging}}}}}});
  return ordered_json{{"Version", "2012-10-17"}, {"Statement", statements}}.dump(
             2, ' ', false, ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace wme::executor::aws
