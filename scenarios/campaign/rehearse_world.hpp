#pragma once

#include "scenarios/campaign/course.hpp"
#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// A scenario of level kWorld, rehearsed as a campaign does it, with the report of a rehearsal: so
/// that a run that a campaign found is replayed everywhere. Errors (kInvalid): inventory, plan, or
/// an operation that this level does not have.
Result<RehearsalReport> rehearse_on_the_world(const Scenario& scenario,
                                              const model::Inventory& inventory,
                                              const std::string& replay_command,
                                              const ChosenDurations& durations = {});

}  // namespace wme::scenarios
