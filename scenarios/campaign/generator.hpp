#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "scenarios/campaign/course.hpp"

namespace wme::scenarios {

/// What happens in each run of a campaign: by course, seed and number of the run alone, so that any
/// shard, thread or replay comes to the same schedule. Run 1 is undisturbed; then comes, one by one
/// and in an order of the seed, every kind of fault at every step where the model allows it; from
/// then on swarms: each run has some kinds of faults only, and one fault or several of them.
///
/// Not rapidcheck's generators: those draw from one stream for a whole property, on one thread, and
/// a failure is found again only by the very code that found it.
class Generator {
 public:
  Generator(const Course& course, std::uint64_t seed);
  /// `run` counts from 1.
  Schedule schedule(std::uint64_t run) const;
  /// After so many runs every pair was tried.
  std::uint64_t systematic_runs() const { return order_.size() + 1; }

 private:
  class Chance;
  PlannedFault planned(const Pair& pair, Chance& chance) const;
  Schedule swarm(Chance& chance) const;

  const Course& course_;
  std::uint64_t seed_;
  std::vector<Pair> order_;  ///< those that a schedule can bring about
  std::array<std::vector<Pair>, kFaultKinds> by_kind_;
};

}  // namespace wme::scenarios
