#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/spin/spin.hpp"
#include "model/checker/verdict.hpp"

namespace wme::cli {

/// What SPIN says to a verification of ours.
struct SecondOpinion {
  SpinRun spin;
  std::size_t states = 0;                  ///< of ours
  bool reduced = false;                    ///< independent steps in one order, on both sides
  std::vector<std::string> disagreements;  ///< somebody's defect
  std::string undecided;                   ///< why nothing was compared; empty if it was
};

/// Has SPIN explore the plan under the same faults, and compares: the states, the transitions and
/// what is violated with an exploration of ours without reductions (done here, unless
/// `verification` has one) or, where no fault may happen and these are too many, with independent
/// steps in one order; then the verdicts, however they were come by. Errors: see run_spin;
/// kInvalid: see GroundPlan::of.
Result<SecondOpinion> second_opinion(const model::GroundModel& model, const model::Plan& plan,
                                     const model::VerifyOptions& how,
                                     const model::Verification& verification, SpinOptions options);

}  // namespace wme::cli
