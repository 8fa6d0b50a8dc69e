#include "tests/simulators/gcp/compute_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "simulators/core/forms.hpp"

namespace wme::simulators::gcp {

namespace {

using nlohmann::json;
using Faults = std::vector<std::string>;

const json& description() {
  static const json document = [] {
    std::ifstream file(std::string(WME_SOURCE_DIR) + "/tests/data/gcp/compute-v1-trimmed.json");
    return json::parse(file);
  }();
  return document;
}

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream in(path);
  for (std::string each; std::getline(in, each, '/');)
    if (!each.empty()) parts.push_back(each);
  return parts;
}

bool has_form(const std::string& pattern, const std::string& path) {
  const auto wanted = split(pattern);
  const auto given = split(path);
  return wanted.size() == given.size() &&
         std::ranges::equal(wanted, given, [](const auto& a, const auto& b) {
           return a == b || a.starts_with('{');
         });
}

std::string path_of(const executor::HttpCall& call) {
  return call.target.substr(0, call.target.find('?'));
}

std::pair<std::string, const json*> method_of(const executor::HttpCall& call) {
  for (const auto& [resource, content] : description()["resources"].items()) {
    const json& methods = content.contains("methods") ? content["methods"] : content;
    for (const auto& [name, method] : methods.items())
      if (method["httpMethod"] == call.method && has_form(method["path"], path_of(call)))
        return {resource + "." + name, &method};
  }
  return {"", nullptr};
}

bool is_64_bits(const json& schema) {
  const std::string format = schema.value("format", "");
  return format == "uint64" || format == "int64";
}

bool is_base64(const std::string& text) {
  return text.size() % 4 == 0 &&
         text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-"
             "_") == std::string::npos;
}

void check(const json& value, const json& schema, const std::string& where, Faults& faults) {
  if (schema.contains("$ref")) {
    const std::string name = schema["$ref"];
    const json& all = description()["schemas"];
    if (!all.contains(name)) return;  // trimmed away
    check(value, all[name], where, faults);
    return;
  }
  const std::string type = schema.value("type", schema.contains("properties") ? "object" : "any");
  if (type == "string") {
    if (!value.is_string()) return faults.push_back(where + ": not a string");
    const std::string text = value;
    if (is_64_bits(schema) && text.find_first_not_of("-0123456789") != std::string::npos)
      faults.push_back(where + ": not a number in a string");
    if (schema.value("format", "") == "byte" && !is_base64(text))
      faults.push_back(where + ": not base64");
    if (schema.contains("enum")) {
      const json& words = schema["enum"];
      if (std::ranges::find(words, value) == words.end())
        faults.push_back(where + ": no such value: " + text);
    }
  } else if (type == "integer" && !value.is_number_integer()) {
    faults.push_back(where + ": not an integer");
  } else if (type == "number" && !value.is_number()) {
    faults.push_back(where + ": not a number");
  } else if (type == "boolean" && !value.is_boolean()) {
    faults.push_back(where + ": not a boolean");
  } else if (type == "array") {
    if (!value.is_array()) return faults.push_back(where + ": not an array");
    for (const json& each : value) check(each, schema["items"], where + "[]", faults);
  } else if (type == "object") {
    if (!value.is_object()) return faults.push_back(where + ": not an object");
    const json properties = schema.value("properties", json::object());
    for (const auto& [name, member] : value.items()) {
      if (properties.contains(name))
        check(member, properties[name], where + "." + name, faults);
      else if (schema.contains("additionalProperties"))
        check(member, schema["additionalProperties"], where + "." + name, faults);
      else
        faults.push_back(where + ": no such field: " + name);
    }
  }
}

json reference(const json& of) { return of.is_string() ? json{{"$ref", of}} : of; }

}  // namespace

std::string described_method(const executor::HttpCall& call) { return method_of(call).first; }

std::vector<std::string> faults_of_request(const executor::HttpCall& call) {
  Faults faults;
  const auto [name, method] = method_of(call);
  if (method == nullptr) return {call.method + " " + path_of(call) + ": no such method"};
  const auto mark = call.target.find('?');
  const Form query = mark == std::string::npos ? Form{} : parse_form(call.target.substr(mark + 1));
  const json parameters = method->value("parameters", json::object());
  for (const auto& [key, value] : query) {
    const bool is_known =
        parameters.contains(key) && parameters[key].value("location", "") == "query";
    if (!is_known) faults.push_back(name + ": no such parameter: " + key);
  }
  for (const auto& [key, parameter] : parameters.items())
    if (parameter.value("required", false) && parameter.value("location", "") == "query" &&
        !query.contains(key))
      faults.push_back(name + ": lacks parameter " + key);
  const bool takes_body = method->contains("request") && !(*method)["request"].is_null();
  if (!call.body.empty() && !takes_body) faults.push_back(name + ": takes no body");
  if (takes_body && call.body.empty()) faults.push_back(name + ": lacks a body");
  if (takes_body && !call.body.empty())
    check(json::parse(call.body), reference((*method)["request"]), name, faults);
  return faults;
}

std::vector<std::string> faults_of_answer(const executor::HttpCall& call,
                                          const executor::HttpAnswer& answer) {
  Faults faults;
  const auto [name, method] = method_of(call);
  if (method == nullptr) return {call.method + " " + path_of(call) + ": no such method"};
  const json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (body.is_discarded()) return {name + ": the answer is no JSON"};
  if (answer.status != 200) {
    if (body.value("/error/code"_json_pointer, 0) != answer.status ||
        body.value("/error/errors/0/reason"_json_pointer, "").empty())
      faults.push_back(name + ": no error envelope");
    return faults;
  }
  check(body, reference((*method)["response"]), name, faults);
  return faults;
}

Result<executor::HttpAnswer> ValidatingHttp::send(const executor::HttpCall& call) {
  if (!call.target.starts_with("/compute/")) return inner_.send(call);
  methods_.insert(described_method(call));
  for (const std::string& each : faults_of_request(call)) ADD_FAILURE() << "request " << each;
  auto answer = inner_.send(call);
  if (answer)
    for (const std::string& each : faults_of_answer(call, answer.value()))
      ADD_FAILURE() << "answer " << each << "\n" << answer.value().body;
  return answer;
}

}  // namespace wme::simulators::gcp
