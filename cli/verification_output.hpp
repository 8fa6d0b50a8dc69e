#pragma once

#include <string>

#include "cli/console.hpp"
#include "model/checker/verdict.hpp"
#include "model/planner/plan.hpp"

namespace wme::cli {

/// The verdict first, then what it rests on: counterexamples, bounds, what no plan can show.
std::string verification_text(const Console& console, const model::Plan& plan,
                              const model::Verification& verification,
                              const model::FaultBudget& faults);
/// "rehydrate/verification/1".
std::string verification_json(const model::Plan& plan, const model::Verification& verification,
                              const model::FaultBudget& faults);

}  // namespace wme::cli
