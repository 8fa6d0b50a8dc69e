#pragma once

#include <string>
#include <vector>

#include "model/checker/faults.hpp"
#include "model/checker/ground_plan.hpp"

namespace wme::model {

/// A plan, the executor's policy and the environment in SPIN's language, so that a checker that
/// shares no line with ours can explore the same states (Holzmann, The SPIN Model Checker).
struct Promela {
  /// One process; each event of ours is one d_step. SPIN stores each of our states once, and one
  /// state more: the one before the start, from which it judges the state properties as the
  /// installation is found. For `spin -a -o2`: without -o2 SPIN takes variables that nobody reads
  /// out of the state.
  std::string text;
  /// An assertion speaks of `told[N]`: entry N is what is broken, as a key of
  /// Exploration::violations.
  std::vector<std::string> properties;
  /// No run has more transitions: for `pan -m`.
  std::size_t depth_max = 0;
};

/// States that SPIN stores beside ours.
inline constexpr std::size_t kPromelaStatesBeside = 1;

/// Written from the ground plan, not from what the explorer compiles it to, and judged differently:
/// an event breaks a property when the property holds before it and its weakest precondition does
/// not. For a budget that is not empty the plan must have its environment
/// (GroundPlan::add_environment).
Promela to_promela(const GroundPlan& plan, const FaultBudget& budget);

/// The same without faults, and with the partial order reduction of explore(): an independent event
/// (independence.hpp) that is possible is taken alone, the same of several. For plans whose states
/// are too many for SPIN; what it cannot judge is whether those events are independent.
Promela to_reduced_promela(const GroundPlan& plan);

}  // namespace wme::model
