#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/language/ground.hpp"
#include "model/planner/plan.hpp"
#include "model/planner/planner.hpp"
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
  /// What a mutant of the model says otherwise of the step at this position (model/mutation).
  using Change = std::function<void(std::size_t step, GroundAction& action)>;
  /// The same with every action as `change` leaves it.
  static Result<GroundPlan> of(const GroundModel& model, const Plan& plan, const Change& change);

  /// What the plan is for, where that is not what its procedure is for: a way back, or to a safe
  /// stop.
  void aim_at(const std::vector<Goal>& goals);

  const GroundModel& model() const { return *model_; }
  const Plan& plan() const { return *plan_; }
  const PlanOrder& order() const { return order_; }
  std::size_t size() const { return actions_.size(); }
  const GroundAction& action(std::size_t step) const { return actions_[step]; }
  /// What the executor takes for the work of a step that it has not seen accepted: its end, or the
  /// value on the way there, on what can be seen (it looks before it asks again).
  const GroundFormula& visible_work(std::size_t step) const { return visible_work_[step]; }
  /// Its guard says less than the model's does (a slice's): it may be closed although this one is
  /// open.
  bool is_weakened(std::size_t step) const { return weakened_[step]; }
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

  /// What of the plan and its environment bears on some variables (slice.hpp).
  struct Part {
    std::vector<bool> variables;
    std::vector<bool> steps;  ///< kept though they write none of the variables
    std::uint32_t invariant = 0;
  };
  /// The steps and the environment's actions that write one of the variables, in the order that the
  /// whole plan has for them; of guards only what speaks of the variables alone; one invariant; no
  /// goals. Whatever the whole can do, the slice can do, as far as the variables show it. The
  /// positions of its steps and of its environment's actions in the whole: `steps`, `environment`.
  GroundPlan slice(const Part& part, std::vector<std::size_t>& steps,
                   std::vector<std::size_t>& environment) const;

 private:
  GroundPlan(const GroundModel& model, const Plan& plan, PlanOrder order);
  void add_step(GroundAction action);
  void index_invariants();

  const GroundModel* model_;
  const Plan* plan_;
  std::shared_ptr<const Plan> own_plan_;  ///< of a slice
  PlanOrder order_;
  std::vector<GroundAction> actions_;
  std::vector<GroundFormula> visible_work_;  ///< per step
  std::vector<bool> weakened_;               ///< per step
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
