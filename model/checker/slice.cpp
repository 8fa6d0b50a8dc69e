#include "model/checker/slice.hpp"

#include <algorithm>
#include <utility>

#include "model/checker/ground_plan.hpp"
#include "model/language/interpreter.hpp"

namespace wme::model {

namespace {

bool is_within(const GroundFormula& formula, const std::vector<bool>& variables) {
  if (formula.kind == GroundFormula::Kind::kIn) return variables[formula.variable];
  return std::ranges::all_of(formula.parts,
                             [&](const GroundFormula& part) { return is_within(part, variables); });
}

/// The conjuncts that speak of the variables alone: it holds wherever `formula` does.
GroundFormula weakened(const GroundFormula& formula, const std::vector<bool>& variables) {
  if (is_within(formula, variables)) return formula;
  GroundFormula weaker = {GroundFormula::Kind::kAnd, 0, 0, {}};
  if (formula.kind != GroundFormula::Kind::kAnd) return weaker;
  for (const GroundFormula& part : formula.parts) {
    GroundFormula inner = weakened(part, variables);
    if (!inner.is_true()) weaker.parts.push_back(std::move(inner));
  }
  return weaker;
}

bool writes_one_of(const GroundAction& action, const std::vector<bool>& variables) {
  const auto writes = [&](const std::vector<GroundEffect>& effects) {
    return std::ranges::any_of(effects,
                               [&](const GroundEffect& each) { return variables[each.target]; });
  };
  return writes(action.request) || std::ranges::any_of(action.outcomes, writes);
}

void keep_effects(std::vector<GroundEffect>& effects, const std::vector<bool>& variables) {
  std::erase_if(effects, [&](const GroundEffect& each) { return !variables[each.target]; });
}

/// The action as the variables show it; true when its guard says less than before.
bool project(GroundAction& action, const std::vector<bool>& variables) {
  bool less = false;
  for (GroundCondition& condition : action.guard) {
    if (is_within(condition.formula, variables)) continue;
    condition.formula = weakened(condition.formula, variables);
    less = true;
  }
  action.lasts = weakened(action.lasts, variables);
  keep_effects(action.request, variables);
  for (std::vector<GroundEffect>& outcome : action.outcomes) keep_effects(outcome, variables);
  return less;
}

}  // namespace

GroundPlan GroundPlan::slice(const Part& part, std::vector<std::size_t>& steps,
                             std::vector<std::size_t>& environment) const {
  steps.clear();
  environment.clear();
  for (std::size_t step = 0; step < size(); ++step)
    if (part.steps[step] || writes_one_of(actions_[step], part.variables)) steps.push_back(step);
  auto plan = std::make_shared<Plan>();
  plan->procedure = plan_->procedure;
  for (const std::size_t step : steps) {
    Step& kept = plan->steps.emplace_back();
    kept.id = plan_->steps[step].id;
    kept.action = plan_->steps[step].action;
    kept.arguments = plan_->steps[step].arguments;
    for (const std::size_t before : steps)
      if (order_.before(before, step)) kept.after.push_back({plan_->steps[before].id, ""});
  }
  GroundPlan made(*model_, *plan, PlanOrder::of(*plan).value());
  made.own_plan_ = std::move(plan);
  for (const std::size_t step : steps) {
    GroundAction action = actions_[step];
    const bool less = project(action, part.variables);
    made.add_step(std::move(action));
    // Of what cannot be seen here, nothing may be concluded.
    if (!is_within(visible_work_[step], part.variables))
      made.visible_work_.back() = {GroundFormula::Kind::kAnd, 0, 0, {}};
    else
      made.visible_work_.back() = visible_work_[step];
    made.weakened_.back() = less;
  }
  made.invariants_ = {invariants_[part.invariant]};
  made.goals_.clear();
  made.index_invariants();
  for (std::size_t i = 0; i < environment_.size(); ++i) {
    if (!writes_one_of(environment_[i], part.variables)) continue;
    environment.push_back(i);
    project(made.environment_.emplace_back(environment_[i]), part.variables);
  }
  return made;
}

namespace {

/// Judges one state property of a plan on slices of it, each wider than the one before, until the
/// slice keeps the property or the whole plan breaks it in the same way.
class Slicer {
 public:
  Slicer(const GroundPlan& plan, const ExploreOptions& options, const KeysWithoutPlan& without,
         const std::vector<std::set<Variable>>& conditions, std::uint32_t invariant)
      : plan_(plan), options_(options), without_(without), conditions_(conditions) {
    part_.variables.assign(plan_.model().variable_count(), false);
    part_.steps.assign(plan_.size(), false);
    part_.invariant = invariant;
    add_variables(plan_.invariants()[invariant].formula);
  }

  SliceVerdict judge() {
    for (;;) {
      close();
      if (!explore_slice()) return std::move(made_);
    }
  }

 private:
  /// The conditions of effects on the variables decide what happens to them.
  void close() {
    std::vector<Variable> open;
    for (Variable each = 0; each < part_.variables.size(); ++each)
      if (part_.variables[each]) open.push_back(each);
    while (!open.empty()) {
      const Variable written = open.back();
      open.pop_back();
      for (const Variable read : conditions_[written]) {
        if (part_.variables[read]) continue;
        part_.variables[read] = true;
        open.push_back(read);
      }
    }
  }

  /// True when one is new.
  bool add_variables(const GroundFormula& formula) {
    std::vector<Variable> read;
    collect_variables(formula, read);
    bool grew = false;
    for (const Variable each : read) {
      grew = grew || !part_.variables[each];
      part_.variables[each] = true;
    }
    return grew;
  }

  /// True when a wider slice has to be tried.
  bool explore_slice() {
    const GroundPlan slice = plan_.slice(part_, steps_, environment_);
    ExploreOptions options = options_;
    options.threads = 1;
    Exploration seen = explore(slice, options);
    ++made_.slices;
    made_.states += seen.states;
    made_.transitions += seen.transitions;
    made_.states_stood_for += seen.states_stood_for;
    made_.symmetry = made_.symmetry || seen.reductions.symmetry;
    made_.steps_max = std::max(made_.steps_max, slice.size());
    if (!seen.complete) {
      made_.stopped_by = seen.stopped_by;
      return false;
    }
    for (const auto& [key, reached] : seen.violations) {
      // What a guard or a goal says is judged on the whole plan.
      if (reached.broken.front().kind != PropertyKind::kInvariant) continue;
      if (without_.contains(key) || is_accepted(slice, reached)) {
        made_.without_plan.emplace(key, as_in_the_whole(reached));
        continue;
      }
      widened_ = false;
      if (std::optional<Reached> real = in_the_whole(reached)) {
        made_.violations.emplace(key, std::move(*real));
        continue;
      }
      if (widened_) {
        made_.without_plan.clear();
        made_.violations.clear();
        return true;
      }
      made_.stopped_by = "a run of a slice of " + std::to_string(slice.size()) +
                         " steps was found that the whole plan does not have, nor explains";
      return false;
    }
    made_.complete = true;
    return false;
  }

  /// What is broken, and by what: with the numbers of the whole plan.
  Reached as_in_the_whole(const Reached& reached) const {
    Obligation broken = reached.broken.front();
    broken.index = part_.invariant;
    Happening last = reached.trace.back();
    const bool by_itself = last.kind == Happening::Kind::kEnvironment;
    last.what = by_itself ? environment_[last.what] : steps_[last.what];
    return {{broken}, {last}};
  }

  /// The slice's run, with the steps in between that the plan's edges ask for; none if the whole
  /// plan does not have it: then the slice has been widened by what stood against it.
  std::optional<Reached> in_the_whole(const Reached& reached) {
    Replay run(plan_);
    Trace trace;
    std::vector<Obligation> broken;
    const auto take = [&](const Happening& happening) {
      if (!run.possible(happening)) return blame(run, happening);
      broken = run.take(happening);
      trace.push_back(happening);
      const bool refused = !broken.empty() && broken.front().kind == PropertyKind::kGuard;
      return !refused || blame(run, happening);
    };
    for (Happening each : reached.trace) {
      each.what =
          each.kind == Happening::Kind::kEnvironment ? environment_[each.what] : steps_[each.what];
      const bool starts =
          each.kind != Happening::Kind::kEnvironment && each.kind != Happening::Kind::kOutcome;
      if (starts)
        for (const std::size_t before : plan_.order().topological()) {
          if (!plan_.order().before(before, each.what) ||
              run.status(before) != Replay::Status::kWaiting)
            continue;
          if (!take(requests(before)) || !take(ends(before))) return std::nullopt;
        }
      if (!take(each)) return std::nullopt;
    }
    std::erase_if(broken, [&](const Obligation& each) {
      return each.kind != PropertyKind::kInvariant || each.index != part_.invariant;
    });
    if (broken.empty()) return std::nullopt;
    return Reached{std::move(broken), std::move(trace)};
  }

  /// Whatever keeps the whole plan from doing it belongs to the slice. Always false.
  bool blame(const Replay& run, const Happening& happening) {
    if (happening.kind == Happening::Kind::kEnvironment) {
      for (const GroundCondition& each : plan_.environment()[happening.what].guard)
        widen_by_what_fails(each.formula, run.state());
      return false;
    }
    const std::size_t step = happening.what;
    widened_ = widened_ || !part_.steps[step];
    part_.steps[step] = true;
    const GroundAction& action = plan_.action(step);
    if (happening.kind == Happening::Kind::kOutcome) {
      widen_by_what_fails(action.lasts, run.state());
    } else if (happening.kind == Happening::Kind::kFoundDone) {
      // What the step itself changes closes its guard, most of the time; else, whatever may.
      const bool is_new = add_variables(plan_.visible_work(step)) | add_own_conditions(action);
      for (const GroundCondition& each : action.guard)
        if (!is_new) widen(each.formula);
      widened_ = widened_ || is_new;
    } else {
      for (const GroundCondition& each : action.guard)
        widen_by_what_fails(each.formula, run.state());
    }
    return false;
  }

  void widen(const GroundFormula& formula) { widened_ = add_variables(formula) || widened_; }

  /// Of "every container is parked", only the one that is not.
  void widen_by_what_fails(const GroundFormula& formula, const State& state) {
    if (evaluate(formula, state)) return;
    if (formula.kind != GroundFormula::Kind::kAnd) return widen(formula);
    for (const GroundFormula& part : formula.parts) widen_by_what_fails(part, state);
  }

  bool add_own_conditions(const GroundAction& action) {
    bool grew = false;
    for (const GroundCondition& each : action.guard) {
      std::vector<Variable> read;
      collect_variables(each.formula, read);
      const auto is_read = [&](const GroundEffect& effect) {
        return std::ranges::find(read, effect.target) != read.end();
      };
      if (std::ranges::any_of(action.request, is_read) ||
          std::ranges::any_of(action.outcomes.front(), is_read))
        grew = add_variables(each.formula) || grew;
    }
    return grew;
  }

  const GroundPlan& plan_;
  const ExploreOptions& options_;
  const KeysWithoutPlan& without_;
  const std::vector<std::set<Variable>>& conditions_;
  GroundPlan::Part part_;
  std::vector<std::size_t> steps_;        ///< of the whole, by step of the slice
  std::vector<std::size_t> environment_;  ///< the same for the environment
  bool widened_ = false;
  SliceVerdict made_;
};

}  // namespace

Slices::Slices(const GroundPlan& plan, const ExploreOptions& options, KeysWithoutPlan without)
    : plan_(plan),
      options_(options),
      without_(std::move(without)),
      conditions_(plan.model().variable_count()) {
  const auto add = [&](const std::vector<GroundEffect>& effects) {
    for (const GroundEffect& each : effects) {
      std::vector<Variable> read;
      collect_variables(each.when, read);
      conditions_[each.target].insert(read.begin(), read.end());
    }
  };
  const auto add_all = [&](const GroundAction& action) {
    add(action.request);
    for (const std::vector<GroundEffect>& outcome : action.outcomes) add(outcome);
  };
  for (std::size_t step = 0; step < plan.size(); ++step) add_all(plan.action(step));
  for (const GroundAction& action : plan.environment()) add_all(action);
}

SliceVerdict Slices::judge(std::uint32_t invariant) const {
  return Slicer(plan_, options_, without_, conditions_, invariant).judge();
}

}  // namespace wme::model
