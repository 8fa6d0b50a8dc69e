#include "cli/verification_output.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/recovery_output.hpp"

namespace wme::cli {

namespace {

using model::Verdict;
using nlohmann::ordered_json;

Console::Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kProved:
    case Verdict::kExplored:
      return Console::Tone::kGood;
    case Verdict::kRefuted:
      return Console::Tone::kBad;
    case Verdict::kUndecided:
      return Console::Tone::kDoubtful;
  }
  return Console::Tone::kDoubtful;
}

std::string loud(Verdict verdict) {
  std::string word(to_string(verdict));
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::toupper(c); });
  return word;
}

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

long count_of(const model::Verification& verification, Verdict verdict) {
  return std::ranges::count(verification.properties, verdict, &model::PropertyVerdict::verdict);
}

std::string counts_text(const model::Verification& verification) {
  std::string text;
  for (const Verdict each :
       {Verdict::kProved, Verdict::kExplored, Verdict::kRefuted, Verdict::kUndecided})
    if (const long count = count_of(verification, each); count > 0)
      text +=
          (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(to_string(each));
  return text;
}

/// Of containers that are alike, all stand for each other.
std::string stood_for_text(const model::Exploration& seen) {
  if (!seen.reductions.symmetry || seen.states_stood_for <= seen.states) return "";
  constexpr auto kMany = std::numeric_limits<std::uint64_t>::max();
  return seen.states_stood_for == kMany
             ? " (that stand for more than 10^19)"
             : " (that stand for " + std::to_string(seen.states_stood_for) + ")";
}

std::string exploration_text(const model::Verification& verification,
                             const model::FaultBudget& faults) {
  if (!verification.exploration) return "by the order of the steps alone; states not explored";
  const model::Exploration& seen = *verification.exploration;
  return plural(seen.states, "state", "states") + stood_for_text(seen) + " and " +
         plural(seen.transitions, "event", "events") + " with " + faults.words() +
         (seen.complete ? ", all there are" : ", then the bound was met (--max-states)") +
         (seen.diagram_nodes > 0
              ? "; as sets, in " + plural(seen.diagram_nodes, "node", "nodes") + " of a diagram"
              : "");
}

/// What no plan can prevent, told once for all that it can happen to.
std::string assumed_text(const model::Verification& verification) {
  std::map<std::string, std::size_t> counts;  // "WORK-1 by machine-lost"
  for (const std::string& each : verification.assumed) {
    const std::size_t by = each.find(" by ");
    const std::string event = each.substr(by + 4);
    ++counts[each.substr(0, std::min(by, each.find(" of "))) + " by " +
             event.substr(0, event.find(' '))];
  }
  std::string text;
  for (const auto& [what, count] : counts)
    text += "  Accepted     " + what +
            (count == 1 ? "" : ", in " + std::to_string(count) + " ways") +
            ": no plan could prevent it (--json lists them)\n";
  return text;
}

/// Properties with this verdict, each with how it was judged.
std::string listing(const model::Verification& verification, Verdict verdict) {
  std::string text;
  for (const model::PropertyVerdict& each : verification.properties)
    if (each.verdict == verdict)
      text += "  " + each.id + ": " + each.statement + "\n      " + each.how + "\n";
  return text;
}

ordered_json counterexample_json(const model::Counterexample& told) {
  ordered_json lines = ordered_json::array();
  for (const model::TraceLine& line : told.lines)
    lines.push_back({{"step", line.step},
                     {"action", line.action},
                     {"sentence", line.sentence},
                     {"bears_on_it", line.bears}});
  return {{"property", told.property},
          {"headline", told.headline},
          {"sentence", told.sentence},
          {"loss", told.loss},
          {"step", told.step},
          {"involved", told.involved},
          {"trace", lines},
          {"mend", told.mend},
          {"mend_from", told.mend_from},
          {"mend_to", told.mend_to},
          {"mends_all", told.mends_all}};
}

ordered_json reductions_json(const model::Reductions& reductions) {
  ordered_json made = ordered_json::array();
  if (reductions.slices) made.push_back("slices");
  if (reductions.partial_order) made.push_back("partial-order");
  if (reductions.symmetry) made.push_back("symmetry");
  return made;
}

ordered_json exploration_json(const model::Exploration& seen) {
  return {{"states", seen.states},
          {"states_stood_for", seen.states_stood_for},
          {"transitions", seen.transitions},
          {"depth", seen.depth},
          {"ends", seen.ends},
          {"safe_stops", seen.safe_stops},
          {"complete", seen.complete},
          {"diagram_nodes", seen.diagram_nodes},
          {"reduced", seen.reductions != model::Reductions::none()},
          {"reductions", reductions_json(seen.reductions)}};
}

}  // namespace

std::string verification_text(const Console& console, const model::Plan& plan,
                              const model::Verification& verification,
                              const model::FaultBudget& faults) {
  std::string text = console.toned(tone_of(verification.verdict), loud(verification.verdict)) +
                     "  " + plan.procedure + " " + plan.installation + " (" + plan.provider + ", " +
                     plural(plan.steps.size(), "step", "steps") + ")\n\n";
  for (const model::Counterexample& each : verification.counterexamples)
    text += model::to_text(each) + "\n";
  if (verification.recovery)
    for (const model::Counterexample& each : verification.recovery->dead_ends.dead)
      text += model::to_text(each) + "\n";
  text += "  Properties   " + counts_text(verification) + "\n";
  text += "  Order        " + std::to_string(verification.order.guards) + " guards, " +
          std::to_string(verification.order.invariants) + " state properties and " +
          std::to_string(verification.order.goals) +
          " goals judged for every interleaving of the steps\n";
  text += "  Exploration  " + exploration_text(verification, faults) + "\n";
  if (!verification.not_covered.empty())
    text += "  Not covered  " + plural(verification.not_covered.size(), "rule", "rules") +
            " that no plan can show, kept elsewhere (--json lists them)\n";
  text += assumed_text(verification);
  if (verification.recovery)
    text += "\n" + recovery_text(plan, *verification.recovery, console.width());
  if (const std::string undecided = listing(verification, Verdict::kUndecided); !undecided.empty())
    text += "\nUndecided:\n" + undecided;
  for (const std::string& each : verification.disagreements)
    text += "\nThe two methods disagree; please report this: " + each + "\n";
  return text;
}

std::string verification_json(const model::Plan& plan, const model::Verification& verification,
                              const model::FaultBudget& faults) {
  ordered_json properties = ordered_json::array();
  for (const model::PropertyVerdict& each : verification.properties)
    properties.push_back({{"id", each.id},
                          {"statement", each.statement},
                          {"verdict", to_string(each.verdict)},
                          {"how", each.how},
                          {"checks", each.checks}});
  ordered_json counterexamples = ordered_json::array();
  for (const model::Counterexample& each : verification.counterexamples)
    counterexamples.push_back(counterexample_json(each));
  ordered_json not_covered = ordered_json::array();
  for (const model::NotCovered& each : verification.not_covered)
    not_covered.push_back({{"rule", each.rule}, {"why", each.why}});
  ordered_json made = {{"schema", "rehydrate/verification/1"},
                       {"procedure", plan.procedure},
                       {"installation", plan.installation},
                       {"steps", plan.steps.size()},
                       {"verdict", to_string(verification.verdict)},
                       {"faults", faults.words()},
                       {"properties", properties},
                       {"counterexamples", counterexamples},
                       {"not_covered", not_covered},
                       {"assumed", verification.assumed},
                       {"disagreements", verification.disagreements}};
  if (verification.exploration) made["exploration"] = exploration_json(*verification.exploration);
  if (verification.recovery) made["recovery"] = recovery_json(plan, *verification.recovery);
  return made.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace wme::cli
