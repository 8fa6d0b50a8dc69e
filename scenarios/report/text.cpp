#include "scenarios/report/text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>

namespace wme::scenarios {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string two_digits(long long number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string day_of(TimePoint time) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  return std::to_string(static_cast<int>(date.year())) + "-" +
         two_digits(static_cast<unsigned>(date.month())) + "-" +
         two_digits(static_cast<unsigned>(date.day()));
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Length of the well-formed UTF-8 sequence at the start of `text`; 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80U              ? 1
                             : (lead & 0xE0U) == 0xC0U ? 2
                             : (lead & 0xF0U) == 0xE0U ? 3
                             : (lead & 0xF8U) == 0xF0U ? 4
                                                       : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(text[i])) return 0;
  return length;
}

std::uint32_t code_point(std::string_view sequence) {
  static constexpr std::array<std::uint32_t, 5> kLeadMask{0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t value = static_cast<unsigned char>(sequence[0]) & kLeadMask[sequence.size()];
  for (const char c : sequence.substr(1))
    value = (value << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  return value;
}

/// What XML 1.0 allows, written in the shortest form. Source: XML 1.0, production 2.
bool is_allowed(std::uint32_t point, std::size_t length) {
  static constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (point < kLeast[length]) return false;
  if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
  return (point < 0xD800) || (point >= 0xE000 && point <= 0xFFFD) ||
         (point >= 0x10000 && point <= 0x10FFFF);
}

}  // namespace

std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::kSimulated:
      return "simulated";
    case Origin::kSandbox:
      return "sandbox";
    case Origin::kProduction:
      return "production";
  }
  return "?";
}

std::string_view to_string(StepStatus status) {
  switch (status) {
    case StepStatus::kDone:
      return "done";
    case StepStatus::kFailed:
      return "failed";
    case StepStatus::kRefused:
      return "refused";
    case StepStatus::kSkipped:
      return "skipped";
    case StepStatus::kNotReached:
      return "not reached";
  }
  return "?";
}

std::string human(Duration time) {
  if (time < Duration::zero()) return "-" + human(-time);
  const long long milliseconds = time.count();
  if (milliseconds == 0) return "0 s";
  if (milliseconds < 1000) return std::to_string(milliseconds) + " ms";
  if (milliseconds < 10'000 && milliseconds % 1000 >= 50)
    return fixed(static_cast<double>(milliseconds) / 1000.0, 1) + " s";
  const long long seconds = (milliseconds + 500) / 1000;
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600)
    return std::to_string(seconds / 60) + " min" +
           (seconds % 60 == 0 ? "" : " " + two_digits(seconds % 60) + " s");
  const long long minutes = (seconds + 30) / 60;
  return std::to_string(minutes / 60) + " h" +
         (minutes % 60 == 0 ? "" : " " + two_digits(minutes % 60) + " min");
}

std::string short_clock(Duration time) {
  const long long seconds = time.count() / 1000;
  return std::to_string(seconds / 3600) + ":" + two_digits(seconds / 60 % 60) + ":" +
         two_digits(seconds % 60);
}

std::string iso_duration(Duration time) {
  if (time < Duration::zero()) return "-" + iso_duration(-time);
  const long long milliseconds = time.count();
  std::string text = "PT";
  if (const long long hours = milliseconds / 3'600'000; hours > 0)
    text += std::to_string(hours) + "H";
  if (const long long minutes = milliseconds / 60'000 % 60; minutes > 0)
    text += std::to_string(minutes) + "M";
  const long long rest = milliseconds % 60'000;
  if (rest % 1000 != 0) {
    std::string fraction = std::to_string(1000 + rest % 1000).substr(1);
    while (fraction.back() == '0') fraction.pop_back();
    text += std::to_string(rest / 1000) + "." + fraction + "S";
  } else if (rest != 0 || text == "PT") {
    text += std::to_string(rest / 1000) + "S";
  }
  return text;
}

std::string clock_time(TimePoint time) {
  const auto since_midnight = time - std::chrono::floor<std::chrono::days>(time);
  const long long seconds = since_midnight.count() / 1000;
  return two_digits(seconds / 3600) + ":" + two_digits(seconds / 60 % 60) + ":" +
         two_digits(seconds % 60);
}

std::string utc(TimePoint time) {
  const long long milliseconds = time.time_since_epoch().count() % 1000;
  return day_of(time) + "T" + clock_time(time) +
         (milliseconds == 0 ? "" : "." + std::to_string(1000 + milliseconds).substr(1)) + "Z";
}

std::string spoken(TimePoint time) { return day_of(time) + " " + clock_time(time) + " UTC"; }

std::string grouped(long long number) {
  std::string text = std::to_string(number);
  if (std::llabs(number) < 10'000) return text;
  for (std::size_t at = text.size(); at > 3 && text[at - 4] != '-';) {
    at -= 3;
    text.insert(at, "\u202F");
  }
  return text;
}

std::string sentence_case(std::string_view action) {
  std::string text(action);
  for (char& c : text)
    if (c == '-') c = ' ';
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string name_of(const ReportStep& step) {
  std::string name = sentence_case(step.action);
  for (const std::string& argument : step.arguments) name += " " + argument;
  return name;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const bool good = length > 0 && is_allowed(code_point(text.substr(0, length)), length);
    result += good ? text.substr(0, length) : kReplacement;
    text.remove_prefix(good ? length : 1);
    // What is left of a broken sequence is the same flaw, not another one.
    while (!good && !text.empty() && is_continuation(text.front())) text.remove_prefix(1);
  }
  return result;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += is_continuation(c) ? 0U : 1U;
  return count;
}

std::string shortened(std::string_view text, std::size_t characters_max) {
  if (character_count(text) <= characters_max) return std::string(text);
  std::size_t at = 0;
  for (std::size_t kept = 0; at < text.size(); ++at)
    if (!is_continuation(text[at]) && ++kept == characters_max) break;
  return std::string(text.substr(0, at)) + "…";
}

std::string fixed(double number, int decimals) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number,
                                 std::chars_format::fixed, decimals);
  return {text.data(), end.ptr};
}

}  // namespace wme::scenarios
