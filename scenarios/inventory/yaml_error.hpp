#pragma once

#include <string>
#include <string_view>

#include "scenarios/inventory/diagnostics.hpp"

namespace wme::scenarios {

/// Why `text` is no YAML, for somebody who edits it: the parser's `message` speaks of the parser's
/// own state, and its `place` may be far behind the mistake.
void explain_yaml_error(const std::string& message, Place place, std::string_view text,
                        Diagnostics& diagnostics);

}  // namespace wme::scenarios
