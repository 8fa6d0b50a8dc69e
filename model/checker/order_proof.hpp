#pragma once

#include <vector>

#include "model/checker/possible_values.hpp"
#include "model/checker/property.hpp"

namespace wme::model {

/// What the order of a plan alone shows, for every interleaving of its steps and any size of fleet.
struct OrderProof {
  /// How often each kind of property was judged: one for each step and condition, one for each
  /// event and each state property that speaks of what it writes.
  std::size_t guards = 0;
  std::size_t invariants = 0;
  std::size_t goals = 0;
  std::size_t ends = 0;
  /// What the order does not show. Not yet refuted: the order may show too little (see
  /// PossibleValues); a witness makes it certain.
  std::vector<Obligation> open;
};

/// Judges, by the order of `values`: (a) each step's guard at its request, (b) each state property
/// right after each event that writes one of its variables, (c) each state property at the start,
/// (d) the goals once every step has ended, (e) that nobody overwrites what a step's end shows
/// while that may still be awaited. Sound: in a run that breaks a property there is a first event
/// that does, it writes one of the property's variables, and up to there every guard was open.
OrderProof prove_by_order(const GroundPlan& plan, const PossibleValues& values);

}  // namespace wme::model
