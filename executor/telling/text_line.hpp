#pragma once

#include <string>

#include "executor/telling/told.hpp"

namespace wme::executor {

/// One line of a log for people, without its end: time, severity, event, then `key=value`. Whatever
/// could move a terminal's cursor or begin a new line is escaped.
std::string text_line(const Told& told);

}  // namespace wme::executor
