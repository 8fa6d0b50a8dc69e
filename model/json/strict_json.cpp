#include "model/json/strict_json.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace wme::model {

namespace {

using nlohmann::json;

std::string place(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t start = before.rfind('\n');
  const std::size_t column =
      start == std::string_view::npos ? before.size() + 1 : before.size() - start;
  return std::to_string(line) + ":" + std::to_string(column);
}

/// Remembers the keys of every open object; the first one that comes twice is kept.
class DuplicateKeys {
 public:
  void see(json::parse_event_t event, const json& value) {
    if (event == json::parse_event_t::object_start) open_.emplace_back();
    if (event == json::parse_event_t::object_end && !open_.empty()) open_.pop_back();
    if (event == json::parse_event_t::key && !open_.empty()) {
      const auto& key = value.get_ref<const std::string&>();
      if (!open_.back().insert(key).second && first_.empty()) first_ = key;
    }
  }
  const std::string& first() const { return first_; }

 private:
  std::vector<std::set<std::string>> open_;
  std::string first_;
};

/// The library's own words less its error number: "[json.exception.parse_error.101] ...".
std::string reason(const json::parse_error& error) {
  const std::string what = error.what();
  const std::size_t cause = what.find(": ");
  return cause == std::string::npos ? what : what.substr(cause + 2);
}

}  // namespace

Result<json> parse_strict_json(std::string_view text, std::string_view name) {
  DuplicateKeys keys;
  try {
    json document = json::parse(text, [&keys](int, json::parse_event_t event, json& value) {
      keys.see(event, value);
      return true;
    });
    if (!keys.first().empty())
      return Error{ErrorCode::kInvalid, std::string(name) + ": the key \"" + keys.first() +
                                            "\" stands twice in one object; keep one of them"};
    return document;
  } catch (const json::parse_error& error) {
    const std::size_t byte = error.byte == 0 ? 0 : error.byte - 1;
    return Error{ErrorCode::kInvalid,
                 std::string(name) + ":" + place(text, byte) + ": not JSON: " + reason(error)};
  } catch (const json::exception& error) {
    return Error{ErrorCode::kInvalid, std::string(name) + ": not JSON: " + error.what()};
  }
}

}  // namespace wme::model
