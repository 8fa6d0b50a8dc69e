#pragma once

#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "executor/ports/surveys.hpp"
#include "executor/ports/transport.hpp"

/// How other clocks are read: by the header Date of an answer, or by a number that a host printed.
namespace wme::executor {

/// "Sun, 06 Nov 1994 08:49:37 GMT"; none for any other form. Source: RFC 9110, 5.6.7.
inline std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  int day = 0, year = 0, hour = 0, minute = 0, second = 0, end = 0;
  std::array<char, 4> month{};
  const std::string line(text);
  const int read = std::sscanf(line.c_str(), "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n",
                               &day, month.data(), &year, &hour, &minute, &second, &end);
  const std::size_t at = kMonths.find(month.data());
  if (read != 6 || end != static_cast<int>(line.size()) || at == std::string_view::npos ||
      at % 3 != 0)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(at / 3 + 1)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

/// A clock that shows whole seconds, read somewhere between two moments of ours.
inline ClockReading reading_of(std::chrono::sys_seconds shown,
                               std::chrono::sys_time<std::chrono::milliseconds> before,
                               std::chrono::sys_time<std::chrono::milliseconds> after) {
  using std::chrono::milliseconds;
  const milliseconds half = (after - before) / 2;
  // On average half a second has passed since the shown second began.
  return {shown + milliseconds(500) - (before + half), half + milliseconds(500)};
}

/// Whatever the answer is, its Date tells the time. None when it has none.
/// Errors: those of the transport; a lost answer is kUnreachable, since reading changes nothing.
inline Result<std::optional<ClockReading>> read_clock(HttpTransport& transport,
                                                      const HttpCall& call,
                                                      const WallTime& wall_time) {
  const auto before = wall_time();
  const Result<HttpAnswer> answer = transport.send(call);
  const auto after = wall_time();
  if (!answer && answer.error().code == ErrorCode::kUnknownOutcome)
    return Error{ErrorCode::kUnreachable, answer.error().message};
  if (!answer) return answer.error();
  for (const auto& [name, value] : answer.value().headers) {
    if (name != "Date" && name != "date") continue;
    const auto shown = parse_http_date(value);
    if (shown) return std::optional(reading_of(*shown, before, after));
  }
  return std::optional<ClockReading>();
}

}  // namespace wme::executor
