#include "simulators/core/faults.hpp"

#include <utility>

namespace wme::simulators {

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::kNone:
      return "none";
    case Fault::kRequestLost:
      return "request-lost";
    case Fault::kAnswerLost:
      return "answer-lost";
    case Fault::kThrottled:
      return "throttled";
    case Fault::kServerError:
      return "server-error";
    case Fault::kOutcomeFails:
      return "outcome-fails";
    case Fault::kStaleRead:
      return "stale-read";
    case Fault::kDenied:
      return "denied";
    case Fault::kSlow:
      return "slow";
    case Fault::kHangs:
      return "hangs";
  }
  return "none";
}

FaultSchedule::FaultSchedule(std::vector<FaultRule> rules) : rules_(std::move(rules)) {}

Fault FaultSchedule::next(std::string_view operation) {
  // Operations that no rule names are not counted: they could fill the memory of a long run.
  int occurrence = 0;
  for (const FaultRule& rule : rules_) {
    if (rule.operation != operation) continue;
    if (occurrence == 0) {
      auto at = seen_.find(operation);
      if (at == seen_.end()) at = seen_.emplace(std::string(operation), 0).first;
      occurrence = ++at->second;
    }
    if (rule.occurrence == occurrence) return rule.fault;
  }
  return Fault::kNone;
}

}  // namespace wme::simulators
