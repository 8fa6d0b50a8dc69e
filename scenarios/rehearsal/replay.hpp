#pragma once

#include "executor/journal/journal.hpp"
#include "model/language/ground.hpp"
#include "model/planner/plan.hpp"

namespace wme::scenarios {

/// Replays a journal through the model's own transition function, from the model's initial state:
/// every intent must be a step that the model allows then. Errors: kFailed with the entry that is
/// not, and why: a defect in the executor or in the model.
Status replays(const model::GroundModel& model, const model::Plan& plan,
               const executor::Journal& journal);

}  // namespace wme::scenarios
