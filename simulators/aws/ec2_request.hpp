#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulators/aws/ec2_error.hpp"
#include "simulators/aws/ec2_resources.hpp"
#include "simulators/core/forms.hpp"

namespace wme::simulators::aws {

struct Filter {
  std::string name;
  std::vector<std::string> values;  ///< any of these; * and ? are wildcards
};

/// The pairs of one Query request: `Action=…&InstanceId.1=…&Filter.2.Value.1=…`.
class Ec2Request {
 public:
  explicit Ec2Request(Form form) : form_(std::move(form)) {}

  std::string text(std::string_view name) const;  ///< empty when it is not given
  bool has(std::string_view name) const;
  int number(std::string_view name, int otherwise) const;
  bool flag(std::string_view name, bool otherwise = false) const;
  bool dry_run() const { return flag("DryRun"); }
  /// `Name.1`, `Name.2`, … until one is missing.
  std::vector<std::string> list(const std::string& name) const;
  /// How many `Name.1.…`, `Name.2.…` there are.
  int count(const std::string& name) const;
  std::vector<Filter> filters() const;
  /// The tags of TagSpecification.N for one resource type.
  Tags tags_for(const std::string& resource_type) const;
  /// Tag.N.Key and Tag.N.Value below a prefix ("" or "TagSpecification.1.").
  Tags tags(const std::string& prefix) const;
  /// MissingParameter for the first of these that is not given, either itself or as a list.
  Ec2Status require(const std::vector<std::string>& names) const;
  /// Everything but the client token: what the same token has to ask for again.
  std::string fingerprint() const;

 private:
  Form form_;
};

}  // namespace wme::simulators::aws
