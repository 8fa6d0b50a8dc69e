#include "cli/spin/second_opinion.hpp"

#include <algorithm>
#include <utility>

namespace wme::cli {

namespace {

/// The properties that SPIN has seen violated by a run of the plan: what the environment does to
/// any installation is assumed not to happen, and refutes no plan.
std::set<std::string> refuted_by(const model::GroundPlan& plan, const SpinRun& spin,
                                 const model::Exploration& ours,
                                 const std::vector<std::string>& assumed) {
  std::set<std::string> refuted;
  for (const std::string& key : spin.violated) {
    if (std::ranges::find(assumed, key) != assumed.end()) continue;
    const auto same = ours.violations.find(key);
    if (same == ours.violations.end()) continue;  // a difference already
    const model::Obligation& broken = same->second.broken.front();
    const bool by_environment =
        broken.kind == model::PropertyKind::kInvariant && broken.step == model::Obligation::kNoStep;
    refuted.insert(by_environment ? plan.invariants()[broken.index].rule : key);
  }
  return refuted;
}

std::vector<std::string> verdicts_that_differ(const model::Verification& verification,
                                              const std::set<std::string>& refuted) {
  std::vector<std::string> found;
  for (const model::PropertyVerdict& each : verification.properties) {
    if (each.id == model::kEndsProperty || each.id == model::kRecoverableProperty)
      continue;  // what the executor can see is no state; whole runs are not exported
    const bool theirs = refuted.contains(each.id);
    const bool ours = each.verdict == model::Verdict::kRefuted;
    if (ours && !theirs)
      found.push_back(each.id + " is refuted, and SPIN finds no run that violates it");
    if (!ours && theirs && each.verdict != model::Verdict::kUndecided)
      found.push_back(each.id + " is " + std::string(to_string(each.verdict)) +
                      ", and SPIN finds a run that violates it");
  }
  return found;
}

}  // namespace

Result<SecondOpinion> second_opinion(const model::GroundModel& model, const model::Plan& plan,
                                     const model::VerifyOptions& how,
                                     const model::Verification& verification, SpinOptions options) {
  Result<model::GroundPlan> ground = model::GroundPlan::of(model, plan);
  if (!ground) return ground.error();
  if (!how.faults.is_empty()) ground.value().add_environment();
  model::ExploreOptions search;
  search.states_max = how.states_max;
  search.faults = how.faults;
  search.reductions = model::Reductions::none();
  search.threads = how.threads;
  const bool has_whole = how.reductions == model::Reductions::none() && verification.exploration;
  model::Exploration ours =
      has_whole ? *verification.exploration : model::explore(ground.value(), search);
  SecondOpinion made;
  // As sets, or with a fault at any step, there may be more than SPIN could visit in days.
  made.reduced = (!ours.complete || ours.states > how.states_max) && how.faults.is_empty();
  if (made.reduced) {
    search.reductions.partial_order = true;
    ours = model::explore(ground.value(), search);
  }
  made.states = ours.states;
  if (!ours.complete || ours.states > how.states_max) {
    made.undecided =
        "without reductions " +
        (ours.complete ? "there are " + std::to_string(ours.states) + " states" : ours.stopped_by) +
        " (--max-states)";
    return made;
  }
  options.states_expected = ours.states;
  Result<SpinRun> spin = run_spin(made.reduced ? model::to_reduced_promela(ground.value())
                                               : model::to_promela(ground.value(), how.faults),
                                  options);
  if (!spin) return spin.error();
  made.spin = std::move(spin).value();
  made.undecided = made.spin.stopped_by;
  if (!made.undecided.empty()) return made;
  made.disagreements = differences(ours, made.spin);
  const std::vector<std::string> more = verdicts_that_differ(
      verification, refuted_by(ground.value(), made.spin, ours, verification.assumed));
  made.disagreements.insert(made.disagreements.end(), more.begin(), more.end());
  return made;
}

}  // namespace wme::cli
