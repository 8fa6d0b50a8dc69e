#include "scenarios/campaign/fault_kind.hpp"

#include "model/wme/actions.hpp"

namespace wme::scenarios {

namespace {

using simulators::Fault;
using Moment = Kill::Moment;

constexpr std::array<FaultKindFacts, kFaultKinds> kFacts{{
    {FaultKind::kRequestLost, "request-lost", "send ", Fault::kRequestLost, Moment::kUnsent, true},
    {FaultKind::kAnswerLost, "answer-lost", "send ", Fault::kAnswerLost, Moment::kUnsent, true},
    {FaultKind::kThrottled, "throttled", "send ", Fault::kThrottled, Moment::kUnsent, true},
    {FaultKind::kServerError, "server-error", "send ", Fault::kServerError, Moment::kUnsent, true},
    {FaultKind::kDenied, "denied", "send ", Fault::kDenied, Moment::kUnsent, false},
    {FaultKind::kOutcomeFails, "outcome-fails", "", Fault::kOutcomeFails, Moment::kUnsent, false},
    {FaultKind::kSlow, "slow", "", Fault::kSlow, Moment::kUnsent, false},
    {FaultKind::kHangs, "hangs", "", Fault::kHangs, Moment::kUnsent, false},
    {FaultKind::kLookStale, "look-stale", "look ", Fault::kStaleRead, Moment::kUnsent, true},
    {FaultKind::kLookThrottled, "look-throttled", "look ", Fault::kThrottled, Moment::kUnsent,
     true},
    {FaultKind::kLookLost, "look-lost", "look ", Fault::kRequestLost, Moment::kUnsent, true},
    {FaultKind::kKilledUnsent, "killed-unsent", "", Fault::kNone, Moment::kUnsent, true},
    {FaultKind::kKilledUnheard, "killed-unheard", "", Fault::kNone, Moment::kUnheard, true},
    {FaultKind::kKilledWaiting, "killed-waiting", "", Fault::kNone, Moment::kWaiting, true},
    {FaultKind::kKilledEnded, "killed-ended", "", Fault::kNone, Moment::kEnded, true},
}};

std::string ordinal(int n) {
  const int tens = n % 100;
  if (tens < 11 || tens > 13) {
    if (n % 10 == 1) return std::to_string(n) + "st";
    if (n % 10 == 2) return std::to_string(n) + "nd";
    if (n % 10 == 3) return std::to_string(n) + "rd";
  }
  return std::to_string(n) + "th";
}

std::string text_of(const PlannedFault& fault) {
  std::string text(facts_of(fault.kind).name);
  text += " at the " + ordinal(fault.occurrence) + " " + fault.action;
  if (fault.away.count() > 0)
    text += ", gone on with after " + std::to_string(fault.away.count()) + " s";
  return text;
}

Result<PlannedFault> planned(const simulators::FaultRule& rule) {
  for (const FaultKindFacts& each : kFacts) {
    if (is_kill(each.kind) || each.fault != rule.fault) continue;
    if (!rule.operation.starts_with(each.prefix)) continue;
    const std::string action = rule.operation.substr(each.prefix.size());
    if (model::find_action(action) == nullptr) continue;
    return PlannedFault{each.kind, action, rule.occurrence, {}};
  }
  return Error{ErrorCode::kInvalid,
               "the fault " + std::string(to_string(rule.fault)) + " of '" + rule.operation +
                   "': at level world a request is \"send ACTION\", a look is \"look ACTION\", "
                   "and work that fails, is slow or hangs goes by the action's name; the actions "
                   "stand in docs/ARCHITECTURE.md"};
}

}  // namespace

const std::array<FaultKindFacts, kFaultKinds>& all_fault_kinds() { return kFacts; }

const FaultKindFacts& facts_of(FaultKind kind) { return kFacts[static_cast<std::size_t>(kind)]; }

bool is_kill(FaultKind kind) { return facts_of(kind).fault == Fault::kNone; }

std::string text_of(const Schedule& schedule) {
  if (schedule.empty()) return "no fault";
  std::string text;
  for (const PlannedFault& each : schedule) text += (text.empty() ? "" : "; ") + text_of(each);
  return text;
}

simulators::FaultRule rule_of(const PlannedFault& fault) {
  const FaultKindFacts& facts = facts_of(fault.kind);
  return {std::string(facts.prefix) + fault.action, fault.occurrence, facts.fault};
}

Kill kill_of(const PlannedFault& fault) {
  return {fault.action, fault.occurrence, facts_of(fault.kind).moment, fault.away};
}

Result<Schedule> schedule_of(const Scenario& scenario) {
  Schedule schedule;
  for (const simulators::FaultRule& each : scenario.faults) {
    Result<PlannedFault> fault = planned(each);
    if (!fault) return fault.error();
    schedule.push_back(std::move(fault).value());
  }
  for (const Kill& kill : scenario.kills)
    for (const FaultKindFacts& each : kFacts)
      if (is_kill(each.kind) && each.moment == kill.moment)
        schedule.push_back({each.kind, kill.action, kill.occurrence, kill.away});
  return schedule;
}

Scenario with_schedule(Scenario scenario, const Schedule& schedule) {
  scenario.level = Level::kWorld;
  scenario.faults.clear();
  scenario.kills.clear();
  for (const PlannedFault& each : schedule) {
    if (is_kill(each.kind))
      scenario.kills.push_back(kill_of(each));
    else
      scenario.faults.push_back(rule_of(each));
  }
  return scenario;
}

}  // namespace wme::scenarios
