#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wme::simulators {

enum class Fault {
  kNone,
  kRequestLost,   ///< the connection ends before anything happened
  kAnswerLost,    ///< it took effect, the caller never hears of it
  kThrottled,     ///< the provider's own "slow down"
  kServerError,   ///< the provider's own 5xx, nothing happened
  kOutcomeFails,  ///< accepted, then the asynchronous outcome is the failure
  kStaleRead,     ///< a read shows the state before the last change
  kDenied,        ///< the provider's own "you may not", nothing happened
  kSlow,          ///< accepted, and it takes four times as long as it usually does
  kHangs,         ///< accepted, and it never ends
};
std::string_view to_string(Fault fault);  ///< "request-lost", "answer-lost", ...

/// "The 2nd CreateSnapshot loses its answer": by operation and occurrence, never by wall time.
struct FaultRule {
  std::string operation;  ///< wire operation ("CreateSnapshot", "ssh mount") or action name
  int occurrence = 1;     ///< from 1
  Fault fault = Fault::kNone;
};

/// Faults as data: can be enumerated, shrunk, printed and replayed.
class FaultSchedule {
 public:
  FaultSchedule() = default;
  explicit FaultSchedule(std::vector<FaultRule> rules);
  /// The fault of this occurrence of `operation`; counts it.
  Fault next(std::string_view operation);
  const std::vector<FaultRule>& rules() const { return rules_; }

 private:
  std::vector<FaultRule> rules_;
  std::map<std::string, int, std::less<>> seen_;
};

}  // namespace wme::simulators
