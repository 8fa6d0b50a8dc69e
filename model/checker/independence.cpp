#include "model/checker/independence.hpp"

#include <algorithm>

#include "model/checker/make_set.hpp"

namespace wme::model {

namespace {

/// What events read and write, turned around: by variable, and by state property.
struct Touched {
  std::vector<std::vector<PlanEvent>> readers;
  std::vector<std::vector<PlanEvent>> writers;
  std::vector<std::vector<PlanEvent>> changers;  ///< per state property: who writes what it reads
};

struct ActionFootprint {
  std::vector<Variable> reads;
  std::vector<Variable> writes;
  std::vector<std::uint32_t> invariants;
};

ActionFootprint footprint_of(const GroundPlan& plan, PlanEvent event) {
  const GroundAction& action = plan.action(step_of(event));
  ActionFootprint made;
  if (is_request(event))
    for (const GroundCondition& condition : action.guard)
      collect_variables(condition.formula, made.reads);
  if (!is_request(event)) collect_variables(action.lasts, made.reads);
  for (const GroundEffect& effect : is_request(event) ? action.request : action.outcomes.front()) {
    collect_variables(effect.when, made.reads);
    made.writes.push_back(effect.target);
  }
  make_set(made.reads);
  make_set(made.writes);
  for (const Variable variable : made.writes) {
    const std::span<const std::uint32_t> about = plan.invariants_about(variable);
    made.invariants.insert(made.invariants.end(), about.begin(), about.end());
  }
  make_set(made.invariants);
  return made;
}

}  // namespace

std::vector<bool> independent_events(const GroundPlan& plan) {
  const std::size_t events = 2 * plan.size();
  Touched touched{std::vector<std::vector<PlanEvent>>(plan.model().variable_count()),
                  std::vector<std::vector<PlanEvent>>(plan.model().variable_count()),
                  std::vector<std::vector<PlanEvent>>(plan.invariants().size())};
  std::vector<ActionFootprint> footprints;
  for (PlanEvent event = 0; event < events; ++event) {
    const ActionFootprint& mine = footprints.emplace_back(footprint_of(plan, event));
    for (const Variable variable : mine.reads) touched.readers[variable].push_back(event);
    for (const Variable variable : mine.writes) touched.writers[variable].push_back(event);
    for (const std::uint32_t i : mine.invariants) touched.changers[i].push_back(event);
  }
  std::vector<bool> independent(events, true);
  for (PlanEvent event = 0; event < events; ++event) {
    const auto clash = [&](const std::vector<PlanEvent>& others) {
      return std::ranges::any_of(others, [&](PlanEvent other) {
        return concurrent(plan.order(), step_of(event), step_of(other));
      });
    };
    const ActionFootprint& mine = footprints[event];
    independent[event] =
        std::ranges::none_of(mine.reads, [&](Variable v) { return clash(touched.writers[v]); }) &&
        std::ranges::none_of(
            mine.writes,
            [&](Variable v) { return clash(touched.writers[v]) || clash(touched.readers[v]); }) &&
        std::ranges::none_of(mine.invariants,
                             [&](std::uint32_t i) { return clash(touched.changers[i]); });
  }
  return independent;
}

}  // namespace wme::model
