#pragma once

#include "scenarios/campaign/world_port.hpp"

namespace wme::tests {

/// The same, for tests that hide something from the executor, or tell it of work that ended badly.
class WorldPort : public scenarios::WorldPort {
 public:
  using scenarios::WorldPort::WorldPort;

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
    ++looks;
    auto seen = scenarios::WorldPort::observe(variables);
    if (!seen || hidden.empty()) return seen;
    for (executor::Observation& each : seen.value())
      if (each.variable.fluent == hidden) each = {each.variable, std::nullopt, "nobody answers"};
    return seen;
  }
};

}  // namespace wme::tests
