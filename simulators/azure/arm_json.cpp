#include "simulators/azure/arm_json.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include "model/json/digest.hpp"

namespace wme::simulators::azure {

using nlohmann::json;

namespace {

std::string first_segment(std::string_view& path) {
  const auto slash = path.find('/');
  std::string name(path.substr(0, slash));
  path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  return name;
}

const json* find(const json& document, std::string_view path) {
  const json* at = &document;
  while (!path.empty()) {
    const std::string name = first_segment(path);
    if (!at->is_object() || !at->contains(name)) return nullptr;
    at = &(*at)[name];
  }
  return at;
}

}  // namespace

std::string text_at(const json& document, std::string_view path) {
  const json* found = find(document, path);
  if (found == nullptr || found->is_null() || found->is_structured()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

int number_at(const json& document, std::string_view path, int otherwise) {
  const json* found = find(document, path);
  return found != nullptr && found->is_number_integer() ? found->get<int>() : otherwise;
}

std::vector<json> items_at(const json& document, std::string_view path) {
  const json* found = find(document, path);
  if (found == nullptr || !found->is_array()) return {};
  return {found->begin(), found->end()};
}

json& child(json& document, std::string_view path) {
  json* at = &document;
  while (!path.empty()) at = &(*at)[first_segment(path)];
  return *at;
}

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), [](unsigned char c) { return std::tolower(c); });
  return made;
}

bool same_id(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

std::string name_in(std::string_view id) {
  const auto slash = id.rfind('/');
  return std::string(slash == std::string_view::npos ? id : id.substr(slash + 1));
}

std::string group_in(std::string_view id) {
  const std::string_view mark = "/resourcegroups/";
  const auto begin = lower(id).find(mark);
  if (begin == std::string::npos) return "";
  id.remove_prefix(begin + mark.size());
  return std::string(id.substr(0, id.find('/')));
}

std::string guid_of(const std::string& words) {
  const std::string digits = model::sha256_hex(words);
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-4" + digits.substr(12, 3) + "-8" +
         digits.substr(15, 3) + "-" + digits.substr(18, 12);
}

std::string arm_time(TimePoint at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03d000+00:00",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return text.data();
}

}  // namespace wme::simulators::azure
