#include "model/certificate/instant.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace wme::model {

std::string to_string(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{instant - day};
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::optional<Instant> instant_from(std::string_view text) {
  if (text.size() != 20) return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t length) {
    int value = 0;
    std::from_chars(text.data() + from, text.data() + from + length, value);
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year{number(0, 4)},
                                         std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                         std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  if (!date.ok() || date.year() < std::chrono::year{1970}) return std::nullopt;
  const Instant made = std::chrono::sys_days{date} + std::chrono::hours{number(11, 2)} +
                       std::chrono::minutes{number(14, 2)} + std::chrono::seconds{number(17, 2)};
  // One comparison finds every other way of being wrong: separators, ranges, signs.
  if (to_string(made) != text) return std::nullopt;
  return made;
}

std::optional<std::chrono::seconds> span_from(std::string_view text) {
  constexpr long kTenYears = 3653L * 24 * 3600;
  if (text.size() < 2 || text.front() < '1' || text.front() > '9') return std::nullopt;
  const long unit = text.back() == 'm'   ? 60
                    : text.back() == 'h' ? 3600
                    : text.back() == 'd' ? 24L * 3600
                                         : 0;
  long count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto parsed = std::from_chars(text.data(), end, count);
  if (unit == 0 || parsed.ec != std::errc{} || parsed.ptr != end || count > kTenYears / unit)
    return std::nullopt;
  return std::chrono::seconds{count * unit};
}

}  // namespace wme::model
