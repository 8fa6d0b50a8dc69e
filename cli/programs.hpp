#pragma once

#include <string>
#include <vector>

#include "executor/ports/program.hpp"

namespace wme::cli {

/// Runs a program that the operator's own settings name (credential_process), as ProgramRunner
/// says. What it writes to stderr is the operator's to see.
Result<executor::ProgramEnd> run_program(const std::vector<std::string>& words);

}  // namespace wme::cli
