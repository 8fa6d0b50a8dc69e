#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/campaign/campaign.hpp"

/// What a campaign's result says: told in the same words on a terminal and on the page.
namespace wme::scenarios {

enum class CampaignVerdict { kHolds, kInterrupted, kFailed };
CampaignVerdict verdict_of(const CampaignResult& result);
std::string_view to_string(CampaignVerdict verdict);  ///< "holds"
std::string_view headline(CampaignVerdict verdict);   ///< "HOLDS"

/// What was held, and how it went, in one sentence: it follows the verdict's word.
std::string sentence_of(const CampaignResult& result);

std::string runs_text(std::int64_t count);                      ///< "1 run", "2000 runs"
std::string share_text(std::int64_t part, std::int64_t whole);  ///< "93.0 %", "over 99.9 %"

/// Times that were measured of one kind. Refers to the result.
struct Distribution {
  std::string name;  ///< "took", "RTO", "RPO"
  const Histogram& histogram;
  std::optional<std::chrono::seconds> target;
  std::string why_none;       ///< why nothing was measured, where nothing was
  std::int64_t kept() const;  ///< how often the target was
};
std::vector<Distribution> distributions_of(const CampaignResult& result);
/// What is told of each: 100 is the largest.
inline constexpr std::array<std::pair<std::string_view, int>, 4> kPercentiles{
    {{"P50", 50}, {"P90", 90}, {"P95", 95}, {"max", 100}}};

/// One kind of fault, over all steps where the model allows it.
struct KindCoverage {
  std::string kind;
  std::int64_t steps = 0;
  std::int64_t tried = 0;
  std::int64_t times = 0;
};
std::vector<KindCoverage> coverage_by_kind(const CampaignResult& result);

/// "answer-lost at 1-restore s12 activate-container c4": pairs that the model allows and no run
/// had.
std::vector<std::string> never_tried(const CampaignResult& result);

}  // namespace wme::scenarios
