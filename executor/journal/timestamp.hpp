#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "executor/ports/clock.hpp"

namespace wme::executor {

/// "2026-11-22T02:00:00.000Z": RFC 3339, UTC, always with milliseconds, so that texts sort as
/// times.
std::string rfc3339(TimePoint time);
/// Exactly what `rfc3339` writes, for the years 1970 to 9999; none for anything else.
std::optional<TimePoint> time_from_rfc3339(std::string_view text);

}  // namespace wme::executor
