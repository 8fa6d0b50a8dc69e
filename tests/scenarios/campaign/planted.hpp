#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "model/language/ground.hpp"
#include "model/wme/actions.hpp"
#include "scenarios/campaign/trial.hpp"

/// Mistakes that a recovery tool may have, planted between the executor and the world: a campaign
/// that does not find them is worth nothing.
namespace wme::tests {

/// Everything passes through; a mistake changes one thing.
class PlantedPort : public executor::SystemPort {
 public:
  explicit PlantedPort(executor::SystemPort& the_world) : the_world_(the_world) {}
  Result<std::string> perform(const executor::Call& call) override {
    return the_world_.perform(call);
  }
  Result<std::vector<executor::Observation>> observe(
      const std::vector<executor::Variable>& variables) override {
    return the_world_.observe(variables);
  }

 protected:
  executor::SystemPort& the_world() { return the_world_; }

 private:
  executor::SystemPort& the_world_;
};

/// An answer that got lost is taken for a no.
class LostAnswerIsFailure : public PlantedPort {
 public:
  using PlantedPort::PlantedPort;
  Result<std::string> perform(const executor::Call& call) override {
    Result<std::string> receipt = the_world().perform(call);
    if (receipt || receipt.error().code != ErrorCode::kUnknownOutcome) return receipt;
    return Error{ErrorCode::kFailed, receipt.error().message};
  }
};

/// What nobody answered is sent again, without a look at what came of it.
class RepeatsWithoutLooking : public PlantedPort {
 public:
  using PlantedPort::PlantedPort;
  Result<std::string> perform(const executor::Call& call) override {
    Result<std::string> receipt = the_world().perform(call);
    if (receipt || receipt.error().code != ErrorCode::kUnknownOutcome) return receipt;
    return the_world().perform(call);
  }
};

/// What was accepted counts as done: of every action, or of one. Of passivations alone, it is how a
/// backup gets taken before the last of them.
class TrustsTheAcceptedRequest : public PlantedPort {
 public:
  TrustsTheAcceptedRequest(executor::SystemPort& the_world, const model::GroundModel& model,
                           std::string action = "")
      : PlantedPort(the_world), model_(model), action_(std::move(action)) {}
  Result<std::string> perform(const executor::Call& call) override {
    Result<std::string> receipt = the_world().perform(call);
    if (!receipt || (!action_.empty() && call.action != action_)) return receipt;
    const auto action = model_.ground(*model::find_action(call.action), call.arguments);
    if (!action) return receipt;
    for (const model::GroundEffect& each : action->outcomes.front())
      believed_[model_.text(each.target)] = model_.value_text(each.target, each.value);
    return receipt;
  }
  Result<std::vector<executor::Observation>> observe(
      const std::vector<executor::Variable>& variables) override {
    auto seen = the_world().observe(variables);
    if (!seen) return seen;
    for (executor::Observation& each : seen.value()) {
      const auto variable = model_.variable(each.variable.fluent, each.variable.arguments);
      if (!variable) continue;
      if (const auto known = believed_.find(model_.text(*variable)); known != believed_.end())
        each.value = known->second;
    }
    return seen;
  }

 private:
  const model::GroundModel& model_;
  std::string action_;  ///< empty: every one
  std::map<std::string, std::string> believed_;
};

/// The login gate is told to close, and is believed to be closed; nobody closed it.
class LeavesTheGateOpen : public PlantedPort {
 public:
  using PlantedPort::PlantedPort;
  Result<std::string> perform(const executor::Call& call) override {
    if (call.action != "restrict-login") return the_world().perform(call);
    believed_ = "restricted";
    return std::string("ok");
  }
  Result<std::vector<executor::Observation>> observe(
      const std::vector<executor::Variable>& variables) override {
    auto seen = the_world().observe(variables);
    if (!seen || believed_.empty()) return seen;
    for (executor::Observation& each : seen.value())
      if (each.variable.fluent == "gate") each.value = believed_;
    return seen;
  }

 private:
  std::string believed_;
};

template <class Port>
scenarios::PortWrap planted() {
  return [](executor::SystemPort& the_world) { return std::make_unique<Port>(the_world); };
}

}  // namespace wme::tests
