#pragma once

#include <string>
#include <vector>

#include "model/language/ground.hpp"

namespace wme::model {

/// What of a sequence's order has to stay, and why.
struct Need {
  std::size_t before = 0;  ///< position in the sequence
  std::string because;
};

/// For each action of the sequence, the ones that must have ended before it. Three reasons: its
/// guard (or the condition of an effect) reads what another wrote; it would change what another
/// still needs; both write the same variable. Edges that others imply are left out.
std::vector<std::vector<Need>> needed_order(const GroundModel& model, const State& from,
                                            const std::vector<GroundAction>& sequence);
inline std::vector<std::vector<Need>> needed_order(const GroundModel& model,
                                                   const std::vector<GroundAction>& sequence) {
  return needed_order(model, model.initial(), sequence);
}

}  // namespace wme::model
