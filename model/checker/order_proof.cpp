#include "model/checker/order_proof.hpp"

#include <algorithm>

#include "model/language/interpreter.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

class Prover {
 public:
  Prover(const GroundPlan& plan, const PossibleValues& values)
      : plan_(plan), values_(values), judged_(plan.invariants().size(), kEndOfPlan) {}

  OrderProof run() {
    start();
    for (const std::size_t step : values_.order().topological()) {
      guard(step);
      invariants(request_of(step));
      invariants(end_event_of(step));
    }
    find_read_variables();
    for (const std::size_t step : values_.order().topological()) masked_end(step);
    goals();
    return std::move(proof_);
  }

 private:
  void start() {
    const State& initial = plan_.model().initial();
    for (std::size_t i = 0; i < plan_.invariants().size(); ++i, ++proof_.invariants)
      if (!evaluate(plan_.invariants()[i].formula, initial))
        proof_.open.push_back({PropertyKind::kStart, Obligation::kNoStep, true, i, 0});
  }

  void guard(std::size_t step) {
    const std::vector<GroundCondition>& guard = plan_.action(step).guard;
    for (std::size_t i = 0; i < guard.size(); ++i, ++proof_.guards)
      if (values_.judge_before(request_of(step), guard[i].formula) != Truth::kTrue)
        proof_.open.push_back({PropertyKind::kGuard, step, true, i, 0});
  }

  void invariants(PlanEvent event) {
    for (const PossibleWrite& write : values_.writes_of(event)) {
      if (write.values == 0) continue;
      for (const std::uint32_t i : plan_.invariants_about(write.variable)) {
        if (judged_[i] == event) continue;
        judged_[i] = event;
        ++proof_.invariants;
        if (values_.judge_after(event, plan_.invariants()[i].formula) != Truth::kTrue)
          proof_.open.push_back(
              {PropertyKind::kInvariant, step_of(event), is_request(event), i, 0});
      }
    }
  }

  void goals() {
    for (std::size_t i = 0; i < plan_.goals().size(); ++i, ++proof_.goals)
      if (values_.judge_before(kEndOfPlan, plan_.goals()[i].formula) != Truth::kTrue)
        proof_.open.push_back({PropertyKind::kGoal, Obligation::kNoStep, true, i, 0});
  }

  /// Somebody looks at it: the executor, which waits for what can be seen, or the plan itself.
  void find_read_variables() {
    read_.assign(plan_.model().variable_count(), false);
    std::vector<Variable> found;
    for (std::size_t step = 0; step < plan_.size(); ++step) {
      const GroundAction& action = plan_.action(step);
      for (const GroundCondition& condition : action.guard)
        collect_variables(condition.formula, found);
      for (const GroundEffect& effect : action.request) collect_variables(effect.when, found);
      for (const GroundEffect& effect : action.outcomes.front())
        collect_variables(effect.when, found);
    }
    for (const GroundGoal& goal : plan_.goals()) collect_variables(goal.formula, found);
    for (const GroundInvariant& invariant : plan_.invariants())
      collect_variables(invariant.formula, found);
    for (const Variable variable : found) read_[variable] = true;
  }

  bool is_awaited(Variable variable) const {
    return read_[variable] ||
           fluents()[plan_.model().fluent_index(variable)].seen_by != SeenBy::kGhost;
  }

  void masked_end(std::size_t step) {
    for (const GroundEffect& effect : plan_.action(step).outcomes.front()) {
      if (!effect.when.is_true() || !is_awaited(effect.target)) continue;
      ++proof_.ends;
      for (const std::uint32_t position : values_.writes_to(effect.target)) {
        const PossibleWrite& other = values_.write(position);
        if (!concurrent(values_.order(), step, step_of(other.event))) continue;
        if ((other.values & ~(Mask{1} << effect.value)) == 0) continue;
        proof_.open.push_back(
            {PropertyKind::kMaskedEnd, step, false, step_of(other.event), effect.target});
        break;
      }
    }
  }

  const GroundPlan& plan_;
  const PossibleValues& values_;
  std::vector<PlanEvent> judged_;  ///< per invariant: the event it was last judged for
  std::vector<bool> read_;
  OrderProof proof_;
};

}  // namespace

OrderProof prove_by_order(const GroundPlan& plan, const PossibleValues& values) {
  return Prover(plan, values).run();
}

}  // namespace wme::model
