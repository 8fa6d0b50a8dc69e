#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "executor/engine/observer.hpp"
#include "model/planner/plan.hpp"

namespace wme::executor {

/// A step of a plan as every run of it needs it, worked out of the model once.
struct ScriptStep {
  /// What becomes of a variable that shows how the step goes on; none: it does not say for sure.
  struct Sign {
    std::optional<model::Value> wanted;               ///< by the outcome that is hoped for
    std::optional<model::Value> during;               ///< by the request
    std::vector<std::optional<model::Value>> failed;  ///< by each other outcome
  };

  model::GroundAction action;
  std::string name;          ///< "passivate-container c17"
  std::string door;          ///< "launchpad"
  model::GroundFormula end;  ///< when it has ended well
  /// Those that can be observed, in order of number: of the guard and the end, and of the end.
  std::vector<model::Variable> guard_reads;
  std::vector<model::Variable> end_reads;
  std::vector<Sign> signs;              ///< by end_reads
  std::vector<std::size_t> successors;  ///< steps that wait for it
};

/// A plan, ready to be carried out any number of times: with it, a run reads no word of the model.
class Script {
 public:
  /// `ports` says which doors there are; what stands behind them may be another system each time.
  /// Errors: kInvalid when the model has no such step for this installation, or the program no
  /// driver for its door.
  static Result<std::shared_ptr<const Script>> of(const model::GroundModel& model,
                                                  const model::Plan& plan,
                                                  const model::PlanOrder& order,
                                                  const Ports& ports);
  const std::vector<ScriptStep>& steps() const { return steps_; }  ///< by position in the plan

 private:
  std::vector<ScriptStep> steps_;
};

}  // namespace wme::executor
