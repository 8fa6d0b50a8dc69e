#pragma once

#include <string>

#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// A round interval that gives at most `ticks_max` ticks (2 or more), the first one included.
Duration tick_interval(Duration span, int ticks_max);
/// "0", "45 min", "2 h".
std::string tick_label(Duration offset);

}  // namespace wme::scenarios
