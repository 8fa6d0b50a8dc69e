#pragma once

#include <set>
#include <string>
#include <vector>

#include "executor/engine/executor.hpp"
#include "model/planner/plan.hpp"

/// What can be done with a run that has stopped, each judged by the model.
namespace wme::executor {

/// Why the rest of the leg's plan does not lead from `state` to its goals when nothing goes wrong
/// any more: the first step whose guard stays closed, the rule that would be broken, the goal that
/// would be missed. Empty: it does. What is under way counts as ended; `without` are positions of
/// steps that are left out. `state` is what was seen; `steps` what the journal knows.
std::string why_not_on(const Leg& leg, const model::State& state,
                       const std::vector<StepHistory>& steps,
                       const std::set<std::size_t>& without = {});

/// A plan that leads elsewhere than the run was meant to.
struct Turn {
  std::string to;     ///< "abort" or "undo"
  std::string goal;   ///< for the journal: "old-platform-intact"
  std::string words;  ///< for people: what is so when it has been reached
  std::string next;   ///< what to do then; empty for "undo"
  model::Plan plan;   ///< ids begin with `prefix`; no step: the goals hold already
  std::vector<model::Goal> goals;
};

/// To the nearest declared safe stop (model/wme/safe_stops.hpp): the one with the fewest steps, of
/// equals the best. Nothing may be under way in the state. Error kBlocked: what is missing for
/// each.
Result<Turn> turn_to_safe_stop(const model::GroundModel& model, const model::State& state,
                               const std::string& prefix);
/// Back to where the installation was when the procedure began. Error kBlocked: why there is no
/// way.
Result<Turn> turn_to_the_start(const model::GroundModel& model, const model::State& state,
                               const std::string& prefix);
/// The goals of a turn that a journal names, for going on with it. Error kInvalid: unknown to the
/// model.
Result<std::vector<model::Goal>> goals_of_turn(const model::GroundModel& model,
                                               const std::string& to, const std::string& goal);

/// One thing that can be done next about a failed step, and what the model says of it.
struct Choice {
  std::string what;  ///< "retry", "skip", "undo", "abort"
  bool is_safe = false;
  std::string because;  ///< in words, also when it is safe
};
/// For a step that failed: again, without it, back to the start, to a safe stop.
std::vector<Choice> choices_for(const Leg& leg, const model::State& state,
                                const std::vector<StepHistory>& steps, std::size_t failed);

}  // namespace wme::executor
