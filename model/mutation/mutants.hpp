#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/checker/counterexample.hpp"

/// Does a proof mean anything? Spoil the plan, or the model that it is proved by, in one place, and
/// see whether the checker notices. What it notices is the story of why that place is there; what
/// it does not notice has to be shown to make no difference.
namespace wme::model {

enum class MutantKind {
  kDeletedEdge,   ///< a step does not wait for another
  kSwappedSteps,  ///< two steps, one waiting for the other, change places
  /// A step waits until the other is requested, no longer until it has ended. Encoded exactly: the
  /// other's end becomes a step of its own, for which everybody else waits.
  kDroppedWait,
  /// The model forgets a condition of an action's guard, and the steps of the plan are ordered
  /// again without it, as the planner orders them. Judged by the whole model.
  kDroppedCondition,
  /// The model forgets that an action makes a value so, in its request or its end. The plan is
  /// judged by that model: what the effect is for can no longer be shown.
  kWeakenedEffect,
};
inline constexpr std::array kEveryMutantKind = {
    MutantKind::kDeletedEdge, MutantKind::kSwappedSteps, MutantKind::kDroppedWait,
    MutantKind::kDroppedCondition, MutantKind::kWeakenedEffect};
std::string_view to_string(MutantKind kind);  ///< "deleted-edge", ...
std::optional<MutantKind> mutant_kind_from(std::string_view text);

enum class Fate {
  kCaught,       ///< a run breaks a property, and was replayed
  kEquivalent,   ///< every property holds all the same, and it is said why
  kUnexplained,  ///< neither: a bound was met, or no reason was found
};
std::string_view to_string(Fate fate);  ///< "caught", "equivalent", "unexplained"

struct Mutant {
  MutantKind kind = MutantKind::kDeletedEdge;
  std::string step;     ///< whose waiting is changed: "s16"; empty for a mutant of the model
  std::string other;    ///< for which it waits: "s10"
  std::string because;  ///< of the edge: "run(c3) = passivated"
  std::string action;   ///< of a mutant of the model: "stop-services"
  std::string what;     ///< of a mutant of the model: the condition's sentence, or the effect
  std::string rule;     ///< of the condition: "INV-05"; may be empty
  Fate fate = Fate::kUnexplained;
  std::string property;                 ///< that catches it
  std::optional<Counterexample> story;  ///< of a caught one: no event of it can be left out
  std::string why;                      ///< of an equivalent one; of an unexplained one: how far
};

struct MutationOptions {
  std::vector<MutantKind> kinds{kEveryMutantKind.begin(), kEveryMutantKind.end()};
  std::size_t states_max = 200'000;  ///< of one mutant that neither order nor runs decide
};

/// Every mutant of those kinds, in the order of the kinds, then of the plan. Deterministic. Errors:
/// kInvalid as GroundPlan::of; kFailed when the plan itself is not proved by the order of its
/// steps: then nothing can be learnt from spoiling it.
Result<std::vector<Mutant>> mutate(const GroundModel& model, const Plan& plan,
                                   const MutationOptions& options);

}  // namespace wme::model
