#include "model/mutation/mutants.hpp"

#include <utility>

#include "model/mutation/trial.hpp"

namespace wme::model {

std::string_view to_string(MutantKind kind) {
  switch (kind) {
    case MutantKind::kDeletedEdge:
      return "deleted-edge";
    case MutantKind::kSwappedSteps:
      return "swapped-steps";
    case MutantKind::kDroppedWait:
      return "dropped-wait";
    case MutantKind::kDroppedCondition:
      return "dropped-condition";
    case MutantKind::kWeakenedEffect:
      return "weakened-effect";
  }
  return "?";
}

std::optional<MutantKind> mutant_kind_from(std::string_view text) {
  for (const MutantKind kind : kEveryMutantKind)
    if (to_string(kind) == text) return kind;
  return std::nullopt;
}

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::kCaught:
      return "caught";
    case Fate::kEquivalent:
      return "equivalent";
    case Fate::kUnexplained:
      return "unexplained";
  }
  return "?";
}

Result<std::vector<Mutant>> mutate(const GroundModel& model, const Plan& plan,
                                   const MutationOptions& options) {
  const Result<GroundPlan> ground = GroundPlan::of(model, plan);
  if (!ground) return ground.error();
  const PossibleValues values(ground.value(), ground.value().order());
  const Trial trial = tried(ground.value(), values, options.states_max);
  if (trial.verdict != Verdict::kProved || trial.hanging != Obligation::kNoStep)
    return Error{ErrorCode::kFailed, "the plan itself is " + std::string(to_string(trial.verdict)) +
                                         ", not proved: only a sound plan can be learnt from by "
                                         "spoiling it; see why with `rehydrate verify`"};
  const Original original{model, plan, ground.value(), values, options.states_max};
  std::vector<Mutant> mutants;
  for (const MutantKind kind : options.kinds) {
    if (kind == MutantKind::kDroppedCondition)
      drop_conditions(original, mutants);
    else if (kind == MutantKind::kWeakenedEffect)
      weaken_effects(original, mutants);
    else
      mutate_edges(original, kind, mutants);
  }
  return mutants;
}

}  // namespace wme::model
