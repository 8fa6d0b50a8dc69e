#include "executor/journal/timestamp.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace wme::executor {

std::string rfc3339(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

std::optional<TimePoint> time_from_rfc3339(std::string_view text) {
  if (text.size() != 24) return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t length) {
    int value = -1;
    const char* end = text.data() + from + length;
    const auto parsed = std::from_chars(text.data() + from, end, value);
    return parsed.ptr == end ? value : -1;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (year < 1970 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const TimePoint time = std::chrono::sys_days{date} + std::chrono::hours{number(11, 2)} +
                         std::chrono::minutes{number(14, 2)} + std::chrono::seconds{number(17, 2)} +
                         std::chrono::milliseconds{number(20, 3)};
  // One comparison finds every other way of being wrong: separators, ranges, signs.
  if (rfc3339(time) != text) return std::nullopt;
  return time;
}

}  // namespace wme::executor
