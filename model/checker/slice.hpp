#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/checker/explorer.hpp"

/// State properties under faults, for plans whose states nobody can count: each property is judged
/// on the part of the plan that bears on it.
///
/// A slice has the steps and the environment's actions that write the variables the property speaks
/// of, in the plan's order; of their guards it keeps what speaks of those variables alone. So it
/// can do whatever the plan can do, and perhaps more: what no run of the slice breaks, no run of
/// the plan does. What a run of the slice does break is tried in the whole plan. If the plan
/// refuses it, what refused it is added to the slice, and the search starts again
/// (counterexample-guided refinement, Clarke et al. 2000; with nothing left to add, the slice is
/// the plan).
namespace wme::model {

/// "WORK-1 of c5 by machine-lost studio-1": what the environment breaks without any plan.
using KeysWithoutPlan = std::set<std::string>;

struct SliceVerdict {
  bool complete = false;  ///< every reachable state of the last slice was looked at
  std::string stopped_by;
  std::size_t slices = 0;
  std::size_t states = 0;  ///< of all slices together
  std::size_t transitions = 0;
  std::size_t steps_max = 0;                  ///< of the widest
  std::uint64_t states_stood_for = 0;         ///< as Exploration::states_stood_for
  bool symmetry = false;                      ///< some slice had any
  std::map<std::string, Reached> violations;  ///< of the whole plan
  std::map<std::string, Reached>
      without_plan;  ///< those that were left out; of their traces, the last event alone
};

class Slices {
 public:
  /// The plan must have its environment, and outlive this.
  Slices(const GroundPlan& plan, const ExploreOptions& options, KeysWithoutPlan without);
  /// `invariant` is a position in GroundPlan::invariants().
  SliceVerdict judge(std::uint32_t invariant) const;

 private:
  const GroundPlan& plan_;
  ExploreOptions options_;
  KeysWithoutPlan without_;
  std::vector<std::set<Variable>> conditions_;  ///< what effects on each variable depend on
};

}  // namespace wme::model
