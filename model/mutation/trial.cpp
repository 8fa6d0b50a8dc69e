#include "model/mutation/trial.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "model/checker/order_proof.hpp"
#include "model/checker/witness.hpp"
#include "model/language/interpreter.hpp"
#include "model/wme/rules.hpp"

namespace wme::model {

namespace {

/// The heavier the loss, the sooner it is told: lost data, corrupt data, whatever has a number.
int weight(const GroundPlan& plan, const Obligation& broken) {
  const Rule* rule = find_rule(properties_of(plan, broken).front());
  if (!rule) return 3;
  if (rule->loss.starts_with("DL")) return 0;
  return rule->loss.starts_with("CO") ? 1 : 2;
}

void heaviest_first(const GroundPlan& plan, std::vector<Obligation>& broken) {
  std::ranges::stable_sort(broken, std::less<>{},
                           [&](const Obligation& each) { return weight(plan, each); });
}

/// Those with the fewest steps before them first: their runs are the shortest.
std::vector<Obligation> nearest_first(const GroundPlan& plan, std::vector<Obligation> open) {
  std::vector<std::size_t> ancestors(plan.size(), 0);
  for (std::size_t b = 0; b < plan.size(); ++b)
    for (std::size_t a = 0; a < plan.size(); ++a)
      if (plan.order().before(a, b)) ++ancestors[b];
  std::ranges::stable_sort(open, std::less<>{}, [&](const Obligation& each) {
    return each.step == Obligation::kNoStep ? plan.size() : ancestors[each.step];
  });
  return open;
}

/// The same violation with fewer events, where there may be fewer.
Witness cut_short(const GroundPlan& plan, Witness found) {
  const PropertyKind kind = found.broken.front().kind;
  if (kind == PropertyKind::kGoal || kind == PropertyKind::kMaskedEnd ||
      kind == PropertyKind::kStart)
    return found;  // these are about the whole run
  heaviest_first(plan, found.broken);
  found.trace = shortened(plan, std::move(found.trace), found.broken.front());
  if (const std::optional<ReplayEnd> end = replayed(plan, found.trace)) found.broken = end->broken;
  heaviest_first(plan, found.broken);
  return found;
}

std::optional<Witness> shortest_witness(const GroundPlan& plan, const PossibleValues& values,
                                        const std::vector<Obligation>& open) {
  constexpr std::size_t kPlacesMax = 40;
  // To cut one short takes most of the time; the nearest is seldom far from the shortest.
  constexpr std::size_t kStepsOfAFewMax = 150;
  const int found_max = plan.size() <= kStepsOfAFewMax ? 4 : 1;
  WitnessSearch search(plan, values);
  std::optional<Witness> best;
  int found = 0;
  std::size_t places = 0;
  for (const Obligation& each : nearest_first(plan, open)) {
    if (found == found_max || places++ == kPlacesMax) break;
    std::optional<Witness> witness = search.find(each);
    if (!witness) continue;
    ++found;
    Witness shorter = cut_short(plan, std::move(*witness));
    const auto rank = [&](const Witness& one) {
      return std::tuple(one.trace.size(), weight(plan, one.broken.front()));
    };
    if (!best || rank(shorter) < rank(*best)) best = std::move(shorter);
  }
  return best;
}

Trial explored(const GroundPlan& plan, std::size_t states_max) {
  ExploreOptions options;
  options.states_max = states_max;
  Exploration seen = explore(plan, options);
  Trial trial;
  for (auto& [key, reached] : seen.violations)
    if (trial.verdict != Verdict::kRefuted || reached.trace.size() < trial.trace.size()) {
      trial.verdict = Verdict::kRefuted;
      trial.broken = std::move(reached.broken);
      trial.trace = std::move(reached.trace);
    }
  if (trial.verdict == Verdict::kRefuted) return trial;
  if (seen.complete) trial.verdict = Verdict::kExplored;
  trial.how = seen.stopped_by;
  return trial;
}

/// A step whose work may lose what it needs throughout.
std::size_t hanging_step(const GroundPlan& plan, const PossibleValues& values) {
  for (const std::size_t step : values.order().topological())
    if (values.judge_before(end_event_of(step), plan.action(step).lasts) != Truth::kTrue)
      return step;
  return Obligation::kNoStep;
}

}  // namespace

Trial tried(const GroundPlan& plan, const PossibleValues& values, std::size_t states_max) {
  const OrderProof proof = prove_by_order(plan, values);
  Trial trial;
  trial.hanging = hanging_step(plan, values);
  if (proof.open.empty()) {
    trial.verdict = Verdict::kProved;
    return trial;
  }
  if (std::optional<Witness> found = shortest_witness(plan, values, proof.open)) {
    trial.verdict = Verdict::kRefuted;
    trial.broken = std::move(found->broken);
    trial.trace = std::move(found->trace);
    return trial;
  }
  // An end that is overwritten is nothing that exploration looks for.
  const bool only_ends = std::ranges::all_of(
      proof.open, [](const Obligation& each) { return each.kind == PropertyKind::kMaskedEnd; });
  const std::size_t hanging = trial.hanging;
  trial = only_ends ? Trial{} : explored(plan, states_max);
  trial.hanging = hanging;
  return trial;
}

void conclude(Mutant& mutant, const GroundPlan& plan, const PossibleValues& values, Trial trial) {
  if (trial.verdict == Verdict::kRefuted) {
    mutant.fate = Fate::kCaught;
    mutant.story = tell(plan, values, trial.broken, std::move(trial.trace));
    mutant.property = mutant.story->property;
    for (const Obligation& each : trial.broken)
      for (const std::string& property : properties_of(plan, each))
        if (property != mutant.property &&
            std::ranges::find(mutant.story->also, property) == mutant.story->also.end())
          mutant.story->also.push_back(property);
    return;
  }
  if (trial.verdict == Verdict::kUndecided) {
    mutant.why = trial.how.empty() ? "the order of the steps does not show it, and no run was found"
                                   : trial.how;
    return;
  }
  if (trial.hanging != Obligation::kNoStep)
    mutant.why = "every property holds, but the work of " + plan.id(trial.hanging) +
                 " may lose what it needs until it ends";
}

std::string way_between(const Plan& plan, const PlanOrder& order, std::size_t a, std::size_t b) {
  if (!order.before(a, b)) return "";
  std::string text = plan.steps[b].id;
  for (std::size_t at = b; at != a;) {
    std::size_t next = a;
    for (const std::size_t each : order.predecessors()[at])
      if (each == a || order.before(a, each)) next = each;
    for (const std::size_t each : order.predecessors()[at])
      if (each == a) next = a;
    at = next;
    text.insert(0, plan.steps[at].id + " → ");
  }
  return text;
}

}  // namespace wme::model
