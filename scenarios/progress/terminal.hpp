#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wme::scenarios {

/// What may be written to a stream.
struct Terminal {
  bool live = false;     ///< lines may be drawn over
  bool color = false;    ///< ANSI colours
  bool unicode = false;  ///< bars and ticks beyond ASCII
  int columns = 80;
};

using Environment = std::function<const char*(const char*)>;  ///< as std::getenv

/// By TERM (unset or "dumb": not live), NO_COLOR and FORCE_COLOR (set and not empty), COLUMNS (20
/// to 1000, before `window_columns`), and the locale's character set.
Terminal terminal_for(bool is_terminal, std::optional<int> window_columns, const Environment& get);
/// The process's own standard error.
Terminal terminal_of_stderr();

/// Cut to `columns` characters, control characters replaced: one line stays one line.
std::string fitted(std::string_view text, int columns, bool unicode);

}  // namespace wme::scenarios
