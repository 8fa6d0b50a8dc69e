#include "scenarios/campaign/world_port.hpp"

namespace wme::scenarios {

using simulators::Fault;

Result<std::string> WorldPort::perform(const executor::Call& call) {
  const auto lock = world_.enter();
  const Fault fault = world_.next_fault("send " + call.action);
  if (fault == Fault::kThrottled) return Error{ErrorCode::kThrottled, call.action + ": slow down"};
  if (fault == Fault::kServerError)
    return Error{ErrorCode::kUnreachable, call.action + ": 503, nothing was done"};
  if (fault == Fault::kDenied) return Error{ErrorCode::kRefused, call.action + ": you may not"};
  if (fault == Fault::kRequestLost)
    return Error{ErrorCode::kUnknownOutcome, call.action + ": connection lost"};
  const simulators::Reply reply = world_.request(call.action, call.arguments, "in process");
  if (!reply.accepted())
    return Error{ErrorCode::kBlocked, call.action + ": " + reply.refusals.front()};
  const simulators::Event& last = world_.events().back();
  if (last.phase != "request" && last.phase != "done" && last.action.starts_with(call.action))
    return Error{ErrorCode::kBlocked, call.action + ": it is " + last.phase};
  if (fault == Fault::kAnswerLost)
    return Error{ErrorCode::kUnknownOutcome, call.action + ": connection lost"};
  return std::string("ok");
}

std::vector<std::string> WorldPort::names_of_look(const std::vector<executor::Variable>&) {
  return {"look"};
}

Fault WorldPort::fault_of_look(const std::vector<executor::Variable>& variables) {
  for (const std::string& name : names_of_look(variables))
    if (const Fault fault = world_.next_fault(name, true); fault != Fault::kNone) return fault;
  return Fault::kNone;
}

Result<std::vector<executor::Observation>> WorldPort::observe(
    const std::vector<executor::Variable>& variables) {
  const auto lock = world_.enter();
  const Fault fault = fault_of_look(variables);
  if (fault == Fault::kThrottled) return Error{ErrorCode::kThrottled, "look: slow down"};
  if (fault == Fault::kRequestLost) return Error{ErrorCode::kUnreachable, "look: connection lost"};
  std::vector<executor::Observation> seen;
  for (const executor::Variable& each : variables) {
    std::string& shown = shown_[each];
    const bool is_stale = fault == Fault::kStaleRead && !shown.empty();
    if (!is_stale) shown = world_.value(each.fluent, each.arguments);
    seen.push_back({each, shown, "the world"});
  }
  return seen;
}

}  // namespace wme::scenarios
