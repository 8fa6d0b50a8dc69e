#pragma once

#include <string>

#include "model/planner/repertoire.hpp"

namespace wme::model {

/// Which values each variable can ever take from a state on, when every action ends well: more than
/// it really can, since a value once taken counts as kept (the delete relaxation of planning,
/// Bonet and Geffner 2001). So what it rules out is impossible, for a fleet of any size, and what
/// it allows need not be possible.
class Reach {
 public:
  Reach(Actions& actions, const State& from);

  bool may_be(Variable variable, Mask values) const { return (masks_[variable] & values) != 0; }
  bool may_hold(const GroundFormula& formula) const;
  /// The leaf that rules it out, as "setup(platform-new) never becomes absent"; "" if it may hold.
  std::string why_never(const GroundFormula& formula) const;

 private:
  bool add(const std::vector<GroundEffect>& effects);

  const GroundModel& model_;
  std::vector<Mask> masks_;  ///< by variable
};

}  // namespace wme::model
