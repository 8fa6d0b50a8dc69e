#include "simulators/aws/ec2_request.hpp"

#include <charconv>

namespace wme::simulators::aws {

std::string Ec2Request::text(std::string_view name) const {
  const auto place = form_.find(name);
  return place == form_.end() ? "" : place->second;
}

bool Ec2Request::has(std::string_view name) const { return form_.contains(name); }

int Ec2Request::number(std::string_view name, int otherwise) const {
  const std::string digits = text(name);
  int value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_number =
      !digits.empty() && read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  return is_number ? value : otherwise;
}

bool Ec2Request::flag(std::string_view name, bool otherwise) const {
  return has(name) ? text(name) == "true" : otherwise;
}

std::vector<std::string> Ec2Request::list(const std::string& name) const {
  std::vector<std::string> values;
  for (int i = 1; has(name + "." + std::to_string(i)); ++i)
    values.push_back(text(name + "." + std::to_string(i)));
  return values;
}

int Ec2Request::count(const std::string& name) const {
  for (int i = 1;; ++i) {
    const std::string prefix = name + "." + std::to_string(i) + ".";
    const auto place = form_.lower_bound(prefix);
    if (place == form_.end() || !place->first.starts_with(prefix)) return i - 1;
  }
}

std::vector<Filter> Ec2Request::filters() const {
  std::vector<Filter> all;
  for (int i = 1; i <= count("Filter"); ++i) {
    const std::string prefix = "Filter." + std::to_string(i) + ".";
    all.push_back({text(prefix + "Name"), list(prefix + "Value")});
  }
  return all;
}

Tags Ec2Request::tags(const std::string& prefix) const {
  Tags found;
  for (int i = 1; i <= count(prefix + "Tag"); ++i) {
    const std::string tag = prefix + "Tag." + std::to_string(i) + ".";
    found[text(tag + "Key")] = text(tag + "Value");
  }
  return found;
}

Tags Ec2Request::tags_for(const std::string& resource_type) const {
  Tags found;
  for (int i = 1; i <= count("TagSpecification"); ++i) {
    const std::string prefix = "TagSpecification." + std::to_string(i) + ".";
    if (text(prefix + "ResourceType") == resource_type) found.merge(tags(prefix));
  }
  return found;
}

Ec2Status Ec2Request::require(const std::vector<std::string>& names) const {
  for (const std::string& name : names)
    if (text(name).empty() && list(name).empty() && count(name) == 0)
      return Ec2Error{400, "MissingParameter", "The request must contain the parameter " + name};
  return Nothing{};
}

std::string Ec2Request::fingerprint() const {
  std::string all;
  for (const auto& [name, value] : form_)
    if (name != "ClientToken") all += name + "=" + value + "\n";
  return all;
}

}  // namespace wme::simulators::aws
