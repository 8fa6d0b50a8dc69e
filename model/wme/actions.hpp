#pragma once

#include <string_view>
#include <vector>

#include "model/language/action.hpp"

namespace wme::model {

/// Every action of WME, in the order of the runbook. An action with a runbook id may stand in a
/// plan; one without is possible through some door all the same, and environment actions happen by
/// themselves. The guard holds what the systems themselves enforce and documented order without a
/// number; the numbered rules are added from the table in model/wme/rules.hpp by `guard_of`.
const std::vector<Action>& all_actions();

/// Null when there is no such action.
const Action* find_action(std::string_view name);

/// The action's own conditions, then those that the rules attach to it.
const std::vector<Condition>& guard_of(const Action& action);

}  // namespace wme::model
