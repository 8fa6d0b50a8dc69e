#include "tests/support/aws/ec2_model.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <set>

namespace wme::testing_support {

namespace {

constexpr const char* kVersion = "2016-11-15";
constexpr const char* kNamespace = "http://ec2.amazonaws.com/doc/2016-11-15/";

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      plain += ' ';
    } else if (text[i] == '%' && i + 2 < text.size()) {
      plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// In requests: queryName, else locationName with a capital, else the member's own name.
std::string name_in_request(const std::string& member, const nlohmann::json& facts) {
  if (facts.contains("queryName")) return facts.at("queryName");
  std::string name = facts.value("locationName", member);
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

}  // namespace

Ec2Model::Ec2Model() {
  std::ifstream file(std::string(WME_SOURCE_DIR) + "/tests/data/aws/ec2-service-trimmed.json");
  service_ = nlohmann::json::parse(file);
}

bool Ec2Model::knows(const std::string& operation) const {
  return service_.at("operations").contains(operation);
}

const nlohmann::json& Ec2Model::shape(const std::string& name) const {
  return service_.at("shapes").at(name);
}

Ec2Model::Complaints Ec2Model::faults_of_request(std::string_view form) const {
  Complaints all;
  Given root;
  std::string action;
  std::string version;
  for (const std::string& pair : split(form, '&')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) {
      all.push_back("'" + pair + "' has no value");
      continue;
    }
    const std::string name = decoded(std::string_view(pair).substr(0, equals));
    const std::string value = decoded(std::string_view(pair).substr(equals + 1));
    if (name == "Action" || name == "Version") {
      (name == "Action" ? action : version) = value;
      continue;
    }
    Given* place = &root;
    for (const std::string& part : split(name, '.')) place = &place->below[part];
    if (place->is_leaf) all.push_back(name + " is given twice");
    place->is_leaf = true;
    place->text = value;
  }
  if (version != kVersion) all.push_back("Version is '" + version + "'");
  if (!knows(action)) {
    all.push_back("there is no operation '" + action + "'");
    return all;
  }
  const Json& operation = service_.at("operations").at(action);
  if (operation.contains("input") && operation.at("input").is_object())
    judge(root, operation.at("input").at("shape"), action, all);
  return all;
}

void Ec2Model::judge(const Given& given, const std::string& shape_name, const std::string& where,
                     Complaints& all) const {
  const Json& facts = shape(shape_name);
  const std::string type = facts.at("type");
  if (type == "structure" || type == "list") {
    if (given.is_leaf) all.push_back(where + " is a " + type + ", not a text");
    if (type == "structure") judge_structure(given, facts, where, all);
    if (type == "list") judge_list(given, facts, where, all);
    return;
  }
  for (const auto& [name, below] : given.below)
    all.push_back(where + " is a " + type + ": it has no '" + name + "'");
  if (given.is_leaf) judge_text(given.text, facts, where, all);
}

void Ec2Model::judge_structure(const Given& given, const Json& facts, const std::string& where,
                               Complaints& all) const {
  std::set<std::string> members;
  for (const auto& [name, below] : given.below) {
    std::string found;
    for (const auto& [member, its] : facts.at("members").items())
      if (name_in_request(member, its) == name) {
        found = its.at("shape");
        members.insert(member);
      }
    if (found.empty())
      all.push_back(where + " has no '" + name + "'");
    else
      judge(below, found, where + "." + name, all);
  }
  for (const std::string& member : facts.value("required", std::vector<std::string>()))
    if (!members.contains(member)) all.push_back(where + " lacks the required " + member);
}

/// "InstanceId.1", "InstanceId.2": from 1, without a gap.
void Ec2Model::judge_list(const Given& given, const Json& facts, const std::string& where,
                          Complaints& all) const {
  for (std::size_t i = 1; i <= given.below.size(); ++i)
    if (!given.below.contains(std::to_string(i)))
      all.push_back(where + " is a list without a number " + std::to_string(i));
  for (const auto& [number, below] : given.below)
    judge(below, facts.at("member").at("shape"), where + "." + number, all);
}

void Ec2Model::judge_text(const std::string& text, const Json& facts, const std::string& where,
                          Complaints& all) const {
  static const std::map<std::string, std::regex> kForms = {
      {"boolean", std::regex("true|false")},
      {"integer", std::regex("-?[0-9]{1,10}")},
      {"long", std::regex("-?[0-9]{1,19}")},
      {"timestamp", std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
                               "(\\.[0-9]{1,6})?Z")},
      {"blob", std::regex("[A-Za-z0-9+/]*={0,2}")}};
  const std::string type = facts.at("type");
  if (const auto form = kForms.find(type); form != kForms.end()) {
    if (!std::regex_match(text, form->second))
      all.push_back(where + " is '" + text + "', which is no " + type);
    return;
  }
  if (!facts.contains("enum")) return;
  const auto words = facts.at("enum").get<std::vector<std::string>>();
  if (std::ranges::find(words, text) == words.end())
    all.push_back(where + " is '" + text + "', which is none of its words");
}

Ec2Model::Complaints Ec2Model::faults_of_answer(const std::string& operation, int status,
                                                const std::string& body) const {
  Complaints all;
  pugi::xml_document document;
  if (!document.load_string(body.c_str())) return {"this is no XML: " + body.substr(0, 80)};
  const pugi::xml_node root = document.document_element();
  if (status != 200) {
    const auto text = [&](const char* path) {
      return std::string(root.first_element_by_path(path).text().get());
    };
    if (std::string(root.name()) != "Response") all.push_back("an error's root is Response");
    if (text("Errors/Error/Code").empty()) all.push_back("an error has a Code");
    if (text("Errors/Error/Message").empty()) all.push_back("an error has a Message");
    if (text("RequestID").empty()) all.push_back("an error has a RequestID");
    return all;
  }
  if (!knows(operation)) return {"there is no operation '" + operation + "'"};
  if (root.name() != operation + "Response")
    all.push_back("the root is '" + std::string(root.name()) + "'");
  if (std::string(root.attribute("xmlns").value()) != kNamespace)
    all.push_back("the namespace is '" + std::string(root.attribute("xmlns").value()) + "'");
  if (!root.child("requestId")) all.push_back("the answer has no requestId");
  const Json& facts = service_.at("operations").at(operation);
  if (facts.contains("output") && facts.at("output").is_object()) {
    judge_elements(root, shape(facts.at("output").at("shape")), operation, true, all);
  } else if (std::string(root.child("return").text().get()) != "true") {
    all.push_back("an answer without a shape has return");
  }
  return all;
}

void Ec2Model::judge_element(const pugi::xml_node& node, const std::string& shape_name,
                             const std::string& where, Complaints& all) const {
  const Json& facts = shape(shape_name);
  const std::string type = facts.at("type");
  if (type == "structure") return judge_elements(node, facts, where, false, all);
  if (type != "list") {
    for (const pugi::xml_node& child : node.children())
      if (child.type() == pugi::node_element)
        all.push_back(where + " is a " + type + ": it has no '" + child.name() + "'");
    return judge_text(node.text().get(), facts, where, all);
  }
  const std::string item = facts.at("member").value("locationName", "item");
  for (const pugi::xml_node& child : node.children()) {
    if (child.name() != item)
      all.push_back(where + " is a list of '" + item + "', not of '" + child.name() + "'");
    judge_element(child, facts.at("member").at("shape"), where + "/" + child.name(), all);
  }
}

void Ec2Model::judge_elements(const pugi::xml_node& node, const Json& facts,
                              const std::string& where, bool is_root, Complaints& all) const {
  std::set<std::string> seen;
  for (const pugi::xml_node& child : node.children()) {
    const std::string name = child.name();
    if (!seen.insert(name).second) all.push_back(where + " has '" + name + "' twice");
    if (is_root && name == "requestId") continue;
    std::string found;
    for (const auto& [member, its] : facts.at("members").items())
      if (its.value("locationName", member) == name) found = its.at("shape");
    if (found.empty())
      all.push_back(where + " has no '" + name + "'");
    else
      judge_element(child, found, where + "/" + name, all);
  }
}

}  // namespace wme::testing_support
