#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/campaign/trial.hpp"

/// What is wrong with a run that is over, by what the world itself says.
namespace wme::scenarios {

/// Adds to `result` the breaches that the world shows, and the safe stop that the run ended in. Its
/// goal, reason and met faults stand there already. `stops` are the model's safe stops, in their
/// order, of the world's model. The world is locked by the caller.
void judge(const Course& course, const simulators::World& world,
           const std::vector<model::GroundFormula>& stops, TrialResult& result);

/// By action with its arguments: requests that may have left something behind. Those that failed or
/// were lost are over.
std::map<std::string, int> requests_of(const simulators::World& world);

}  // namespace wme::scenarios
