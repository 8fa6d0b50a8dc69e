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

}  // namespace wme::model
