#pragma once

#include <string>
#include <vector>

#include "model/checker/ground_plan.hpp"

/// What a plan is checked for, and one way in which it can fail.
namespace wme::model {

enum class PropertyKind {
  kStart,      ///< a state property does not hold to begin with
  kGuard,      ///< a step is requested while a condition of its guard does not hold
  kInvariant,  ///< an event breaks a state property
  kGoal,       ///< every step has ended and a goal does not hold
  kMaskedEnd,  ///< a step that runs at the same time overwrites what another step waits to see
};

/// One property at one place of one plan.
struct Obligation {
  PropertyKind kind = PropertyKind::kGuard;
  std::size_t step = kNoStep;  ///< whose request or end it is judged at
  bool at_request = true;      ///< else at its end
  /// Of the guard's condition, the invariant or the goal; of the step that overwrites.
  std::size_t index = 0;
  Variable variable = 0;  ///< kMaskedEnd only
  bool operator==(const Obligation&) const = default;

  static constexpr std::size_t kNoStep = static_cast<std::size_t>(-1);
};

/// The ids of the properties that it is an instance of: "INV-05", "guard of stop-services",
/// "goal: developers may log in", "ends". Several when a condition serves several rules.
std::vector<std::string> properties_of(const GroundPlan& plan, const Obligation& obligation);
std::string guard_property(const std::string& action);
std::string goal_property(const std::string& words);
inline const std::string kEndsProperty = "ends";
/// Of whole runs: recovery.hpp judges where they come to rest.
inline const std::string kRecoverableProperty = "recoverable";

/// The rule ids in "INV-24, INV-45".
std::vector<std::string> rules_in(const std::string& text);

/// The environment action that breaks the rule is one that the rule accepts (Rule::accepted).
bool is_accepted(const GroundPlan& plan, const Obligation& broken, const GroundAction& by);

/// The formula that has to hold there; null for kMaskedEnd.
const GroundFormula* formula_of(const GroundPlan& plan, const Obligation& obligation);

}  // namespace wme::model
