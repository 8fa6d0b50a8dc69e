#pragma once

#include "model/result.hpp"

namespace wme::cli {

/// What the shell sees. The table stands in `rehydrate --help`.
enum class ExitStatus {
  kDone = 0,         ///< done, and all holds
  kFailed = 1,       ///< refuted, violated or failed
  kBadInput = 2,     ///< bad usage or bad input: nothing was written
  kUnreachable = 3,  ///< something outside could not be reached
  kRefused = 4,      ///< certificate, drift, lock, a closed guard
  kInterrupted = 5,  ///< interrupted at a safe point; the journal has what was done
  kUndecided = 6,    ///< a bound was met before an answer
};

ExitStatus exit_status_of(ErrorCode code);
/// One line for each status.
const char* exit_status_table();

}  // namespace wme::cli
