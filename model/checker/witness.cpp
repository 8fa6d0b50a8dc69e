#include "model/checker/witness.hpp"

#include <algorithm>

namespace wme::model {

namespace {

void append(Trace& trace, const Trace& more) {
  trace.insert(trace.end(), more.begin(), more.end());
}

/// Each of the steps from request to end.
Trace carried_out(const std::vector<std::size_t>& steps) {
  Trace trace;
  for (const std::size_t step : steps) append(trace, {requests(step), ends(step)});
  return trace;
}

Trace all_requested(const std::vector<std::size_t>& steps) {
  Trace trace;
  for (const std::size_t step : steps) trace.push_back(requests(step));
  return trace;
}

Trace all_ended(const std::vector<std::size_t>& steps) {
  Trace trace;
  for (const std::size_t step : steps) trace.push_back(ends(step));
  return trace;
}

std::vector<bool> minus(std::vector<bool> set, const std::vector<bool>& other) {
  for (std::size_t i = 0; i < set.size(); ++i) set[i] = set[i] && !other[i];
  return set;
}

}  // namespace

WitnessSearch::WitnessSearch(const GroundPlan& plan, const PossibleValues& values)
    : plan_(plan), values_(values) {}

std::optional<Witness> WitnessSearch::find(const Obligation& open) {
  if (open.kind == PropertyKind::kStart) return Witness{{open}, {}};
  if (open.kind == PropertyKind::kGoal) return find_goal(open);
  if (open.kind == PropertyKind::kMaskedEnd) return find_masked(open);
  if (std::optional<Witness> found = find_alone(open)) return found;
  constexpr std::size_t kSinglesMax = 24;
  constexpr std::size_t kPairedMax = 6;
  Steps others = others_that_matter(open);
  if (others.size() > kSinglesMax) others.resize(kSinglesMax);
  for (const std::size_t other : others)
    if (std::optional<Witness> found = find_with(open, {other})) return found;
  for (std::size_t i = 0; i < std::min(others.size(), kPairedMax); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (std::optional<Witness> found = find_with(open, {others[j], others[i]})) return found;
  return std::nullopt;
}

std::optional<Witness> WitnessSearch::find_alone(const Obligation& open) {
  std::vector<bool> before = with_ancestors({open.step});
  before[open.step] = false;
  Trace trace = carried_out(in_order(plan_.order(), before));
  append(trace, target(open));
  return run(trace);
}

std::optional<Witness> WitnessSearch::find_with(const Obligation& open, const Steps& others) {
  const PlanOrder& order = plan_.order();
  if (others.size() == 2 &&
      (order.before(others[0], others[1]) || order.before(others[1], others[0])))
    return std::nullopt;  // the later one alone takes the earlier one with it
  std::vector<bool> mine = with_ancestors({open.step});
  mine[open.step] = false;
  std::vector<bool> theirs = with_ancestors(others);
  for (const std::size_t other : others) theirs[other] = false;
  const Trace first = carried_out(in_order(order, mine));
  const Trace then_theirs = carried_out(in_order(order, minus(theirs, mine)));
  const Trace first_theirs = carried_out(in_order(order, theirs));
  const Trace then_mine = carried_out(in_order(order, minus(mine, theirs)));
  const Trace request = all_requested(others);
  const Trace end = all_ended(others);
  const Trace at_last = target(open);
  std::vector<std::vector<const Trace*>> schedules = {
      {&first, &then_theirs, &request, &at_last},
      {&first, &then_theirs, &request, &end, &at_last},
      {&first_theirs, &request, &then_mine, &at_last},
      {&first_theirs, &request, &end, &then_mine, &at_last},
      {&first_theirs, &request, &then_mine, &end, &at_last}};
  Trace mine_requested = {requests(open.step)};
  Trace mine_ended = {ends(open.step)};
  if (!open.at_request) {
    schedules.push_back({&first, &then_theirs, &mine_requested, &request, &mine_ended});
    schedules.push_back({&first, &then_theirs, &mine_requested, &request, &end, &mine_ended});
    schedules.push_back({&first, &then_theirs, &request, &mine_requested, &end, &mine_ended});
  }
  for (const std::vector<const Trace*>& schedule : schedules) {
    Trace trace;
    for (const Trace* part : schedule) append(trace, *part);
    if (std::optional<Witness> found = run(trace)) return found;
  }
  return std::nullopt;
}

/// A goal is lost by who writes last: let each writer of its variables come as late, and as early,
/// as the order allows.
std::optional<Witness> WitnessSearch::find_goal(const Obligation& open) {
  const PlanOrder& order = plan_.order();
  const std::vector<bool> all(plan_.size(), true);
  if (std::optional<Witness> found = run(carried_out(in_order(order, all)))) return found;
  constexpr std::size_t kWritersMax = 24;
  Steps writers = others_that_matter(open);
  if (writers.size() > kWritersMax) writers.resize(kWritersMax);
  for (const std::size_t writer : writers) {
    std::vector<bool> late(plan_.size(), false);
    for (std::size_t step = 0; step < plan_.size(); ++step)
      late[step] = step == writer || order.before(writer, step);
    const std::vector<bool> early = with_ancestors({writer});
    for (const std::vector<bool>& first : {minus(all, late), early}) {
      Trace trace = carried_out(in_order(order, first));
      append(trace, carried_out(in_order(order, minus(all, first))));
      if (std::optional<Witness> found = run(trace)) return found;
    }
  }
  return std::nullopt;
}

std::optional<Witness> WitnessSearch::find_masked(const Obligation& open) {
  const std::size_t other = open.index;
  std::vector<bool> before = with_ancestors({open.step, other});
  before[open.step] = before[other] = false;
  const Trace first = carried_out(in_order(plan_.order(), before));
  const Trace endings[] = {{requests(open.step), ends(open.step), requests(other)},
                           {requests(open.step), ends(open.step), requests(other), ends(other)},
                           {requests(open.step), requests(other), ends(open.step), ends(other)},
                           {requests(other), requests(open.step), ends(open.step), ends(other)}};
  for (const Trace& ending : endings) {
    Trace trace = first;
    append(trace, ending);
    if (std::optional<Witness> found = run(trace)) return found;
    const std::optional<ReplayEnd> end = replayed(plan_, trace);
    if (!end) continue;
    for (const GroundEffect& effect : plan_.action(open.step).outcomes.front())
      if (effect.target == open.variable && effect.when.is_true() &&
          end->state[open.variable] != effect.value)
        return Witness{{open}, std::move(trace)};
  }
  return std::nullopt;
}

/// Stops at the first event that breaks anything; none when the trace is no run, or breaks nothing.
std::optional<Witness> WitnessSearch::run(const Trace& trace) {
  Replay replay(plan_);
  Witness witness;
  for (const Happening& happening : trace) {
    if (!replay.possible(happening)) return std::nullopt;
    ++events_;
    witness.trace.push_back(happening);
    witness.broken = replay.take(happening);
    if (!witness.broken.empty()) return witness;
  }
  if (replay.all_done()) witness.broken = replay.missed_goals();
  if (witness.broken.empty()) return std::nullopt;
  return witness;
}

/// Steps that may run at the same time and write what keeps the formula from being certain. At the
/// end of the plan: every writer.
WitnessSearch::Steps WitnessSearch::others_that_matter(const Obligation& open) const {
  const bool at_end = open.kind == PropertyKind::kGoal;
  std::vector<Variable> variables;
  collect_variables(*formula_of(plan_, open), variables);
  std::vector<bool> seen(plan_.size(), false);
  Steps others;
  for (const Variable variable : variables)
    for (const std::uint32_t position : values_.writes_to(variable)) {
      const PossibleWrite& write = values_.write(position);
      const std::size_t step = step_of(write.event);
      if (write.values == 0 || seen[step]) continue;
      if (!at_end && !concurrent(plan_.order(), step, open.step)) continue;
      seen[step] = true;
      others.push_back(step);
    }
  return others;
}

std::vector<bool> WitnessSearch::with_ancestors(const Steps& steps) const {
  std::vector<bool> set(plan_.size(), false);
  for (const std::size_t step : steps) set[step] = true;
  const std::vector<std::size_t>& topological = plan_.order().topological();
  for (std::size_t i = topological.size(); i-- > 0;)
    if (set[topological[i]])
      for (const std::size_t before : plan_.order().predecessors()[topological[i]])
        set[before] = true;
  return set;
}

Trace WitnessSearch::target(const Obligation& open) const {
  if (open.at_request) return {requests(open.step)};
  return {requests(open.step), ends(open.step)};
}

Trace shortened(const GroundPlan& plan, Trace trace, const Obligation& broken) {
  const auto still_breaks = [&](const Trace& shorter) {
    const std::optional<ReplayEnd> end = replayed(plan, shorter);
    return end && std::ranges::find(end->broken, broken) != end->broken.end();
  };
  // An end first, then its request: what an event makes possible comes after it.
  for (std::size_t i = trace.empty() ? 0 : trace.size() - 1; i-- > 0;) {
    Trace shorter = trace;
    const Happening gone = trace[i];
    std::erase_if(shorter, [&](const Happening& each) {
      return each == gone || (gone.kind == Happening::Kind::kRequest &&
                              each.kind == Happening::Kind::kOutcome && each.what == gone.what);
    });
    if (!still_breaks(shorter)) continue;
    i = std::min(i, shorter.size());
    trace = std::move(shorter);
  }
  return trace;
}

}  // namespace wme::model
