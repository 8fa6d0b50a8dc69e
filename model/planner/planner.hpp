#pragma once

#include "model/planner/plan.hpp"

namespace wme::model {

/// What a procedure is for: formulas that hold at its end, in the order they are brought about,
/// each with the words for it. Data: the planner knows nothing else about procedures.
struct Goal {
  Formula formula;
  std::string words;
};
std::vector<Goal> goals_of(Procedure procedure);

/// Derives the plan from the model: which steps, from the goals backwards through the guards; which
/// order, from what each guard reads and each step writes. As parallel as the rules allow, and no
/// edge that others imply. Deterministic. Error kInvalid: why no plan exists for this inventory.
Result<Plan> make_plan(const GroundModel& model);

/// The same from any state to any goals, of all actions that may lead back or on (repertoire.hpp):
/// to undo a run, to abort it to a safe stop, to go on after a surprise. What is under way in the
/// state counts as ended. Error kInvalid: why there is no way, or that none was found (way.hpp).
Result<Plan> make_plan(const GroundModel& model, const State& from, const std::vector<Goal>& goals,
                       std::vector<std::string> assumes);

/// What held of model/wme/safe_stops.hpp's business facts when the procedure began: where the
/// installation was.
std::vector<Goal> where_it_was(const GroundModel& model);

/// The installation with `state` as its beginning: for whoever plans, proves or replays from there.
Installation found_in(const GroundModel& model, const State& state);

}  // namespace wme::model
