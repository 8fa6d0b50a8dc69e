#pragma once

#include <vector>

#include "model/checker/possible_values.hpp"

namespace wme::model {

/// Which events of a plan may be taken at once, and alone, wherever they are possible.
///
/// Such an event e commutes with everything that nothing orders against it: no event of a
/// concurrent step writes what e reads or writes, or reads what e writes; and no state property
/// speaks both of what e writes and of what such an event writes. In a run in which e comes later,
/// it can then be moved forward to where it became possible: every guard meets the same values as
/// before, and for each state property the same combinations of values occur, in the same order
/// (the concurrent events do not change what a property of e's reads, and e does not change what
/// theirs read). So trying e alone loses no closed guard, no broken state property and no end of a
/// run. A plan's events happen once each, so nothing can be put off for ever. (Peled's ample sets:
/// {e} satisfies C0-C3.) Holds without faults only: a fault may stop any step.
std::vector<bool> independent_events(const GroundPlan& plan);

}  // namespace wme::model
