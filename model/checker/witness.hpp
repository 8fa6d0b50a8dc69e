#pragma once

#include <optional>
#include <vector>

#include "model/checker/possible_values.hpp"
#include "model/checker/replay.hpp"

namespace wme::model {

/// A concrete run whose last event breaks something. For kMaskedEnd the run itself is sound; after
/// it the end of `step` can no longer be seen.
struct Witness {
  std::vector<Obligation> broken;
  Trace trace;
};

/// Turns what the order does not show into a run that one can watch. It tries the runs in which the
/// step's predecessors come first, and then each single concurrent writer of what the formula reads
/// (only requested, or ended; early or late), then pairs of them. Whatever it finds has been
/// replayed by the interpreter; that it finds nothing proves nothing.
class WitnessSearch {
 public:
  WitnessSearch(const GroundPlan& plan, const PossibleValues& values);

  /// The witness may break something else than what was asked for: what counts is `broken`.
  std::optional<Witness> find(const Obligation& open);
  /// All searches together have replayed this many events.
  std::size_t events() const { return events_; }

 private:
  using Steps = std::vector<std::size_t>;
  std::optional<Witness> find_alone(const Obligation& open);
  std::optional<Witness> find_with(const Obligation& open, const Steps& others);
  std::optional<Witness> find_goal(const Obligation& open);
  std::optional<Witness> find_masked(const Obligation& open);
  std::optional<Witness> run(const Trace& trace);
  Steps others_that_matter(const Obligation& open) const;
  /// The steps themselves and all that they wait for, as a set.
  std::vector<bool> with_ancestors(const Steps& steps) const;
  Trace target(const Obligation& open) const;

  const GroundPlan& plan_;
  const PossibleValues& values_;
  std::size_t events_ = 0;
};

/// The same violation with fewer steps: leaves out, one by one, every step and every end that the
/// violation does not need. None of what is left can be left out alone.
Trace shortened(const GroundPlan& plan, Trace trace, const Obligation& broken);

}  // namespace wme::model
