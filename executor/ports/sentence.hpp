#pragma once

#include <string>
#include <string_view>

namespace wme::executor {

/// A vendor's sentence as a part of ours: without its full stop, and whatever space is behind it,
/// since what to do about it follows after a semicolon.
inline std::string without_stop(std::string_view text) {
  const auto end = text.find_last_not_of(". \t\r\n");
  return std::string(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
}

}  // namespace wme::executor
