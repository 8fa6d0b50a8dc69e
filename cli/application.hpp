#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/exit_status.hpp"

namespace wme::cli {

/// The whole program: `arguments` without its name. Never throws.
ExitStatus run(const std::vector<std::string>& arguments, Console& console);

}  // namespace wme::cli
