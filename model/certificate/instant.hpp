#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Moments and spans as certificates write them. Nobody here knows what time it is: callers do.
namespace wme::model {

using Instant = std::chrono::sys_seconds;

/// "2026-11-22T02:00:00Z": RFC 3339, UTC, whole seconds.
std::string to_string(Instant instant);
/// Exactly what `to_string` writes, for the years 1970 to 9999; none for anything else.
std::optional<Instant> instant_from(std::string_view text);

/// "90m", "12h", "30d": a whole number of minutes, hours or days, from a minute to ten years.
std::optional<std::chrono::seconds> span_from(std::string_view text);

}  // namespace wme::model
