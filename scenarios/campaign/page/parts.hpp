#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/campaign/figures.hpp"
#include "scenarios/campaign/shrink.hpp"

/// The parts that a campaign's page is made of. All functions return markup.
namespace wme::scenarios::campaign_page {

std::string_view style();  ///< what comes beside the style of all pages

// figures.cpp
std::string ends(const CampaignResult& result);
std::string times(const CampaignResult& result);
std::string critical(const CampaignResult& result);
// coverage.cpp
std::string coverage(const CampaignResult& result);
// failures.cpp
std::string properties(const CampaignResult& result);
std::string failures(const CampaignResult& result, const std::vector<ShrunkFailure>& shrunk);
// exercise.cpp
std::string exercise(const CampaignResult& result);

}  // namespace wme::scenarios::campaign_page
