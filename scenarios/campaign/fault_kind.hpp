#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/rehearsal/scenario.hpp"

/// What a campaign does to a run: data, so that it can be enumerated, shrunk, printed and replayed.
namespace wme::scenarios {

enum class FaultKind {
  // of a step's request
  kRequestLost,
  kAnswerLost,
  kThrottled,
  kServerError,
  kDenied,
  // of the work that it starts
  kOutcomeFails,
  kSlow,
  kHangs,
  // of a look at whether it has ended
  kLookStale,
  kLookThrottled,
  kLookLost,
  // of the executor itself
  kKilledUnsent,
  kKilledUnheard,
  kKilledWaiting,
  kKilledEnded,
};
inline constexpr std::size_t kFaultKinds = 15;

struct FaultKindFacts {
  FaultKind kind;
  std::string_view name;  ///< in reports: "answer-lost", "look-stale", "killed-waiting"
  std::string_view
      prefix;  ///< of the operation, before the action: "send ", "look "; "": the action
  simulators::Fault fault;  ///< kNone for kills
  Kill::Moment moment;      ///< of kills
  /// A run has to reach its goal in spite of it: whoever stops here has given up too early. Of the
  /// others a declared safe stop is a good end, too.
  bool to_be_survived;
};
const FaultKindFacts& facts_of(FaultKind kind);
const std::array<FaultKindFacts, kFaultKinds>& all_fault_kinds();
bool is_kill(FaultKind kind);

/// One fault of a schedule: the n-th time that the run does this.
struct PlannedFault {
  FaultKind kind = FaultKind::kRequestLost;
  std::string action;
  int occurrence = 1;
  std::chrono::seconds away{0};  ///< of kills
  bool operator==(const PlannedFault&) const = default;
};
using Schedule = std::vector<PlannedFault>;
/// "answer-lost at the 2nd passivate-container; killed-waiting at the 1st take-snapshot, gone on
/// with after 1 h".
std::string text_of(const Schedule& schedule);

simulators::FaultRule rule_of(const PlannedFault& fault);
Kill kill_of(const PlannedFault& fault);
/// What a scenario of level kWorld says, as a schedule. Error kInvalid: an operation that this
/// level does not have, or a fault that the operation cannot have.
Result<Schedule> schedule_of(const Scenario& scenario);
/// The other way round: the scenario with this schedule, at level kWorld.
Scenario with_schedule(Scenario scenario, const Schedule& schedule);

}  // namespace wme::scenarios
