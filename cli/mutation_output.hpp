#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "model/mutation/mutants.hpp"
#include "model/planner/plan.hpp"

/// What `rehydrate mutate` prints.
namespace wme::cli {

/// The counts, then each step with what goes wrong when it does not wait, then the model's
/// conditions and effects.
std::string mutation_text(const Console& console, const model::Plan& plan,
                          const std::vector<model::Mutant>& mutants);
/// `rehydrate/mutation/1`.
std::string mutation_json(const model::Plan& plan, const std::vector<model::Mutant>& mutants);

}  // namespace wme::cli
