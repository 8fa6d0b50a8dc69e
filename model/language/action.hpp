#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/language/formula.hpp"

namespace wme::model {

/// One change of one variable, or of one variable for each entity of a sort.
struct Effect {
  FluentTerm target;
  std::string value;
  Formula when = {};           ///< judged on the state before the change
  std::vector<Var> each = {};  ///< for each entity of these sorts ...
  Formula where = {};          ///< ... for which this rigid fact holds
};
Effect set(FluentTerm target, std::string value);
Effect set_if(Formula when, FluentTerm target, std::string value);
Effect for_each(Var variable, Formula where, Effect effect);

/// Who says no when a condition does not hold.
enum class Enforcer {
  kSystem,  ///< the system itself refuses the request, with its own error
  kRule,    ///< nobody but us: the system obeys and the damage is done (see `rule`)
};

struct Condition {
  Formula formula;
  std::string sentence;  ///< what an operator reads when it does not hold; may use {parameters}
  Enforcer enforcer = Enforcer::kSystem;
  std::string rule = {};  ///< "INV-05", or several: "INV-24, INV-45"
  /// The work needs it until it ends: without it the request comes to no good end.
  bool throughout = false;
};

/// The system through which an action is carried out.
enum class Door {
  kLaunchpad,
  kConfigWizard,
  kCloud,
  kHost,         ///< a command on a Linux host, over SSH
  kOperator,     ///< a person does it; its end is observable
  kExecutor,     ///< a check or a record that the executor itself makes
  kEnvironment,  ///< nobody of ours: users, crons, faults
};
std::string_view to_string(Door door);

struct Outcome {
  std::string name;  ///< "done" comes first; any other is a failure
  std::vector<Effect> effects;
};

/// Something that can be done to, or can happen to, an installation.
struct Action {
  std::string name;     ///< in plans, journal, traces: "passivate-container"
  std::string runbook;  ///< "A06", or several "B07/D02": rows of wme.md; empty: in no plan of ours
  Door door = Door::kExecutor;
  std::string imperative;  ///< the operator's sentence: "Park container {c} on the Platform"
  std::vector<Var> parameters;
  Formula applies;  ///< rigid: for which providers, roles, versions it exists
  std::vector<Condition> guard;
  std::vector<Effect> request;    ///< what changes when the request is accepted
  std::vector<Outcome> outcomes;  ///< what may become of it; never empty
  std::chrono::seconds typical{0};
  std::chrono::seconds deadline{60};
  std::string irreversible;  ///< why there is no cheap way back after it; empty if there is
  std::string source;        ///< "[doc: DR]", "[assumed]"
  std::string fault = {};    ///< environment only: the kind of fault that it is, for budgets
  /// Of several runbook rows, which one it is for which arguments (a rigid fact); else the first.
  std::vector<std::pair<Formula, std::string>> rows = {};
};

}  // namespace wme::model
