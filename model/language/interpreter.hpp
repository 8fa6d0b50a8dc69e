#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/language/ground.hpp"
#include "model/result.hpp"

/// The one meaning of formulas and actions on a state.
namespace wme::model {

bool evaluate(const GroundFormula& formula, const State& state);

/// A condition of a guard that does not hold, in the operator's words.
struct Failure {
  std::string sentence;  ///< "a container is not parked: run(c17) is running"
  Enforcer enforcer = Enforcer::kSystem;
  std::string rule;
};
std::vector<Failure> failures(const GroundModel& model, const GroundAction& action,
                              const State& state);
/// Only the first of them; none: the action may be requested. For whoever asks again and again.
std::optional<Failure> first_failure(const GroundModel& model, const GroundAction& action,
                                     const State& state);
/// What is to be said of a condition of the action's guard that does not hold.
Failure failure_of(const GroundModel& model, const GroundAction& action,
                   const GroundCondition& condition, const State& state);

/// The effects, all judged on `state` as it is before any of them.
State applied(const std::vector<GroundEffect>& effects, const State& state);
/// In place, for whoever owns the one state; the variables that changed.
std::vector<Variable> apply(const std::vector<GroundEffect>& effects, State& state);

/// As if the action had been requested in `before`, whatever of it was seen since then: what it
/// changes for sure is taken back, and its request applied. An outcome's conditions speak of the
/// state before it, and a look may have shown its effects already.
void request_from(const GroundAction& action, const State& before, State& state);

/// The only way from one state to the next. Error kBlocked with the first failure of the guard.
Result<State> requested(const GroundModel& model, const GroundAction& action, const State& state);

/// The leaf that makes it false, as "run(c17) is running, not passivated"; empty if it holds.
std::string why_not(const GroundModel& model, const GroundFormula& formula, const State& state);

/// "passivate-container c17".
std::string name_of(const GroundModel& model, const GroundAction& action);
/// A sentence of the data with its {parameters} filled in; "{s.store}" is store(s).
std::string filled_in(const GroundModel& model, const Action& action,
                      const std::vector<Entity>& arguments, std::string_view sentence);
/// The same by whoever knows the name of what a term stands for; none leaves the parameter's own.
std::string filled_in(std::string_view sentence,
                      const std::function<std::optional<std::string>(const Term&)>& name);

/// What can be observed once the action's first outcome has come: its unconditional effects.
GroundFormula end_of(const GroundAction& action);

}  // namespace wme::model
