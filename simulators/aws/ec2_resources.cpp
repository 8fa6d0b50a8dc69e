#include "simulators/aws/ec2_resources.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace wme::simulators::aws {

namespace {

std::uint64_t fnv1a(const std::string& words) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : words) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

std::string hex16(std::uint64_t number) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(number));
  return text.data();
}

}  // namespace

std::string tag_of(const Tags& tags, const std::string& key) {
  const auto place = tags.find(key);
  return place == tags.end() ? "" : place->second;
}

std::string make_id(const std::string& prefix, const std::string& words) {
  return prefix + "0" + hex16(fnv1a(prefix + words));
}

std::string mac_address(const std::string& interface_id) {
  const std::string digits = hex16(fnv1a(interface_id));
  std::string mac = "02";  // locally administered
  for (std::size_t i = 0; i < 10; i += 2) mac.append(":").append(digits, i, 2);
  return mac;
}

bool is_well_formed(const std::string& prefix, const std::string& id) {
  if (!id.starts_with(prefix)) return false;
  const std::string digits = id.substr(prefix.size());
  return (digits.size() == 8 || digits.size() == 17) &&
         digits.find_first_not_of("0123456789abcdef") == std::string::npos;
}

int state_code(const std::string& instance_state) {
  constexpr std::array<std::pair<std::string_view, int>, 6> kCodes = {{{"pending", 0},
                                                                       {"running", 16},
                                                                       {"shutting-down", 32},
                                                                       {"terminated", 48},
                                                                       {"stopping", 64},
                                                                       {"stopped", 80}}};
  for (const auto& [state, code] : kCodes)
    if (state == instance_state) return code;
  return 0;
}

}  // namespace wme::simulators::aws
