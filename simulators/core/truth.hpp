#pragma once

#include <string>

#include "model/language/ground.hpp"
#include "model/wme/safe_stops.hpp"
#include "simulators/core/world.hpp"

/// The world as a state of the model: for whoever judges a run, and may see what nobody else can.
namespace wme::simulators {

/// What really is, ghosts too. `model` is of the world's installation, or of another procedure on
/// it. Hold World::enter() where others use the world, too.
model::State truth(const World& world, const model::GroundModel& model);

/// The declared safe stop in which the world is, the best one; null: in none.
const model::SafeStop* safe_stop(const World& world, const model::GroundModel& model);

/// Of an event's action, "check-health platform": a check or a visit, whose effects stand in our
/// journal and nowhere else, so that it may be made twice.
bool is_only_noted(const std::string& event);

}  // namespace wme::simulators
