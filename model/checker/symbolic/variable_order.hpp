#pragma once

#include <vector>

#include "model/checker/packed_plan.hpp"

namespace wme::model {

/// The fields of a packed state in an order that keeps together what events read and write
/// together: decision diagrams over it stay small. From the order of the steps, improved by FORCE
/// (Aloul, Markov, Sakallah 2003): each field moves to the centre of the events it has to do with.
std::vector<BitField> diagram_order(const PackedPlan& packed);

}  // namespace wme::model
