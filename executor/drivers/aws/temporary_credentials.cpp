#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "executor/drivers/aws/credential_places.hpp"

namespace wme::executor::aws {

std::optional<std::chrono::sys_seconds> parse_iso_time(const std::string& text) {
  static const std::regex kForm(
      R"((\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|([+-])(\d{2}):?(\d{2})))");
  std::smatch parts;
  if (!std::regex_match(text, parts, kForm)) return std::nullopt;
  const auto number = [&](std::size_t at) { return std::stoi(parts[at].str()); };
  const std::chrono::year_month_day date{std::chrono::year(number(1)),
                                         std::chrono::month(static_cast<unsigned>(number(2))),
                                         std::chrono::day(static_cast<unsigned>(number(3)))};
  if (!date.ok()) return std::nullopt;
  const auto there = std::chrono::sys_days(date) + std::chrono::hours(number(4)) +
                     std::chrono::minutes(number(5)) + std::chrono::seconds(number(6));
  if (!parts[7].matched) return there;
  const auto offset = std::chrono::hours(number(8)) + std::chrono::minutes(number(9));
  return parts[7] == "+" ? there - offset : there + offset;
}

Result<Credentials> parse_temporary(const std::string& body, const std::string& source,
                                    const char* token) {
  const auto doc = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  const auto text = [&](const char* key) {
    const bool there = doc.is_object() && doc.contains(key) && doc[key].is_string();
    return there ? doc[key].get<std::string>() : std::string();
  };
  Credentials found{{text("AccessKeyId"), Secret(text("SecretAccessKey")), Secret(text(token))},
                    source,
                    std::nullopt};
  if (found.key.access_key_id.empty() || found.key.secret_access_key.empty()) {
    const std::string why = text("Message").empty() ? text("message") : text("Message");
    return Error{ErrorCode::kRefused, "AWS credentials: " + source + " answered without a key" +
                                          (why.empty() ? "" : " (" + why + ")") +
                                          ": check its role"};
  }
  const std::string expires = text("Expiration");
  found.expires = parse_iso_time(expires);
  if (!expires.empty() && !found.expires)
    return Error{ErrorCode::kFailed, "AWS credentials: " + source + " says that they expire at '" +
                                         expires + "', which is no time of ISO 8601"};
  return found;
}

Result<std::string> line_of_file(const std::string& path, const std::string& what) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!file || !std::getline(file, line) || line.empty())
    return Error{ErrorCode::kInvalid, "AWS credentials: cannot read " + what + " in the file " +
                                          path + ": it is not there, not readable or empty"};
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace wme::executor::aws
