#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "model/language/ground.hpp"
#include "model/language/interpreter.hpp"
#include "model/planner/plan.hpp"
#include "tests/support/fleets.hpp"

/// Plans taken through the model's own transition function, in any order that their edges allow.
namespace wme::tests {

/// One installation with one procedure ahead of it.
struct Setting {
  model::Procedure procedure = model::Procedure::kDehydrate;
  FleetShape shape;
};
std::string name_of(const Setting& setting);  ///< letters, digits and underscores

inline constexpr std::array kEveryProcedure = {
    model::Procedure::kDehydrate, model::Procedure::kRestore, model::Procedure::kRotate,
    model::Procedure::kUpgrade};

/// Each provider, choice of addresses and version; `procedure` ahead.
std::vector<Setting> settings_of(model::Procedure procedure, model::Provider provider);

std::unique_ptr<model::GroundModel> model_of(const Setting& setting);

/// Every action with every choice of its parameters.
std::vector<model::GroundAction> everything_possible(const model::GroundModel& model);

/// A plan with its grounded steps; ends the test program when there is none.
struct PlannedModel {
  std::string name;
  std::shared_ptr<const model::GroundModel> model;
  model::Plan plan;
  std::vector<model::GroundAction> steps;
  std::vector<model::GroundInvariant> invariants;
};
PlannedModel planned(const Setting& setting);

/// What a walk may look at after each change.
using Watch = std::function<void(const model::State& state, const std::string& after)>;

/// Requests and ends the steps in some order that the edges allow, many at the same time; the
/// random numbers choose. `watch` sees every state. What went wrong first, or "".
std::string walk_plan(const PlannedModel& planned, std::mt19937& random, const Watch& watch);

/// One moment of a walk that was laid down by hand.
struct Moment {
  std::size_t step = 0;
  bool is_end = false;  ///< or else its request
};
/// The first closed guard, broken invariant or missed goal; "" when all goes well.
std::string walk_moments(const PlannedModel& planned, const std::vector<Moment>& moments);

/// The invariants that do not hold, "INV-05 c1: ..."; "" when all do.
std::string broken_invariants(const std::vector<model::GroundInvariant>& invariants,
                              const model::State& state);

/// Every state of the plan's own order: before each step, and while it is under way.
std::vector<model::State> states_of(const PlannedModel& planned);

/// An index below `count`, the same for the same seed on every machine.
std::size_t any_below(std::mt19937& random, std::size_t count);

}  // namespace wme::tests
