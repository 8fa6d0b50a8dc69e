#pragma once

#include <string>
#include <string_view>

#include "model/json/api_profile.hpp"
#include "simulators/core/fidelity.hpp"

namespace wme::simulators {

/// What a mark of the API profile ("[script: IA]", "[assumed]") is as a source of the ledger:
/// "vendor script: IA". "" when it is none.
std::string source_of_mark(std::string_view provenance);

/// The ledger of a system that the API profile describes: its operations with their marks, then how
/// many of its names and words were seen and how many are assumed.
FidelityLedger profile_fidelity(std::string system, std::string about,
                                const model::SystemProfile& profile);

}  // namespace wme::simulators
