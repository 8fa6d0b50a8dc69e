#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "model/language/ground.hpp"

namespace wme::model {

/// Which actions a plan may be made of.
enum class Repertoire {
  kProcedures,  ///< those of the runbook
  kWaysBack,    ///< and those that lead back, or on from the middle (model/wme/safe_stops.hpp)
};

/// The actions of a repertoire for one installation, each grounded once, when it is first asked
/// for: of a large fleet's, a plan needs a part.
class Actions {
 public:
  Actions(const GroundModel& model, Repertoire repertoire);

  const GroundModel& model() const { return *model_; }
  /// In the order of the runbook; those of ways back after them.
  const std::vector<const Action*>& kinds() const { return kinds_; }
  /// Null when it does not apply there.
  const GroundAction* ground(const Action& action, const std::vector<Entity>& arguments);
  /// With every choice of arguments, in a fixed order.
  const std::vector<const GroundAction*>& all();

 private:
  const GroundModel* model_;
  std::vector<const Action*> kinds_;
  std::map<std::pair<const Action*, std::vector<Entity>>, std::optional<GroundAction>> grounded_;
  std::vector<const GroundAction*> all_;
};

}  // namespace wme::model
