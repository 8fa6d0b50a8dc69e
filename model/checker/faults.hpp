#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace wme::model {

namespace fault {

/// What goes wrong by itself beside the environment's actions (Action::fault): between the executor
/// and the systems that it asks.
inline constexpr std::string_view kFailedOutcome = "failed-outcome";
/// The request never arrived: the executor does not know, looks, and asks again.
inline constexpr std::string_view kLostRequest = "lost-request";
/// The request took effect: the executor does not know, and looks before it asks again.
inline constexpr std::string_view kLostAnswer = "lost-answer";
/// The guard was open when it was looked at, and need no longer be when the request goes out. One
/// such request is under way at a time.
inline constexpr std::string_view kStaleRead = "stale-read";
/// Between the intent and the outcome of a step: what is resumed knows of the step what it would
/// know after a lost request or a lost answer, and both are looked at.
inline constexpr std::string_view kExecutorKilled = "executor-killed";

}  // namespace fault

/// Every kind, those of the environment's actions included.
std::vector<std::string> fault_kinds();

/// How many faults may happen in one run, and which.
class FaultBudget {
 public:
  struct Line {
    std::vector<std::string> kinds;  ///< that share the number
    int count = 0;
  };

  FaultBudget() = default;
  /// So many faults, of any kind.
  FaultBudget(int count);  // NOLINT(google-explicit-constructor): a number is a budget

  /// "2", or "user-wakes=1,lost-answer=2": those kinds only. Errors (kInvalid): not a number from 0
  /// to 255; no such kind, or twice.
  static Result<FaultBudget> parse(std::string_view text);

  const std::vector<Line>& lines() const { return lines_; }
  bool is_empty() const { return lines_.empty(); }
  /// "no fault", "at most 2 faults", "at most 1 user-wakes and 2 lost-answer".
  std::string words() const;

 private:
  std::vector<Line> lines_;  ///< each with a count
};

}  // namespace wme::model
