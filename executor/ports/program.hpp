#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace wme::executor {

/// What a program of this machine left behind.
struct ProgramEnd {
  int status = 0;      ///< exit status; 128 + the signal that ended it
  std::string output;  ///< its standard output: may be a secret, and is never logged
};

/// Runs a program of this machine to its end, without input and bounded in time; `words` are its
/// name (found by PATH) and its arguments. What it says on standard error goes to the operator's.
/// Errors: kUnreachable when there is no such program, kFailed when it took too long.
using ProgramRunner = std::function<Result<ProgramEnd>(const std::vector<std::string>& words)>;

}  // namespace wme::executor
