#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/wme/vocabulary.hpp"
#include "scenarios/campaign/world_port.hpp"

namespace wme::tests {

/// The same, for tests that hide something from the executor, or tell it of work that ended badly.
class WorldPort : public scenarios::WorldPort {
 public:
  explicit WorldPort(simulators::World& world)
      : scenarios::WorldPort(world), world_(world), shown_(world.model().variable_count()) {}

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

  bool shares(const model::GroundModel& model) const override { return &model == &world_.model(); }

  Status glance(std::span<const model::Variable> asked,
                std::span<executor::Sight> sights) override {
    const auto lock = world_.enter();
    const simulators::Fault fault = world_.next_fault("look", true);
    ++looks;
    if (fault == simulators::Fault::kThrottled)
      return Error{ErrorCode::kThrottled, "look: slow down"};
    if (fault == simulators::Fault::kRequestLost)
      return Error{ErrorCode::kUnreachable, "look: connection lost"};
    for (std::size_t i = 0; i < asked.size(); ++i) {
      std::optional<model::Value>& shown = shown_[asked[i]];
      const bool is_stale = fault == simulators::Fault::kStaleRead && shown;
      if (!is_stale) shown = world_.state()[asked[i]];
      const bool is_hidden = !hidden.empty() && is_of(asked[i], hidden);
      sights[i].value = is_hidden ? std::nullopt : shown;
      sights[i].detail = is_hidden ? "nobody answers" : "the world";
    }
    return Done{};
  }

 private:
  bool is_of(model::Variable variable, const std::string& fluent) const {
    return model::fluents()[world_.model().fluent_index(variable)].name == fluent;
  }

  simulators::World& world_;
  std::vector<std::optional<model::Value>> shown_;  ///< by variable: last, for stale reads
};

}  // namespace wme::tests
