#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/checker/faults.hpp"
#include "model/checker/findings.hpp"
#include "model/checker/ground_plan.hpp"
#include "model/checker/replay.hpp"

namespace wme::model {

/// What need not be looked at. None of it changes what is violated, and each can be switched off.
struct Reductions {
  /// With faults: each state property on the part of the plan that bears on it (slice.hpp). Those
  /// that symmetry makes one another are judged once.
  bool slices = true;
  /// Independent events are taken at once and alone (independence.hpp). A counterexample is then
  /// shortened by leaving out what it does not need.
  bool partial_order = true;
  /// Of states that become one another by exchanging containers or instances, one is looked at
  /// (symmetry.hpp).
  bool symmetry = true;

  static Reductions none() { return {false, false, false}; }
  bool operator==(const Reductions&) const = default;
};

struct ExploreOptions {
  std::size_t states_max = 2'000'000;
  FaultBudget faults;
  Reductions reductions;  ///< what one exploration can do of them: it makes no slices
  /// These two change nothing but the time it takes. Without a reduction, successors that another
  /// state leads to are not looked up twice (commutation.hpp).
  bool leave_to_others = true;
  unsigned threads = 1;
  /// Called for the states in which nothing more happens unless the environment acts: the values of
  /// its variables, the steps that still run and never end well, and how to get there. Each
  /// combination of the first two once at the least, level by level.
  using AtRest =
      std::function<void(const State& state, const std::vector<std::size_t>& running,
                         const std::function<Trace()>& trace)>;
  AtRest at_rest = {};
};

/// What was seen, and how much of it.
struct Exploration {
  std::size_t states = 0;  ///< that were looked at
  std::size_t transitions = 0;
  /// States that they stand for: themselves, and what they become by exchanging containers or
  /// instances. The largest number there is, if there are more.
  std::uint64_t states_stood_for = 0;
  std::size_t depth = 0;            ///< events on the longest way from the start that was looked at
  std::size_t bytes_per_state = 0;  ///< memory at its peak, by the number of states
  std::size_t state_bits = 0;       ///< what one state needs by itself
  std::size_t diagram_nodes = 0;    ///< of the set of all states; 0: each was visited by itself
  std::size_t ends = 0;             ///< states in which every step has ended
  /// States in which a fault has closed a guard, failed a step, or undone a goal at the end.
  std::size_t safe_stops = 0;
  bool complete = false;   ///< every reachable state was looked at; else a bound was met
  std::string stopped_by;  ///< why it is not complete
  std::size_t slices = 0;  ///< how many were explored instead of the whole plan (slice.hpp)
  std::size_t slice_steps_max = 0;           ///< of the widest
  Reductions reductions;                     ///< those that were made use of
  std::map<std::string, std::size_t> taken;  ///< events by action and outcome, "stop-docker: done"
  std::vector<std::string> never_requested;  ///< ids of steps
  /// By property; what the environment breaks has the key "WORK-1 of c5 by machine-lost studio-1".
  std::map<std::string, Reached> violations;
};

/// What breaks is what the environment may break: see Rule::accepted.
bool is_accepted(const GroundPlan& plan, const Reached& reached);

/// Breadth first through every reachable state of plan x the executor's policy x environment.
/// Without faults, a closed guard, a broken state property and a missed goal are violations. A step
/// that has failed stops the run: nothing more is requested. Once a fault has happened, a closed
/// guard is a safe stop as well, unless the step's work is found done, and so is an end in which a
/// goal does not hold: the executor looks at both. State properties are judged all the same. For a
/// budget that is not empty the plan must have its environment (GroundPlan::add_environment).
///
/// Every event raises the same measure of the state by one (a step that waits, runs, has ended; a
/// fault more). A state therefore occurs in one level of the search only, and a level's states can
/// be forgotten once they have been expanded: what stays is how each was reached.
Exploration explore(const GroundPlan& plan, const ExploreOptions& options);

}  // namespace wme::model
