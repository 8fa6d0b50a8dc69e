#pragma once

#include <string>
#include <vector>

#include "simulators/core/fidelity.hpp"

namespace wme::simulators {

/// The ledger of every simulated system: those of WaveMaker, the hosts, and each provider's API.
std::vector<FidelityLedger> fidelity_ledgers();

/// docs/FIDELITY.md, from them.
std::string fidelity_markdown();

}  // namespace wme::simulators
