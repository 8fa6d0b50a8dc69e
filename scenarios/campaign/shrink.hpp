#pragma once

#include "scenarios/campaign/trial.hpp"

namespace wme::scenarios {

/// A failing run, as small as it still fails in the same respect.
struct Shrunk {
  model::Inventory inventory;
  Schedule schedule;
  std::vector<Breach> breaches;
  int trials = 0;  ///< that it took
};

/// Fewest faults first, then the fewest containers and instances, then the earliest occurrences.
/// Deterministic; at most kShrinkTrialsMax trials. `schedule` must fail on the course.
Shrunk shrink(const Course& course, const Schedule& schedule, const PortWrap& planted = {});
inline constexpr int kShrinkTrialsMax = 2000;

/// The inventory with some of its containers, and with the instances and shards that they need.
model::Inventory with_containers(const model::Inventory& inventory,
                                 const std::vector<std::size_t>& kept);

}  // namespace wme::scenarios
