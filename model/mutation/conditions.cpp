#include <algorithm>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/mutation/trial.hpp"
#include "model/planner/order.hpp"
#include "model/wme/actions.hpp"

/// Mutants of the model's guards: the planner does not know of one condition, the checker does.
namespace wme::model {

namespace {

std::vector<GroundAction> actions_of(const GroundPlan& plan) {
  std::vector<GroundAction> actions;
  for (std::size_t step = 0; step < plan.size(); ++step) actions.push_back(plan.action(step));
  return actions;
}

/// The condition goes from the guard, and from what the work needs until it ends.
void forget(GroundAction& action, const Condition& condition) {
  std::size_t lasting = 0;
  for (auto at = action.guard.begin(); at != action.guard.end(); ++at) {
    if (at->condition == &condition) {
      // Grounding puts what is needed throughout first, in the order of the guard.
      if (condition.throughout)
        action.lasts.parts.erase(action.lasts.parts.begin() + static_cast<std::ptrdiff_t>(lasting));
      action.guard.erase(at);
      return;
    }
    if (at->condition->throughout) ++lasting;
  }
}

class ConditionMutator {
 public:
  explicit ConditionMutator(const Original& original)
      : original_(original),
        listed_(in_listed_order()),
        before_(PlanOrder::of(ordered(actions_of(original.ground)))) {}

  void run(std::vector<Mutant>& into) const {
    std::vector<const Action*> seen;
    for (std::size_t step = 0; step < original_.ground.size(); ++step) {
      const Action* action = original_.ground.action(step).action;
      if (std::ranges::find(seen, action) != seen.end()) continue;
      seen.push_back(action);
      for (const Condition& condition : guard_of(*action))
        into.push_back(mutant(*action, condition));
    }
  }

 private:
  /// The order in which the plan lists its steps, where its edges allow that one.
  std::vector<std::size_t> in_listed_order() const {
    const PlanOrder& order = original_.ground.order();
    std::vector<std::size_t> listed(original_.ground.size());
    for (std::size_t i = 0; i < listed.size(); ++i) listed[i] = i;
    for (std::size_t i = 0; i < listed.size(); ++i)
      for (const std::size_t before : order.predecessors()[i])
        if (before > i) return order.topological();
    return listed;
  }

  /// The plan's steps with the edges that these actions need.
  Plan ordered(const std::vector<GroundAction>& actions) const {
    std::vector<GroundAction> sequence;
    for (const std::size_t step : listed_) sequence.push_back(actions[step]);
    const std::vector<std::vector<Need>> needs = needed_order(original_.model, sequence);
    Plan plan = original_.plan;
    for (std::size_t i = 0; i < listed_.size(); ++i) {
      std::vector<Edge>& after = plan.steps[listed_[i]].after;
      after.clear();
      for (const Need& need : needs[i])
        after.push_back({plan.steps[listed_[need.before]].id, need.because});
    }
    return plan;
  }

  Mutant mutant(const Action& action, const Condition& condition) const {
    Mutant made;
    made.kind = MutantKind::kDroppedCondition;
    made.action = action.name;
    made.what = condition.sentence;
    made.rule = condition.rule;
    std::vector<GroundAction> actions = actions_of(original_.ground);
    for (GroundAction& each : actions)
      if (each.action == &action) forget(each, condition);
    const Plan plan = ordered(actions);
    const Result<PlanOrder> order = PlanOrder::of(plan);
    if (!order || !before_) {
      made.why = "the steps cannot be ordered again: " +
                 (order ? before_.error().message : order.error().message);
      return made;
    }
    if (!any_lost(order.value())) {
      made.fate = Fate::kEquivalent;
      made.why = why_implied(action, condition, plan, order.value());
      return made;
    }
    judge(made, plan);
    return made;
  }

  /// Whether the steps are ordered less than they were.
  bool any_lost(const PlanOrder& order) const {
    for (std::size_t b = 0; b < order.size(); ++b)
      for (std::size_t a = 0; a < order.size(); ++a)
        if (before_.value().before(a, b) && !order.before(a, b)) return true;
    return false;
  }

  void judge(Mutant& made, const Plan& plan) const {
    const Result<GroundPlan> ground = GroundPlan::of(original_.model, plan);
    if (!ground) {
      made.why = ground.error().message;
      return;
    }
    const PossibleValues values(ground.value(), ground.value().order());
    conclude(made, ground.value(), values, tried(ground.value(), values, original_.states_max));
    if (made.fate == Fate::kCaught || !made.why.empty()) return;
    made.fate = Fate::kEquivalent;
    made.why = "fewer edges, and every property is proved by the order of the steps all the same";
  }

  std::string why_implied(const Action& action, const Condition& condition, const Plan& plan,
                          const PlanOrder& order) const {
    std::vector<Variable> variables;
    std::vector<std::size_t> steps;
    for (std::size_t step = 0; step < original_.ground.size(); ++step) {
      if (original_.ground.action(step).action != &action) continue;
      steps.push_back(step);
      for (const GroundCondition& each : original_.ground.action(step).guard)
        if (each.condition == &condition) collect_variables(each.formula, variables);
    }
    if (variables.empty())
      return "it holds for every installation of this kind: nothing in it can change";
    for (const std::size_t step : steps)
      if (const std::string way = way_to(step, variables, plan, order); !way.empty())
        return "other conditions keep the same order: " + way;
    for (const std::size_t step : steps)
      if (const std::string way = way_from(step, variables, plan, order); !way.empty())
        return "it holds from the start, and what changes it waits all the same: " + way;
    return "it holds from the start, and no other step changes what it speaks of";
  }

  /// How the first that writes one of the variables after the step still waits for it.
  std::string way_from(std::size_t step, const std::vector<Variable>& variables, const Plan& plan,
                       const PlanOrder& order) const {
    for (const std::size_t at : listed_)
      if (order.before(step, at) && writes(at, variables))
        return with_last_reason(plan, way_between(plan, order, step, at), at);
    return "";
  }

  /// How the step still waits for the last that writes one of the variables before it.
  std::string way_to(std::size_t step, const std::vector<Variable>& variables, const Plan& plan,
                     const PlanOrder& order) const {
    for (auto at = listed_.rbegin(); at != listed_.rend(); ++at) {
      if (!order.before(*at, step) || !writes(*at, variables)) continue;
      return with_last_reason(plan, way_between(plan, order, *at, step), step);
    }
    return "";
  }

  static std::string with_last_reason(const Plan& plan, const std::string& way, std::size_t last) {
    for (const Edge& edge : plan.steps[last].after)
      if (way.ends_with(edge.step + " → " + plan.steps[last].id))
        return way + " (" + edge.because + ")";
    return way;
  }

  bool writes(std::size_t step, const std::vector<Variable>& variables) const {
    const GroundAction& action = original_.ground.action(step);
    const auto is_wanted = [&](const GroundEffect& each) {
      return std::ranges::find(variables, each.target) != variables.end();
    };
    return std::ranges::any_of(action.request, is_wanted) ||
           std::ranges::any_of(action.outcomes.front(), is_wanted);
  }

  const Original& original_;
  std::vector<std::size_t> listed_;
  Result<PlanOrder> before_;
};

}  // namespace

void drop_conditions(const Original& original, std::vector<Mutant>& into) {
  ConditionMutator(original).run(into);
}

}  // namespace wme::model
