#include "cli/campaign_output.hpp"

#include <algorithm>

#include "model/english/words.hpp"
#include "scenarios/report/text.hpp"

namespace wme::cli {

namespace {

using scenarios::CampaignResult;
using scenarios::grouped;
using scenarios::Histogram;

constexpr std::size_t kShown = 10;  // of a list whose whole is in the file

std::string runs(std::int64_t count) { return grouped(count) + (count == 1 ? " run" : " runs"); }

std::string share(std::int64_t part, std::int64_t all) {
  if (all == 0 || part == all) return all == 0 ? "0 %" : "100 %";
  return scenarios::fixed(100.0 * static_cast<double>(part) / static_cast<double>(all), 1) + " %";
}

std::string row(const std::string& name, const std::string& text) {
  std::string padded = "  " + name;
  padded.resize(std::max<std::size_t>(padded.size() + 1, 12), ' ');
  return padded + text + "\n";
}

std::string distribution(const Histogram& histogram,
                         const std::optional<std::chrono::seconds>& target,
                         const std::string& why_none) {
  if (histogram.total() == 0) return "not measured: " + why_none;
  std::string text;
  for (const auto& [name, part] :
       {std::pair("P50", 50), std::pair("P90", 90), std::pair("P95", 95), std::pair("max", 100)})
    text += std::string(name) + " " + scenarios::human(*histogram.percentile(part)) + "  ";
  text += "(simulated, " + runs(histogram.total()) + ")";
  if (!target) return text;
  std::int64_t kept = 0;
  for (const auto& [value, count] : histogram.counts)
    if (value <= target->count()) kept += count;
  return text + ", objective " + scenarios::human(*target) + " kept in " +
         share(kept, histogram.total());
}

std::string ends(const CampaignResult& result) {
  std::string text = grouped(result.goals) + " reached the goal";
  for (const auto& [stop, count] : result.stops)
    text += ", " + grouped(count) + (stop == "no safe stop" ? " in " : " stopped in ") + stop;
  return text;
}

/// The steps that the end had to wait for in most of the runs.
std::string critical(const CampaignResult& result) {
  std::string text;
  for (const scenarios::StepCoverage& each : result.steps)
    if (2 * each.critical > result.goals && each.critical > 0)
      text += (text.empty() ? "" : ", ") + each.step.substr(each.step.find(' ') + 1) + " (" +
              share(each.critical, result.goals) + ")";
  return text.empty() ? "no run reached the goal" : text;
}

std::string coverage(const CampaignResult& result) {
  std::string text = row("coverage", grouped(static_cast<long long>(result.pairs_tried())) +
                                         " of " + grouped(static_cast<long long>(result.pairs())) +
                                         " pairs of fault and step were tried");
  for (const scenarios::FaultKindFacts& kind : scenarios::all_fault_kinds()) {
    std::int64_t steps = 0;
    std::int64_t tried = 0;
    std::int64_t times = 0;
    for (const scenarios::StepCoverage& each : result.steps)
      if (const auto met = each.met.find(std::string(kind.name)); met != each.met.end()) {
        ++steps;
        tried += met->second > 0 ? 1 : 0;
        times += met->second;
      }
    std::string name(kind.name);
    name.resize(16, ' ');
    text += row("", name + grouped(tried) + " of " + grouped(steps) + " steps, " + grouped(times) +
                        " times");
  }
  std::size_t never = 0;
  for (const scenarios::StepCoverage& each : result.steps)
    for (const auto& [kind, count] : each.met)
      if (count == 0 && ++never <= kShown) text += row("never", kind + " at " + each.step);
  if (never > kShown) text += row("", "and " + std::to_string(never - kShown) + " more");
  return text;
}

std::string failures(const CampaignResult& result, const std::vector<ShrunkFailure>& shrunk) {
  std::string text;
  std::size_t shown = 0;
  for (const scenarios::CampaignFailure& each : result.failures) {
    const auto smaller = std::ranges::find(shrunk, each.run, &ShrunkFailure::run);
    if (shown >= kShown && smaller == shrunk.end()) continue;
    ++shown;
    text +=
        row("failed", "run " + std::to_string(each.run) + ": " + scenarios::text_of(each.schedule));
    for (const scenarios::Breach& breach : each.breaches)
      text += row("", breach.property + ": " + breach.text);
    text += row("  replay", scenarios::replay_of(result.facts, each.run));
    if (smaller != shrunk.end())
      text += row("  smaller", "rehydrate rehearse " + smaller->file + "  (" +
                                   model::counted(smaller->containers, "container") + ", " +
                                   model::counted(smaller->faults, "fault") + ")");
  }
  if (result.failed > static_cast<std::int64_t>(shown))
    text += row("", "and " + runs(result.failed - static_cast<std::int64_t>(shown)) +
                        " more; the first " + std::to_string(scenarios::kFailuresMax) +
                        " are in the result file");
  return text;
}

}  // namespace

std::string campaign_text(const Console& console, const CampaignResult& result,
                          const std::vector<ShrunkFailure>& shrunk) {
  const bool is_part = result.shard.count > 1;
  const std::string what = result.facts.scenario + " of " + result.facts.installation + " (" +
                           result.facts.provider + ", " + result.facts.fleet + ")" +
                           (is_part ? ", part " + std::to_string(result.shard.index) + " of " +
                                          std::to_string(result.shard.count)
                                    : "");
  std::string text;
  if (result.failed > 0)
    text = console.toned(Console::Tone::kBad, "FAILED") + "  " + what + ": " +
           grouped(result.failed) + " of " + runs(result.held) + " did not end as they must";
  else if (!result.is_complete())
    text = console.toned(Console::Tone::kDoubtful, "INTERRUPTED") + "  " + what + ": after " +
           grouped(result.held) + " of " + runs(static_cast<std::int64_t>(result.planned())) +
           ", none of which failed";
  else
    text = console.toned(Console::Tone::kGood, "HOLDS") + "  " + what + ": " + runs(result.held) +
           ", and each ended in its goal or in a declared safe stop; no rule was broken";
  text += "\n" + row("runs", ends(result) + "; seed " + std::to_string(result.facts.seed));
  text += row("took", distribution(result.took, {}, "no run reached the goal"));
  text += row("RTO", distribution(result.rto, result.facts.rto_target,
                                  result.goals == 0 ? "no run reached the goal"
                                                    : "nothing is restored here"));
  text += row("RPO", distribution(result.rpo, result.facts.rpo_target,
                                  "nothing is backed up and lost here; a scenario such as dr-aws "
                                  "has both"));
  text += row("critical", critical(result));
  return text + coverage(result) + failures(result, shrunk);
}

}  // namespace wme::cli
