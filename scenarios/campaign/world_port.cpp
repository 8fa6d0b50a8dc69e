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

std::vector<std::string> WorldPort::names_of_look(std::span<const model::Variable>) {
  return {"look"};
}

Status WorldPort::look(std::span<const model::Variable> asked) {
  Fault fault = Fault::kNone;
  for (const std::string& name : names_of_look(asked))
    if (fault = world_.next_fault(name, true); fault != Fault::kNone) break;
  if (fault == Fault::kThrottled) return Error{ErrorCode::kThrottled, "look: slow down"};
  if (fault == Fault::kRequestLost) return Error{ErrorCode::kUnreachable, "look: connection lost"};
  for (const model::Variable each : asked)
    if (fault != Fault::kStaleRead || !shown_[each]) shown_[each] = world_.state()[each];
  return Done{};
}

Status WorldPort::glance(std::span<const model::Variable> asked,
                         std::span<executor::Sight> sights) {
  const auto lock = world_.enter();
  if (Status looked = look(asked); !looked) return looked;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    sights[i].value = shown_[asked[i]];
    sights[i].detail = "the world";
  }
  return Done{};
}

Result<std::vector<executor::Observation>> WorldPort::observe(
    const std::vector<executor::Variable>& variables) {
  const auto lock = world_.enter();
  const model::GroundModel& model = world_.model();
  std::vector<model::Variable> asked;
  for (const executor::Variable& each : variables) {
    const auto known = model.variable(each.fluent, each.arguments);
    if (!known)
      return Error{ErrorCode::kInvalid,
                   "look: the world has no " + each.fluent + " of " +
                       (each.arguments.empty() ? "its own" : each.arguments.front())};
    asked.push_back(*known);
  }
  if (Status looked = look(asked); !looked) return looked.error();
  std::vector<executor::Observation> seen;
  for (std::size_t i = 0; i < asked.size(); ++i)
    seen.push_back({variables[i], model.value_text(asked[i], *shown_[asked[i]]), "the world"});
  return seen;
}

}  // namespace wme::scenarios
