#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/language/ground.hpp"
#include "simulators/core/world.hpp"

/// What a simulated installation shows after a run. Hold World::enter() where others use it, too.
namespace wme::tests {

/// How often each action was requested that leaves anything behind. A check or a visit, whose
/// effects stand in our journal and nowhere else, is none.
std::map<std::string, int> side_effects(const simulators::World& world);

/// "power(platform)=stopped" for all that is not known from a journal alone; ghosts, too.
std::vector<std::string> state_text(const simulators::World& world,
                                    const model::GroundModel& model);

/// The declared safe stop in which the installation is; empty: in none.
std::string safe_stop(const simulators::World& world, const model::GroundModel& model);

}  // namespace wme::tests
