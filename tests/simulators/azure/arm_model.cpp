#include "tests/simulators/azure/arm_model.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>

#include "simulators/azure/arm_routes.hpp"

namespace wme::simulators::azure {

using nlohmann::json;

namespace {

const json& service() {
  static const json all = [] {
    std::ifstream file(std::string(WME_SOURCE_DIR) +
                       "/tests/data/azure/azure-compute-network-trimmed.json");
    return json::parse(file);
  }();
  return all;
}

const json* model_named(const std::string& name) {
  for (const auto& [set, models] : service().at("models").items())
    if (const auto place = models.find(name); place != models.end()) return &*place;
  return nullptr;
}

class Judge {
 public:
  explicit Judge(bool sent) : sent_(sent) {}

  void resource(const json& value, const std::string& name, const std::string& at) {
    const json* model = model_named(name);
    if (model == nullptr) return;  // left out of the trimmed data
    if (model->contains("enum")) {
      const json& values = model->at("enum");
      if (std::ranges::find(values, value) == values.end()) no(at, "is no " + name);
      return;
    }
    if (!value.is_object()) return no(at, "is no object");
    std::set<std::string> seen;
    members(value, model->at("fields"), "", at, seen);
    for (const auto& [field_name, field] : model->at("fields").items()) {
      const std::string wire = field.at("wire");
      if (sent_ && field.value("required", false) && !seen.contains(wire))
        no(at + "/" + wire, "is required");
    }
  }

  std::vector<std::string> found;

 private:
  void no(const std::string& at, const std::string& why) { found.push_back(at + " " + why); }

  /// What stands below a prefix of wire paths: "properties/…" is no model of its own.
  void members(const json& value, const json& fields, const std::string& prefix,
               const std::string& at, std::set<std::string>& seen) {
    for (const auto& [key, child] : value.items()) {
      const std::string wire = prefix + key;
      const json* field = nullptr;
      bool is_prefix = false;
      for (const auto& [name, each] : fields.items()) {
        if (each.at("wire") == wire) field = &each;
        is_prefix |= each.at("wire").get<std::string>().starts_with(wire + "/");
      }
      if (field != nullptr) {
        seen.insert(wire);
        if (sent_ && field->value("readOnly", false)) no(at + "/" + wire, "is read-only");
        typed(child, *field, field->at("type"), at + "/" + wire);
      } else if (is_prefix && child.is_object()) {
        members(child, fields, wire + "/", at, seen);
      } else {
        no(at + "/" + wire, "is unknown");
      }
    }
  }

  void typed(const json& value, const json& field, const std::string& type, const std::string& at) {
    if (type.starts_with('[')) {
      if (!value.is_array()) return no(at, "is no list");
      for (const json& each : value) typed(each, field, type.substr(1, type.size() - 2), at);
    } else if (type.starts_with('{')) {
      if (!value.is_object()) return no(at, "is no map");
      for (const auto& [key, each] : value.items())
        typed(each, field, type.substr(1, type.size() - 2), at + "/" + key);
    } else if (type == "str" || type == "iso-8601") {
      if (!value.is_string()) return no(at, "is no text");
      // Sizes are an open set: the service has more each year, and no list of them is complete.
      const bool is_open = at.ends_with("/vmSize");
      const auto values = is_open ? field.end() : field.find("values");
      if (values != field.end() && std::ranges::find(*values, value) == values->end())
        no(at, "cannot be " + value.get<std::string>());
    } else if (type == "int") {
      if (!value.is_number_integer()) no(at, "is no whole number");
    } else if (type == "float") {
      if (!value.is_number()) no(at, "is no number");
    } else if (type == "bool") {
      if (!value.is_boolean()) no(at, "is neither true nor false");
    } else if (type != "object") {
      resource(value, type, at);
    }
  }

  bool sent_;
};

const json* operation_of(const executor::HttpCall& call) {
  const std::string path = call.target.substr(0, call.target.find('?'));
  for (const auto& [group, operations] : service().at("operations").items())
    for (const auto& [name, each] : operations.at("methods").items())
      if (each.at("method") == call.method && matched(each.at("path").get<std::string>(), path))
        return &each;
  return nullptr;
}

/// "DiskList" is a list of "Disk"; its own model was left out where it is only that.
std::string element_of(const std::string& list) {
  for (const char* end : {"ListResult", "List"})
    if (list.ends_with(end)) return list.substr(0, list.size() - std::string(end).size());
  return "";
}

}  // namespace

std::vector<std::string> faults_of(const json& document, const std::string& model, bool sent) {
  Judge judge(sent);
  judge.resource(document, model, model);
  return judge.found;
}

bool is_modelled(const executor::HttpCall& call) { return operation_of(call) != nullptr; }

std::vector<std::string> faults_of(const executor::HttpCall& call,
                                   const executor::HttpAnswer& answer) {
  const json* operation = operation_of(call);
  if (operation == nullptr) return {};
  std::vector<std::string> all;
  const auto add = [&](std::vector<std::string> more) {
    for (std::string& each : more) all.push_back(call.method + " " + std::move(each));
  };
  if (!call.body.empty()) {
    const std::string model = operation->value("request", "");
    if (model.empty()) all.push_back(call.method + " " + call.target + " has a body");
    add(faults_of(json::parse(call.body), model, true));
  }
  const json body = json::parse(answer.body, nullptr, false);
  if (answer.status >= 400) {
    if (!body.is_object() || !body.contains("error") || !body["error"].contains("code") ||
        !body["error"].contains("message"))
      all.push_back(call.target + " is refused without code and message");
    return all;
  }
  const auto& accepted = operation->at("acceptedStatus");
  if (std::ranges::find(accepted, json(answer.status)) == accepted.end())
    all.push_back(call.method + " " + call.target + " answers " + std::to_string(answer.status));
  const std::string model = operation->value("response", "");
  if (model.empty() || answer.body.empty()) return all;
  if (const std::string element = element_of(model); !element.empty()) {
    for (const json& each : body.at("value")) add(faults_of(each, element, false));
    return all;
  }
  add(faults_of(body, model, false));
  return all;
}

Result<executor::HttpAnswer> CheckedWire::send(const executor::HttpCall& call) {
  auto answer = inner_.send(call);
  const std::string path = call.target.substr(0, call.target.find('?'));
  log_.push_back(call.method + " " + path);
  if (!answer) return answer;
  if (is_modelled(call)) ++checked_;
  for (std::string& each : faults_of(call, answer.value()))
    if (std::ranges::find(faults_, each) == faults_.end()) faults_.push_back(std::move(each));
  return answer;
}

}  // namespace wme::simulators::azure
