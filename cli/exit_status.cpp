#include "cli/exit_status.hpp"

namespace wme::cli {

ExitStatus exit_status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
    case ErrorCode::kNotFound:
      return ExitStatus::kBadInput;
    case ErrorCode::kUnreachable:
    case ErrorCode::kThrottled:
      return ExitStatus::kUnreachable;
    case ErrorCode::kBlocked:
    case ErrorCode::kRefused:
      return ExitStatus::kRefused;
    case ErrorCode::kFailed:
    case ErrorCode::kUnknownOutcome:
      return ExitStatus::kFailed;
  }
  return ExitStatus::kFailed;
}

const char* exit_status_table() {
  return "Exit status:\n"
         "  0  done, and all holds\n"
         "  1  refuted, violated or failed\n"
         "  2  bad usage or bad input; nothing was written\n"
         "  3  something outside could not be reached\n"
         "  4  refused: certificate, drift, lock, or a closed guard\n"
         "  5  interrupted at a safe point; the journal has what was done\n"
         "  6  undecided: a bound was met before an answer\n";
}

}  // namespace wme::cli
