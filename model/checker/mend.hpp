#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/checker/possible_values.hpp"
#include "model/checker/replay.hpp"

namespace wme::model {

/// What would have to change in the plan so that this violation cannot happen.
struct Mend {
  enum class Kind {
    kEdge,      ///< `after` has to wait for `before`; today neither waits for the other
    kTooEarly,  ///< `after` has to wait for `before`, but the plan orders them the other way round
    kNothing,   ///< no step of the plan can bring about what is missing
  };
  Kind kind = Kind::kNothing;
  std::size_t before = Obligation::kNoStep;
  std::size_t after = Obligation::kNoStep;
  std::string because;  ///< "run(c3) = passivated": what has to hold, as in an edge of a plan
  /// kEdge: what the order does not show with the edge in place (see OrderProof::open). None: the
  /// edge is all that was missing in the whole plan.
  std::size_t still_open = 0;
};

/// A part of a formula that is false in a state, and one part of it that would make it true.
struct FalseLeaf {
  Variable variable = 0;
  Mask mask = 0;
};
/// In the order in which they are worth mending: of a disjunction the last first (in an
/// implication, that is its conclusion).
std::vector<FalseLeaf> false_leaves(const GroundFormula& formula, const State& state);

/// `trace` is a replayable run whose last event breaks all of `broken`. Of the edges that would
/// help, the one after which the least is left open.
Mend mend_for(const GroundPlan& plan, const PossibleValues& values,
              const std::vector<Obligation>& broken, const Trace& trace);

}  // namespace wme::model
