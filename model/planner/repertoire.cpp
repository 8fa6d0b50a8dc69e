#include "model/planner/repertoire.hpp"

#include "model/wme/actions.hpp"
#include "model/wme/safe_stops.hpp"

namespace wme::model {

Actions::Actions(const GroundModel& model, Repertoire repertoire) : model_(&model) {
  for (const Action& each : all_actions())
    if (!each.runbook.empty()) kinds_.push_back(&each);
  if (repertoire == Repertoire::kProcedures) return;
  for (const std::string& name : actions_of_ways_back()) kinds_.push_back(find_action(name));
}

const GroundAction* Actions::ground(const Action& action, const std::vector<Entity>& arguments) {
  const auto [at, is_new] = grounded_.try_emplace({&action, arguments});
  if (is_new) at->second = model_->ground(action, arguments);
  return at->second ? &*at->second : nullptr;
}

const std::vector<const GroundAction*>& Actions::all() {
  if (all_.empty())
    for (const Action* kind : kinds_)
      for (const std::vector<Entity>& choice : model_->choices(*kind))
        if (const GroundAction* each = ground(*kind, choice)) all_.push_back(each);
  return all_;
}

}  // namespace wme::model
