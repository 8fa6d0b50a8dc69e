#pragma once

#include <optional>
#include <span>
#include <string>

#include "model/wme/vocabulary.hpp"
#include "scenarios/campaign/world_port.hpp"

namespace wme::tests {

/// The same, for tests that hide something from the executor, or tell it of work that ended badly.
class WorldPort : public scenarios::WorldPort {
 public:
  explicit WorldPort(simulators::World& world) : scenarios::WorldPort(world), world_(world) {}

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

  Status glance(std::span<const model::Variable> asked,
                std::span<executor::Sight> sights) override {
    ++looks;
    if (Status seen = scenarios::WorldPort::glance(asked, sights); !seen || hidden.empty())
      return seen;
    for (std::size_t i = 0; i < asked.size(); ++i)
      if (model::fluents()[world_.model().fluent_index(asked[i])].name == hidden)
        sights[i] = {std::nullopt, "nobody answers"};
    return Done{};
  }

 private:
  simulators::World& world_;
};

}  // namespace wme::tests
