#pragma once

#include <vector>

#include "model/language/ground.hpp"
#include "model/planner/planner.hpp"

namespace wme::model {

/// One sequence of actions from the initial state to the goals, found by working backwards: for
/// what does not hold, take the action that brings it about, and first bring about its guard. Each
/// action is taken to end well. The sequence is only raw material: order.hpp keeps of its order
/// what the guards need. Error kInvalid: the first goal, or guard, that nothing can bring about.
Result<std::vector<GroundAction>> sequence_to(const GroundModel& model,
                                              const std::vector<Goal>& goals);

}  // namespace wme::model
