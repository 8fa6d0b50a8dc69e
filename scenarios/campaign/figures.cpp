#include "scenarios/campaign/figures.hpp"

#include "scenarios/report/text.hpp"

namespace wme::scenarios {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kVerdicts{
    {{"holds", "HOLDS"}, {"interrupted", "INTERRUPTED"}, {"failed", "FAILED"}}};

std::string subject_of(const CampaignResult& result) {
  const CampaignFacts& facts = result.facts;
  std::string text = facts.scenario + " of " + facts.installation + " (" + facts.provider + ", " +
                     facts.fleet + ")";
  if (result.shard.count > 1)
    text += ", part " + std::to_string(result.shard.index) + " of " +
            std::to_string(result.shard.count);
  return text;
}

}  // namespace

CampaignVerdict verdict_of(const CampaignResult& result) {
  if (result.failed > 0) return CampaignVerdict::kFailed;
  return result.is_complete() ? CampaignVerdict::kHolds : CampaignVerdict::kInterrupted;
}

std::string_view to_string(CampaignVerdict verdict) {
  return kVerdicts[static_cast<std::size_t>(verdict)].first;
}

std::string_view headline(CampaignVerdict verdict) {
  return kVerdicts[static_cast<std::size_t>(verdict)].second;
}

std::string sentence_of(const CampaignResult& result) {
  const std::string subject = subject_of(result) + ": ";
  switch (verdict_of(result)) {
    case CampaignVerdict::kFailed:
      return subject + grouped(result.failed) + " of " + runs_text(result.held) +
             " did not end as they must";
    case CampaignVerdict::kInterrupted:
      return subject + "after " + grouped(result.held) + " of " +
             runs_text(static_cast<std::int64_t>(result.planned())) + ", none of which failed";
    case CampaignVerdict::kHolds:
      return subject + runs_text(result.held) +
             ", and each ended in its goal or in a declared safe stop; no rule was broken";
  }
  return subject;
}

std::string runs_text(std::int64_t count) {
  return grouped(count) + (count == 1 ? " run" : " runs");
}

std::string share_text(std::int64_t part, std::int64_t whole) {
  if (part == 0) return "0 %";
  if (part == whole) return "100 %";
  // What is not all is never rounded up to all, nor what there is down to nothing.
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent < 0.1) return "under 0.1 %";
  if (percent > 99.9) return "over 99.9 %";
  return fixed(percent, 1) + " %";
}

std::int64_t Distribution::kept() const {
  std::int64_t count = 0;
  for (const auto& [value, times] : histogram.counts)
    if (value <= target->count()) count += times;
  return count;
}

std::vector<Distribution> distributions_of(const CampaignResult& result) {
  const std::string no_goal = "no run reached the goal";
  return {{"took", result.took, {}, no_goal},
          {"RTO", result.rto, result.facts.rto_target,
           result.goals == 0 ? no_goal : "nothing is restored here"},
          {"RPO", result.rpo, result.facts.rpo_target,
           "nothing is backed up and lost here; a scenario such as dr-aws has both"}};
}

std::vector<KindCoverage> coverage_by_kind(const CampaignResult& result) {
  std::vector<KindCoverage> all;
  for (const FaultKindFacts& each : all_fault_kinds()) {
    KindCoverage kind{std::string(each.name)};
    for (const StepCoverage& step : result.steps)
      if (const auto met = step.met.find(kind.kind); met != step.met.end()) {
        ++kind.steps;
        kind.tried += met->second > 0 ? 1 : 0;
        kind.times += met->second;
      }
    all.push_back(std::move(kind));
  }
  return all;
}

std::vector<std::string> never_tried(const CampaignResult& result) {
  std::vector<std::string> pairs;
  for (const StepCoverage& step : result.steps)
    for (const auto& [kind, times] : step.met)
      if (times == 0) pairs.push_back(kind + " at " + step.step);
  return pairs;
}

}  // namespace wme::scenarios
