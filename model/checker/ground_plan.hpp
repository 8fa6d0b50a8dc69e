#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/language/ground.hpp"
#include "model/planner/plan.hpp"
#include "model/result.hpp"

namespace wme::model {

/// What holds at the end, with the words for it.
struct GroundGoal {
  std::string words;
  GroundFormula formula;
};

/// A plan as the checkers see it: of each step only its id, action, arguments and edges, everything
/// else recomputed from the model. A plan may have been edited by hand: nothing it says about
/// itself is trusted.
class GroundPlan {
 public:
  /// Keeps references to `model` and `plan`: both must outlive it. Errors (kInvalid): the plan is
  /// of another procedure, installation or provider; its edges are no order; a step is no action
  /// that somebody can take here (which step, and why).
  static Result<GroundPlan> of(const GroundModel& model, const Plan& plan);

  const GroundModel& model() const { return *model_; }
  const Plan& plan() const { return *plan_; }
  const PlanOrder& order() const { return order_; }
  std::size_t size() const { return actions_.size(); }
  const GroundAction& action(std::size_t step) const { return actions_[step]; }
  const std::string& id(std::size_t step) const { return plan_->steps[step].id; }
  /// "passivate-container c3".
  std::string name(std::size_t step) const;

  const std::vector<GroundInvariant>& invariants() const { return invariants_; }
  /// Positions of the invariants that speak of the variable.
  std::span<const std::uint32_t> invariants_about(Variable variable) const;
  const std::vector<GroundGoal>& goals() const { return goals_; }

  /// Every environment action with every choice of arguments; empty unless asked for, since a large
  /// fleet has hundreds of thousands of them.
  const std::vector<GroundAction>& environment() const { return environment_; }
  void add_environment();

 private:
  GroundPlan(const GroundModel& model, const Plan& plan, PlanOrder order);
  void index_invariants();

  const GroundModel* model_;
  const Plan* plan_;
  PlanOrder order_;
  std::vector<GroundAction> actions_;
  std::vector<GroundInvariant> invariants_;
  std::vector<std::uint32_t> invariant_start_;  ///< per variable, into invariant_of_
  std::vector<std::uint32_t> invariant_of_;
  std::vector<GroundGoal> goals_;
  std::vector<GroundAction> environment_;
};

/// The variables that a formula speaks of, each as often as it occurs.
void collect_variables(const GroundFormula& formula, std::vector<Variable>& into);

/// Step positions in an order that the edges allow, restricted to `wanted`.
std::vector<std::size_t> in_order(const PlanOrder& order, const std::vector<bool>& wanted);
/// Neither waits for the other.
inline bool concurrent(const PlanOrder& order, std::size_t a, std::size_t b) {
  return a != b && !order.before(a, b) && !order.before(b, a);
}

}  // namespace wme::model
