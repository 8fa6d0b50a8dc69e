#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// EC2's own service model as a judge of what is sent and answered: names, types, what is required,
/// closed sets of words. Source: tests/data/aws/ec2-service-trimmed.json (its README says where
/// from); how names go over the wire: the "ec2" protocol of the AWS SDKs.
namespace wme::testing_support {

class Ec2Model {
 public:
  Ec2Model();

  using Complaints = std::vector<std::string>;

  /// A Query request, as the body of a POST or the query of a GET: "Action=…&Version=…&…".
  Complaints faults_of_request(std::string_view form) const;
  /// The answer to `operation`: an error's envelope where `status` is not 200.
  Complaints faults_of_answer(const std::string& operation, int status,
                              const std::string& body) const;
  bool knows(const std::string& operation) const;

 private:
  using Json = nlohmann::json;
  /// Parts of names that are separated by dots, as a tree; `text` only where nothing is below.
  struct Given {
    std::map<std::string, Given> below;
    std::string text;
    bool is_leaf = false;
  };

  const Json& shape(const std::string& name) const;
  void judge(const Given& given, const std::string& shape_name, const std::string& where,
             Complaints& all) const;
  void judge_structure(const Given& given, const Json& shape, const std::string& where,
                       Complaints& all) const;
  void judge_list(const Given& given, const Json& shape, const std::string& where,
                  Complaints& all) const;
  void judge_element(const pugi::xml_node& node, const std::string& shape_name,
                     const std::string& where, Complaints& all) const;
  void judge_elements(const pugi::xml_node& node, const Json& shape, const std::string& where,
                      bool is_root, Complaints& all) const;
  void judge_text(const std::string& text, const Json& shape, const std::string& where,
                  Complaints& all) const;

  Json service_;
};

}  // namespace wme::testing_support
