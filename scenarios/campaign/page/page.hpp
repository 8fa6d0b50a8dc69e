#pragma once

#include <string>
#include <vector>

#include "scenarios/campaign/campaign.hpp"
#include "scenarios/campaign/shrink.hpp"

namespace wme::scenarios {

/// One self-contained page: style and charts are inline, nothing is fetched, and no script runs.
/// The same arguments give the same bytes. All text is escaped. `shrunk`: what is known of smaller
/// scenarios that fail alike; whoever merges parts knows of none.
std::string campaign_html(const CampaignResult& result, const std::vector<ShrunkFailure>& shrunk);

}  // namespace wme::scenarios
