#include "executor/drivers/operator/operator_port.hpp"

#include <ostream>
#include <utility>

#include "model/wme/actions.hpp"

namespace wme::executor {

namespace {

/// "Park {c}" with c17 in the place of {c}.
std::string fill_in(std::string sentence, const model::Action& action,
                    const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string hole = "{" + action.parameters[i].name + "}";
    for (std::size_t at = sentence.find(hole); at != std::string::npos;
         at = sentence.find(hole, at + arguments[i].size()))
      sentence.replace(at, hole.size(), arguments[i]);
  }
  return sentence;
}

}  // namespace

InstructionSink instructions_to(std::ostream& out) {
  return [&out](const Instruction& instruction) -> Result<std::string> {
    out << "TO DO (" << instruction.runbook << "): " << instruction.sentence << '\n';
    for (const std::string& line : instruction.details) out << "  " << line << '\n';
    out.flush();
    if (!out)
      return Error{ErrorCode::kUnreachable, instruction.call.action +
                                                ": the instruction could not be written, so that "
                                                "nobody has read it; attach a console"};
    return std::string("told the operator");
  };
}

OperatorPort::OperatorPort(const model::Inventory& inventory, InstructionSink sink)
    : inventory_(inventory), sink_(std::move(sink)) {}

std::vector<std::string> OperatorPort::details(const std::string& action) const {
  const model::Platform& platform = inventory_.platform;
  const std::string& to = platform.new_address.empty() ? platform.address : platform.new_address;
  if (action == "point-domains")
    return {inventory_.studio_domain + " -> " + to, inventory_.apps_domain + " -> " + to};
  if (action == "close-developer-ports" || action == "open-developer-ports") {
    const bool opens = action == "open-developer-ports";
    return {"machine " + platform.name + " at " + (opens ? to : platform.address),
            "TCP ports 80 and 443"};
  }
  return {};
}

Result<std::string> OperatorPort::perform(const Call& call) {
  const model::Action* action = model::find_action(call.action);
  if (action == nullptr || action->door != model::Door::kOperator)
    return Error{ErrorCode::kInvalid, call.action + ": this is no step for a person"};
  if (call.arguments.size() != action->parameters.size())
    return Error{ErrorCode::kInvalid, call.action + ": wrong number of arguments"};
  return sink_({call, action->runbook, fill_in(action->imperative, *action, call.arguments),
                details(call.action)});
}

Result<std::vector<Observation>> OperatorPort::observe(const std::vector<Variable>& variables) {
  std::vector<Observation> none;
  for (const Variable& each : variables)
    none.push_back({each, {}, "seen by the other systems, not by asking the operator"});
  return none;
}

}  // namespace wme::executor
