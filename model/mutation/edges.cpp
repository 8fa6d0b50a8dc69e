#include <algorithm>
#include <set>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/mutation/trial.hpp"

/// Mutants of the plan: one wait at a time is taken away, turned round, or made shorter.
namespace wme::model {

namespace {

/// One edge of the plan.
struct Wait {
  std::size_t before = 0;
  std::size_t after = 0;
  std::size_t edge = 0;  ///< position in the after-list
};

Plan without(const Plan& plan, const Wait& wait) {
  Plan mutant = plan;
  std::vector<Edge>& edges = mutant.steps[wait.after].after;
  edges.erase(edges.begin() + static_cast<std::ptrdiff_t>(wait.edge));
  return mutant;
}

/// Each takes the other's place among the edges.
Plan exchanged(const Plan& plan, const Wait& wait) {
  Plan mutant = plan;
  const std::string one = plan.steps[wait.before].id;
  const std::string other = plan.steps[wait.after].id;
  std::swap(mutant.steps[wait.before].after, mutant.steps[wait.after].after);
  for (Step& step : mutant.steps)
    for (Edge& edge : step.after)
      edge.step = edge.step == one ? other : edge.step == other ? one : edge.step;
  return mutant;
}

/// The end of the step becomes a step of its own, the last one; `after` waits for the request only.
Plan with_end_apart(const Plan& plan, const Wait& wait) {
  Plan mutant = plan;
  const std::string request = plan.steps[wait.before].id;
  std::string end = request + "-end";
  while (std::ranges::find(plan.steps, end, &Step::id) != plan.steps.end()) end += "-";
  for (std::size_t i = 0; i < mutant.steps.size(); ++i)
    for (Edge& edge : mutant.steps[i].after)
      if (edge.step == request && i != wait.after) edge.step = end;
  Step apart = plan.steps[wait.before];
  apart.id = end;
  apart.after = {{request, "it was requested"}};
  mutant.steps.push_back(std::move(apart));
  return mutant;
}

/// The model's action in two halves: the request, with the guard, and the end.
GroundPlan::Change halves(std::size_t request, std::size_t end) {
  return [request, end](std::size_t step, GroundAction& action) {
    if (step == request) {
      action.outcomes.front().clear();
      action.lasts = {};
    }
    if (step == end) {
      action.guard.clear();
      action.request.clear();
    }
  };
}

/// What happened in the plan with the end apart, as a run of the plan with whole steps.
Trace whole_again(const Trace& trace, std::size_t request, std::size_t end) {
  Trace whole;
  for (Happening each : trace) {
    if (each == ends(request) || each == requests(end)) continue;
    if (each == ends(end)) each = ends(request);
    whole.push_back(each);
  }
  return whole;
}

Obligation whole_again(Obligation broken, std::size_t request, std::size_t end) {
  if (broken.step == end) {
    broken.step = request;
    broken.at_request = false;
  }
  if (broken.kind == PropertyKind::kMaskedEnd && broken.index == end) broken.index = request;
  return broken;
}

std::set<Variable> written(const std::vector<GroundEffect>& effects) {
  std::set<Variable> variables;
  for (const GroundEffect& each : effects) variables.insert(each.target);
  return variables;
}

std::set<Variable> guarded(const GroundAction& action) {
  std::vector<Variable> variables;
  for (const GroundCondition& each : action.guard) collect_variables(each.formula, variables);
  return {variables.begin(), variables.end()};
}

std::set<Variable> common(const std::set<Variable>& one, const std::set<Variable>& other) {
  std::set<Variable> both;
  std::ranges::set_intersection(one, other, std::inserter(both, both.begin()));
  return both;
}

std::string listed(const GroundModel& model, const std::set<Variable>& variables) {
  constexpr std::size_t kShownMax = 3;
  std::string text;
  std::size_t shown = 0;
  for (const Variable each : variables) {
    if (shown++ == kShownMax) return text + ", …";
    text += (text.empty() ? "" : ", ") + model.text(each);
  }
  return text;
}

class EdgeMutator {
 public:
  EdgeMutator(const Original& original, MutantKind kind) : original_(original), kind_(kind) {}

  void run(std::vector<Mutant>& into) {
    const std::vector<Step>& steps = original_.plan.steps;
    for (std::size_t after = 0; after < steps.size(); ++after)
      for (std::size_t edge = 0; edge < steps[after].after.size(); ++edge)
        into.push_back(mutant(
            {original_.ground.order().index_of(steps[after].after[edge].step), after, edge}));
  }

 private:
  Mutant mutant(const Wait& wait) const {
    const Step& after = original_.plan.steps[wait.after];
    Mutant made;
    made.kind = kind_;
    made.step = after.id;
    made.other = after.after[wait.edge].step;
    made.because = after.after[wait.edge].because;
    if (kind_ == MutantKind::kSwappedSteps)
      judge(made, wait, exchanged(original_.plan, wait));
    else if (implied(made, wait))
      made.fate = Fate::kEquivalent;
    else if (kind_ == MutantKind::kDeletedEdge)
      judge(made, wait, without(original_.plan, wait));
    else
      judge_wait(made, wait);
    return made;
  }

  /// Whether the step waits for the other by way of others all the same.
  bool implied(Mutant& made, const Wait& wait) const {
    const Plan mutant = without(original_.plan, wait);
    const Result<PlanOrder> order = PlanOrder::of(mutant);
    if (!order || !order.value().before(wait.before, wait.after)) return false;
    made.why =
        "other edges imply it: " + way_between(mutant, order.value(), wait.before, wait.after);
    return true;
  }

  void judge(Mutant& made, const Wait& wait, const Plan& plan) const {
    const Result<GroundPlan> ground = GroundPlan::of(original_.model, plan);
    if (!ground) {
      made.why = ground.error().message;
      return;
    }
    const PossibleValues values(ground.value(), ground.value().order());
    conclude(made, ground.value(), values, tried(ground.value(), values, original_.states_max));
    if (made.fate == Fate::kCaught || !made.why.empty()) return;
    made.fate = Fate::kEquivalent;
    made.why = kind_ == MutantKind::kSwappedSteps
                   ? "either may come first: " + why_free(wait)
                   : "the order of the other steps proves every property without it";
  }

  void judge_wait(Mutant& made, const Wait& wait) const {
    const Plan split = with_end_apart(original_.plan, wait);
    const std::size_t end = split.steps.size() - 1;
    const Result<GroundPlan> ground =
        GroundPlan::of(original_.model, split, halves(wait.before, end));
    const Plan loose = without(original_.plan, wait);
    const Result<GroundPlan> whole = GroundPlan::of(original_.model, loose);
    if (!ground || !whole) {
      made.why = ground ? whole.error().message : ground.error().message;
      return;
    }
    const PossibleValues values(ground.value(), ground.value().order());
    Trial trial = tried(ground.value(), values, original_.states_max);
    trial.trace = whole_again(trial.trace, wait.before, end);
    for (Obligation& each : trial.broken) each = whole_again(each, wait.before, end);
    const PossibleValues loose_values(whole.value(), whole.value().order());
    if (trial.verdict == Verdict::kProved && trial.hanging == end &&
        hangs(made, wait, whole.value(), loose_values))
      return;
    if (trial.hanging == end) trial.hanging = wait.before;
    conclude(made, whole.value(), loose_values, std::move(trial));
    if (made.fate == Fate::kCaught || !made.why.empty()) return;
    made.fate = Fate::kEquivalent;
    made.why = why_request_suffices(wait);
  }

  /// A run in which the step takes away what the other's work needs to come to its end.
  bool hangs(Mutant& made, const Wait& wait, const GroundPlan& plan,
             const PossibleValues& values) const {
    std::vector<bool> first(plan.size(), false);
    for (std::size_t i = 0; i < plan.size(); ++i)
      first[i] = i != wait.before && i != wait.after &&
                 (plan.order().before(i, wait.before) || plan.order().before(i, wait.after));
    Trace trace;
    for (const std::size_t step : in_order(plan.order(), first)) {
      trace.push_back(requests(step));
      trace.push_back(ends(step));
    }
    trace.push_back(requests(wait.before));
    for (const Happening& last : {requests(wait.after), ends(wait.after)}) {
      trace.push_back(last);
      const std::optional<ReplayEnd> end = replayed(plan, trace);
      if (!end) return false;
      const GroundFormula& lasts = plan.action(wait.before).lasts;
      if (evaluate(lasts, end->state)) continue;
      tell_hanging(made, wait, plan, values, trace, end->state);
      return true;
    }
    return false;
  }

  void tell_hanging(Mutant& made, const Wait& wait, const GroundPlan& plan,
                    const PossibleValues& values, const Trace& trace, const State& state) const {
    const GroundFormula& lasts = plan.action(wait.before).lasts;
    Obligation lost;
    lost.kind = PropertyKind::kMaskedEnd;
    lost.step = wait.before;
    lost.at_request = false;
    lost.index = wait.after;
    lost.variable = false_leaves(lasts, state).front().variable;
    made.fate = Fate::kCaught;
    made.property = kEndsProperty;
    made.story = tell(plan, values, {lost}, trace);
    made.story->headline = plan.name(wait.after) + " (" + made.step + ") can stop the work of " +
                           plan.name(wait.before) + " (" + made.other + ")";
    made.story->sentence = "the work never ends, for it needs until then what is gone: " +
                           why_not(plan.model(), lasts, state);
  }

  std::string why_free(const Wait& wait) const {
    const GroundAction& one = original_.ground.action(wait.before);
    const GroundAction& other = original_.ground.action(wait.after);
    const std::set<Variable> both =
        common(written(one.outcomes.front()), written(other.outcomes.front()));
    if (!both.empty())
      return "both write " + listed(original_.model, both) +
             ", and nothing in the plan tells who was last";
    return "every property is proved in that order, too";
  }

  /// Why the step needs the other's request, and not its end.
  std::string why_request_suffices(const Wait& wait) const {
    const GroundAction& before = original_.ground.action(wait.before);
    const GroundAction& after = original_.ground.action(wait.after);
    std::set<Variable> changes = written(after.request);
    changes.merge(written(after.outcomes.front()));
    const std::set<Variable> spoilt = common(guarded(before), changes);
    std::set<Variable> reads = guarded(after);
    const std::set<Variable> wanted = common(reads, written(before.outcomes.front()));
    std::string text;
    if (!spoilt.empty())
      text = made_of(wait.before) + " needs " + listed(original_.model, spoilt) +
             " when it is requested; its work goes on without, in the model";
    if (!wanted.empty())
      text += (text.empty() ? "" : "; ") + listed(original_.model, wanted) + " of " +
              made_of(wait.before) + " suits " + made_of(wait.after) + " before the end, too";
    return text.empty() ? "every property is proved when it waits for the request only" : text;
  }

  std::string made_of(std::size_t step) const {
    return original_.ground.name(step) + " (" + original_.ground.id(step) + ")";
  }

  const Original& original_;
  MutantKind kind_;
};

}  // namespace

void mutate_edges(const Original& original, MutantKind kind, std::vector<Mutant>& into) {
  EdgeMutator(original, kind).run(into);
}

}  // namespace wme::model
