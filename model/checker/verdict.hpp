#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/checker/counterexample.hpp"
#include "model/checker/explorer.hpp"
#include "model/checker/order_proof.hpp"
#include "model/checker/recovery.hpp"

namespace wme::model {

/// How strong the evidence for one property is. Never confused, see docs.
enum class Verdict {
  kProved,     ///< every interleaving, by an argument from the order of the plan
  kExplored,   ///< every reachable state up to the stated faults
  kRefuted,    ///< there is a run that breaks it, and it was replayed
  kUndecided,  ///< neither: a bound was met before an answer
};
std::string_view to_string(Verdict verdict);

struct PropertyVerdict {
  std::string id;         ///< "INV-05", "guard of stop-services", "goal: …", "ends"
  std::string statement;  ///< what it says
  Verdict verdict = Verdict::kUndecided;
  std::string how;         ///< in words: what was done, up to which bound
  std::size_t checks = 0;  ///< times it was judged by order; 0: nothing in this plan is bound by it
};

/// A rule that no look at a plan can decide, and who keeps it instead.
struct NotCovered {
  std::string rule;
  std::string why;
};

struct VerifyOptions {
  FaultBudget faults;
  std::size_t states_max = 2'000'000;  ///< that are visited one by one
  /// Plans with more steps are not explored as sets of states (symbolic/symbolic_explorer.hpp).
  std::size_t symbolic_steps_max = 400;
  enum class Explore {
    kNever,
    kAuto,  ///< when faults are asked for, and else for plans of a size that takes a moment
    kAlways,
  };
  Explore explore = Explore::kAuto;
  Reductions reductions;
  unsigned threads = 1;
  bool recovery = false;  ///< look for dead ends and the point of no return, too
  std::optional<std::vector<Goal>> goals = {};  ///< instead of those of the plan's procedure
};

/// What recovery.hpp found out.
struct Recovery {
  DeadEnds dead_ends;
  NoReturn no_return;
};

struct Verification {
  Verdict verdict = Verdict::kUndecided;  ///< of the plan: the weakest of all its properties
  std::vector<PropertyVerdict> properties;
  std::vector<NotCovered> not_covered;
  std::vector<Counterexample> counterexamples;  ///< each refuted property is in one of them
  std::vector<std::string> assumed;             ///< what the environment breaks with no plan at all
  OrderProof order;
  std::optional<Exploration> exploration;
  std::optional<Recovery> recovery;  ///< if it was asked for
  /// Both methods looked at the same property and do not agree. Our own defect: report it.
  std::vector<std::string> disagreements;
};

/// Whether the plan keeps every rule and reaches every goal, in every interleaving of its steps;
/// with faults, whether the state properties hold under any that many of them. Errors (kInvalid):
/// see GroundPlan::of.
Result<Verification> verify(const GroundModel& model, const Plan& plan,
                            const VerifyOptions& options);

}  // namespace wme::model
