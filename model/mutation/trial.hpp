#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/checker/ground_plan.hpp"
#include "model/checker/possible_values.hpp"
#include "model/checker/verdict.hpp"
#include "model/mutation/mutants.hpp"

/// What the mutants of every kind have in common: one is judged, and what came of it is told.
namespace wme::model {

/// What the checker finds of one plan.
struct Trial {
  Verdict verdict = Verdict::kUndecided;
  std::vector<Obligation> broken;  ///< the first is the one to tell
  Trace trace;
  std::size_t hanging = Obligation::kNoStep;  ///< a step whose work is not sure to end
  std::string how;                            ///< undecided: which bound was met
};

/// By the order of the steps, then by concrete runs, then by exploration. Unlike verify() it stops
/// at the first few violations and keeps the shortest.
Trial tried(const GroundPlan& plan, const PossibleValues& values, std::size_t states_max);

/// A plan that is judged, and what its mutants need of it.
struct Original {
  const GroundModel& model;
  const Plan& plan;
  const GroundPlan& ground;
  const PossibleValues& values;
  std::size_t states_max;
};

/// Fate, property and story of a mutant from the trial of its plan; what is left to do for one that
/// holds is to say why.
void conclude(Mutant& mutant, const GroundPlan& plan, const PossibleValues& values, Trial trial);

// One file for each family of mutants; `into` grows.
void mutate_edges(const Original& original, MutantKind kind, std::vector<Mutant>& into);
void drop_conditions(const Original& original, std::vector<Mutant>& into);
void weaken_effects(const Original& original, std::vector<Mutant>& into);

/// "s10 → s14 → s16", a way by which b waits for a; empty when there is none.
std::string way_between(const Plan& plan, const PlanOrder& order, std::size_t a, std::size_t b);

}  // namespace wme::model
