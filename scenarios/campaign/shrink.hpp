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

/// A failure that was made small, and where its scenario was written.
struct ShrunkFailure {
  std::uint64_t run = 0;
  std::string file;
  std::size_t containers = 0;
  std::size_t faults = 0;
  std::string options = {};  ///< what else its command needs: " --durations measured.yaml"
};
/// "rehydrate rehearse campaign/run-134.yaml  (1 container, 1 fault)".
std::string text_of(const ShrunkFailure& failure);

/// The inventory with some of its containers, and with the instances and shards that they need.
model::Inventory with_containers(const model::Inventory& inventory,
                                 const std::vector<std::size_t>& kept);

}  // namespace wme::scenarios
