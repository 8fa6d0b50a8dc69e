#include "model/wme/actions.hpp"

#include <map>
#include <utility>

#include "model/wme/actions/groups.hpp"
#include "model/wme/rules.hpp"

namespace wme::model {

namespace {

std::vector<Action> every_group() {
  std::vector<Action> all;
  for (auto* group :
       {installation_actions, container_actions, instance_actions, platform_actions,
        machine_actions, backup_actions, store_actions, installer_actions, environment_actions})
    for (Action& action : group()) all.push_back(std::move(action));
  return all;
}

std::vector<Condition> full_guard(const Action& action) {
  std::vector<Condition> guard = action.guard;
  for (const Rule& rule : all_rules())
    for (const OrderingRule& order : rule.before)
      for (const std::string& name : order.actions)
        if (name == action.name)
          guard.push_back({order.formula, order.sentence, Enforcer::kRule, rule.id});
  return guard;
}

}  // namespace

const std::vector<Action>& all_actions() {
  static const std::vector<Action> all = every_group();
  return all;
}

const Action* find_action(std::string_view name) {
  for (const Action& action : all_actions())
    if (action.name == name) return &action;
  return nullptr;
}

const std::vector<Condition>& guard_of(const Action& action) {
  static const std::map<std::string, std::vector<Condition>> guards = [] {
    std::map<std::string, std::vector<Condition>> made;
    for (const Action& each : all_actions()) made[each.name] = full_guard(each);
    return made;
  }();
  return guards.at(action.name);
}

}  // namespace wme::model
