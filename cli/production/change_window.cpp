#include "cli/production/change_window.hpp"

#include <charconv>

#include "executor/journal/timestamp.hpp"

namespace wme::cli {

namespace {

using std::chrono::minutes;

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// "22:00"
std::optional<minutes> time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = number(text.substr(0, 2));
  const auto past = number(text.substr(3));
  if (!hours || !past || *hours > 24 || *past > 59 || *hours * 60 + *past > 24 * 60)
    return std::nullopt;
  return minutes(*hours * 60 + *past);
}

/// RFC 3339 as people write it: without milliseconds.
std::optional<Instant> moment(std::string text) {
  if (text.find('.') == std::string::npos && text.ends_with('Z')) {
    text.pop_back();
    text += ".000Z";
  }
  return executor::time_from_rfc3339(text);
}

}  // namespace

Result<ChangeWindow> ChangeWindow::parse(const std::string& text) {
  ChangeWindow window;
  window.text_ = text;
  if (const std::size_t slash = text.find('/'); slash != std::string::npos) {
    window.from_ = moment(text.substr(0, slash));
    window.to_ = moment(text.substr(slash + 1));
    if (window.from_ && window.to_ && *window.from_ < *window.to_) return window;
  } else if (const std::size_t dash = text.find('-'); dash != std::string::npos) {
    const auto from = time_of_day(text.substr(0, dash));
    const auto to = time_of_day(text.substr(dash + 1));
    if (from && to && *from != *to) {
      window.daily_from_ = *from;
      window.daily_to_ = *to;
      return window;
    }
  }
  return Error{ErrorCode::kInvalid, "\"" + text +
                                        "\" is no change window: write 22:00-04:00 (every day) or "
                                        "2026-11-23T22:00:00Z/2026-11-24T04:00:00Z, both in UTC"};
}

bool ChangeWindow::contains(Instant at) const {
  if (from_) return at >= *from_ && at < *to_;
  const auto passed = at - std::chrono::floor<std::chrono::days>(at);
  if (daily_from_ < daily_to_) return passed >= daily_from_ && passed < daily_to_;
  return passed >= daily_from_ || passed < daily_to_;
}

Result<std::chrono::seconds> parse_duration(const std::string& text) {
  const Error invalid{ErrorCode::kInvalid,
                      "\"" + text + "\" is no time span: write 90s, 30m, 2h or 1d"};
  if (text.empty()) return invalid;
  const int count = number(text.substr(0, text.size() - 1)).value_or(-1);
  const char unit = text.back();
  const long long seconds = unit == 's'   ? 1
                            : unit == 'm' ? 60
                            : unit == 'h' ? 3600
                            : unit == 'd' ? 86400
                                          : 0;
  if (count < 0 || count > 1'000'000 || seconds == 0) return invalid;
  return std::chrono::seconds(count * seconds);
}

}  // namespace wme::cli
