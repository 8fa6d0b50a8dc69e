#pragma once

#include "executor/ports/system_port.hpp"
#include "simulators/core/world.hpp"

namespace wme::tests {

/// Every system at once, straight on the world: no wire, but the world's refusals, transitions and
/// faults ("request-lost" and "answer-lost" by action name).
class WorldPort : public executor::SystemPort {
 public:
  explicit WorldPort(simulators::World& world) : world_(world) {}

  Result<std::string> perform(const executor::Call& call) override {
    const auto lock = world_.enter();
    const simulators::Fault fault = world_.next_fault("send " + call.action);
    if (fault == simulators::Fault::kThrottled)
      return Error{ErrorCode::kThrottled, call.action + ": slow down"};
    if (fault == simulators::Fault::kRequestLost)
      return Error{ErrorCode::kUnknownOutcome, call.action + ": connection lost"};
    const simulators::Reply reply = world_.request(call.action, call.arguments, "test");
    if (!reply.accepted())
      return Error{ErrorCode::kBlocked, call.action + ": " + reply.refusals.front()};
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

  Result<std::vector<executor::Observation>> observe(
      const std::vector<executor::Variable>& variables) override {
    const auto lock = world_.enter();
    std::vector<executor::Observation> seen;
    for (const executor::Variable& each : variables)
      if (each.fluent == hidden)
        seen.push_back({each, std::nullopt, "nobody answers"});
      else
        seen.push_back({each, world_.value(each.fluent, each.arguments), "the world"});
    return seen;
  }

 private:
  simulators::World& world_;
};

}  // namespace wme::tests
