#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scenarios/inventory/diagnostics.hpp"

namespace wme::scenarios {

/// Why a text cannot be an inventory, before anybody looks for YAML in it.
struct TextDefect {
  Place place;
  std::string what;
  std::string why;
  std::string mend;
};

/// The first of: empty, not UTF-8, control characters (the YAML library would end the file at one),
/// no end of line at the end (the file may have been cut off).
std::optional<TextDefect> defect_of(std::string_view text);

}  // namespace wme::scenarios
