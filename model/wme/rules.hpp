#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/language/action.hpp"

namespace wme::model {

/// "Before any of these actions is requested, this holds." The formula's free variables are the
/// parameters of the actions.
struct OrderingRule {
  std::vector<std::string> actions;
  Formula formula;
  std::string sentence;  ///< what an operator reads when it does not hold
};

/// How a rule of WME is kept; a rule may be kept in several ways.
enum class Enforcement {
  kStateProperty,  ///< holds in every reachable state
  kOrdering,       ///< a condition in the guard of actions
  kInputCheck,     ///< judged on the inventory or while planning
  kExecutor,       ///< how the executor and its drivers work
  kNotApplicable,
};
std::string_view to_string(Enforcement enforcement);

struct Rule {
  std::string id;         ///< "INV-05"; our own data-loss properties are "WORK-…"
  std::string statement;  ///< in the words of reference/wme.md, section 4
  std::string loss;       ///< what is lost when it breaks: "DL: ..."
  std::string source;
  std::vector<OrderingRule> before;
  Formula state;                                   ///< kTrue: none
  std::string state_sentence;                      ///< what is wrong in a state that breaks it
  Enforcement otherwise = Enforcement::kOrdering;  ///< for rules without any formula
  std::string how;                                 ///< where and how, or why not applicable
  /// An environment action that may break it, plan or no plan, and why that is accepted.
  std::string accepted = {};
  std::string accepted_why = {};
};

/// INV-01 … INV-64 in order, then the data-loss properties. The only place of each rule, but for
/// the conditions that the systems enforce themselves: those stand in their action and name the
/// rule.
const std::vector<Rule>& all_rules();
const Rule* find_rule(std::string_view id);

/// Every way in which the rule is kept, from the data.
std::vector<Enforcement> enforcements_of(const Rule& rule);
/// The actions that have a condition of this rule in their guard.
std::vector<std::string> actions_guarded_by(std::string_view rule_id);

}  // namespace wme::model
