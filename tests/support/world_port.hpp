#pragma once

#include <map>

#include "executor/ports/system_port.hpp"
#include "simulators/core/world.hpp"

namespace wme::tests {

/// Every system at once, straight on the world: no wire, but the world's refusals, transitions and
/// faults: of a request by "send ACTION", of a look by "look".
class WorldPort : public executor::SystemPort {
 public:
  explicit WorldPort(simulators::World& world) : world_(world) {}

  Result<std::string> perform(const executor::Call& call) override {
    const auto lock = world_.enter();
    const simulators::Fault fault = world_.next_fault("send " + call.action);
    if (fault == simulators::Fault::kThrottled)
      return Error{ErrorCode::kThrottled, call.action + ": slow down"};
    if (fault == simulators::Fault::kServerError)
      return Error{ErrorCode::kUnreachable, call.action + ": 503, nothing was done"};
    if (fault == simulators::Fault::kDenied)
      return Error{ErrorCode::kRefused, call.action + ": you may not"};
    if (fault == simulators::Fault::kRequestLost)
      return Error{ErrorCode::kUnknownOutcome, call.action + ": connection lost"};
    const simulators::Reply reply = world_.request(call.action, call.arguments, "test");
    if (!reply.accepted())
      return Error{ErrorCode::kBlocked, call.action + ": " + reply.refusals.front()};
    const simulators::Event& last = world_.events().back();
    if (last.phase != "request" && last.phase != "done" && last.action.starts_with(call.action))
      return Error{ErrorCode::kBlocked, call.action + ": it is " + last.phase};
    if (fault == simulators::Fault::kAnswerLost)
      return Error{ErrorCode::kUnknownOutcome, call.action + ": connection lost"};
    return std::string("ok");
  }

  Result<std::optional<std::string>> failure_of(const executor::Call& call) override {
    std::optional<std::string> why;
    if (call.action == failed_action) why = "exit status 1: no space left on device";
    return why;
  }
  std::string failed_action;  ///< whose work is told to have ended badly, on request
  std::string hidden;         ///< a fluent that cannot be seen
  int looks = 0;              ///< how often somebody looked

  Result<std::vector<executor::Observation>> observe(
      const std::vector<executor::Variable>& variables) override {
    const auto lock = world_.enter();
    const simulators::Fault fault = world_.next_fault("look", true);
    ++looks;
    if (fault == simulators::Fault::kThrottled)
      return Error{ErrorCode::kThrottled, "look: slow down"};
    if (fault == simulators::Fault::kRequestLost)
      return Error{ErrorCode::kUnreachable, "look: connection lost"};
    std::vector<executor::Observation> seen;
    for (const executor::Variable& each : variables) {
      std::string& shown = shown_[each];
      const bool is_stale = fault == simulators::Fault::kStaleRead && !shown.empty();
      if (!is_stale) shown = world_.value(each.fluent, each.arguments);
      if (each.fluent == hidden)
        seen.push_back({each, std::nullopt, "nobody answers"});
      else
        seen.push_back({each, shown, "the world"});
    }
    return seen;
  }

 private:
  simulators::World& world_;
  std::map<executor::Variable, std::string> shown_;  ///< last, for stale reads
};

}  // namespace wme::tests
