#pragma once

#include <limits>
#include <vector>

#include "model/planner/planner.hpp"
#include "model/planner/reach.hpp"
#include "model/planner/repertoire.hpp"

namespace wme::model {

/// How much is tried before the search gives up, and what it need not try.
struct SearchBounds {
  std::size_t tries_max = std::numeric_limits<std::size_t>::max();  ///< of actions
  const Reach* reach = nullptr;  ///< from the same state: what it rules out is not tried
};

/// One sequence of actions from the state to the goals, found by working backwards: for what does
/// not hold, take the action that brings it about, and first bring about its guard. Each action is
/// taken to end well. The sequence is only raw material: order.hpp keeps of its order what the
/// guards need. Not complete: that it finds none does not mean that there is none (way.hpp decides
/// that). Error kInvalid: the first goal, or guard, that it could not bring about.
Result<std::vector<GroundAction>> sequence_to(Actions& actions, const State& from,
                                              const std::vector<Goal>& goals,
                                              const SearchBounds& bounds);

}  // namespace wme::model
