#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "executor/journal/journal.hpp"
#include "scenarios/durations/durations_file.hpp"

/// How long actions really took, by the journals of runs.
namespace wme::scenarios {

/// Why a step's time is not its action's.
enum class LeftOut {
  kFailed,       ///< it did not end well
  kResumedOver,  ///< nobody was there for a while: its end may be long before it was seen
  kGated,        ///< it waited for a person's approval
  kInDoubt,      ///< the answer to its request was lost: when it began is not known
  kFoundDone,    ///< its effect was there before anything was asked for
  kNotEnded,     ///< the journal ends, or turns to another plan, before it
  kAtOnce,       ///< the journal shows no time between its request and its outcome
};
std::string_view in_words(LeftOut why);  ///< "failed", "the executor was away meanwhile", …

/// One step that ended well.
struct TimedStep {
  std::string action;
  std::string step;
  /// From the intent of the request that was accepted to the outcome: a command that does its work
  /// before it answers has taken its time by then.
  std::chrono::milliseconds took{0};
  /// How much earlier it may have ended. Journals do not show looks, so this is by the interval at
  /// which the executor looks, and how old an answer may be (patience.hpp), where nothing else kept
  /// it from looking.
  std::chrono::milliseconds late{0};
};

struct RunTimes {
  MeasuredRun run;
  std::vector<TimedStep> steps;
  std::map<LeftOut, int> left_out;
};
/// The times of a run's steps. Errors (kInvalid): the journal does not begin with a run, or tells
/// of an action that the model does not have.
Result<RunTimes> times_of(const std::vector<executor::Record>& records);

/// One action over all runs.
struct MeasuredAction {
  std::string action;
  Spread spread;
  std::chrono::milliseconds late{0};  ///< the largest
};
std::vector<MeasuredAction> measured_actions(const std::vector<RunTimes>& runs);

/// P50 is what an action takes. One that took no less than its deadline has a millisecond less:
/// the spread says what was measured.
DurationsFile calibrated(const std::vector<RunTimes>& runs);

}  // namespace wme::scenarios
