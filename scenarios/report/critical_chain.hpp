#pragma once

#include <vector>

#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// The steps that a phase had to wait for, one after the other: from the step that ended last back
/// through, each time, the predecessor that ended last. Making anything else faster would not have
/// made the phase shorter. Indices into `phase.steps`, in order of time.
std::vector<std::size_t> critical_chain(const Phase& phase);

}  // namespace wme::scenarios
