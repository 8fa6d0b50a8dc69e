#include "cli/campaign_output.hpp"

#include <algorithm>

#include "scenarios/campaign/figures.hpp"
#include "scenarios/report/text.hpp"

namespace wme::cli {

namespace {

using scenarios::CampaignResult;
using scenarios::grouped;
using scenarios::runs_text;
using scenarios::share_text;

constexpr std::size_t kShown = 10;  // of a list whose whole is in the file

std::string row(const std::string& name, const std::string& text) {
  std::string padded = "  " + name;
  padded.resize(std::max<std::size_t>(padded.size() + 1, 12), ' ');
  return padded + text + "\n";
}

std::string distribution(const scenarios::Distribution& figures) {
  const std::int64_t measured = figures.histogram.total();
  if (measured == 0) return "not measured: " + figures.why_none;
  std::string text;
  for (const auto& [name, part] : scenarios::kPercentiles)
    text += std::string(name) + " " + scenarios::human(*figures.histogram.percentile(part)) + "  ";
  text += "(simulated, " + runs_text(measured) + ")";
  if (!figures.target) return text;
  return text + ", objective " + scenarios::human(*figures.target) + " kept in " +
         share_text(figures.kept(), measured);
}

std::string ends(const CampaignResult& result) {
  std::string text = grouped(result.goals) + " reached the goal";
  for (const auto& [stop, count] : result.stops)
    text +=
        ", " + grouped(count) + (stop == scenarios::kNoSafeStop ? " in " : " stopped in ") + stop;
  return text;
}

/// The steps that the end had to wait for in most of the runs.
std::string critical(const CampaignResult& result) {
  std::string text;
  for (const scenarios::StepCoverage& each : result.steps)
    if (2 * each.critical > result.goals && each.critical > 0)
      text += (text.empty() ? "" : ", ") + each.step.substr(each.step.find(' ') + 1) + " (" +
              share_text(each.critical, result.goals) + ")";
  return text.empty() ? "no run reached the goal" : text;
}

std::string coverage(const CampaignResult& result) {
  std::string text = row("coverage", grouped(static_cast<long long>(result.pairs_tried())) +
                                         " of " + grouped(static_cast<long long>(result.pairs())) +
                                         " pairs of fault and step were tried");
  for (const scenarios::KindCoverage& each : scenarios::coverage_by_kind(result)) {
    std::string name = each.kind;
    name.resize(16, ' ');
    text += row("", name + grouped(each.tried) + " of " + grouped(each.steps) + " steps, " +
                        grouped(each.times) + " times");
  }
  const std::vector<std::string> never = scenarios::never_tried(result);
  for (std::size_t i = 0; i < std::min(never.size(), kShown); ++i) text += row("never", never[i]);
  if (never.size() > kShown)
    text += row("", "and " + std::to_string(never.size() - kShown) + " more");
  return text;
}

std::string failures(const CampaignResult& result,
                     const std::vector<scenarios::ShrunkFailure>& shrunk) {
  std::string text;
  std::size_t shown = 0;
  for (const scenarios::CampaignFailure& each : result.failures) {
    const auto smaller = std::ranges::find(shrunk, each.run, &scenarios::ShrunkFailure::run);
    if (shown >= kShown && smaller == shrunk.end()) continue;
    ++shown;
    text +=
        row("failed", "run " + std::to_string(each.run) + ": " + scenarios::text_of(each.schedule));
    for (const scenarios::Breach& breach : each.breaches)
      text += row("", breach.property + ": " + breach.text);
    text += row("  replay", scenarios::replay_of(result.facts, each.run));
    if (smaller != shrunk.end()) text += row("  smaller", scenarios::text_of(*smaller));
  }
  if (result.failed > static_cast<std::int64_t>(shown))
    text += row("", "and " + runs_text(result.failed - static_cast<std::int64_t>(shown)) +
                        " more; the first " + std::to_string(scenarios::kFailuresMax) +
                        " are in the result file");
  return text;
}

Console::Tone tone_of(scenarios::CampaignVerdict verdict) {
  switch (verdict) {
    case scenarios::CampaignVerdict::kHolds:
      return Console::Tone::kGood;
    case scenarios::CampaignVerdict::kInterrupted:
      return Console::Tone::kDoubtful;
    case scenarios::CampaignVerdict::kFailed:
      return Console::Tone::kBad;
  }
  return Console::Tone::kBad;
}

}  // namespace

std::string campaign_text(const Console& console, const CampaignResult& result,
                          const std::vector<scenarios::ShrunkFailure>& shrunk) {
  const scenarios::CampaignVerdict verdict = scenarios::verdict_of(result);
  std::string text = console.toned(tone_of(verdict), std::string(scenarios::headline(verdict))) +
                     "  " + scenarios::sentence_of(result) + "\n";
  text += row("runs", ends(result) + "; seed " + std::to_string(result.facts.seed));
  for (const scenarios::Distribution& each : scenarios::distributions_of(result))
    text += row(each.name, distribution(each));
  text += row("times", "by " + scenarios::durations_in_words(result.facts.durations_file));
  text += row("critical", critical(result));
  return text + coverage(result) + failures(result, shrunk);
}

}  // namespace wme::cli
