#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "scenarios/campaign/campaign.hpp"
#include "scenarios/campaign/shrink.hpp"

/// What `rehydrate campaign` and `rehydrate merge` print.
namespace wme::cli {

/// One verdict line, then the figures, coverage by kind of fault, pairs that were never tried, and
/// each failure with its replay.
std::string campaign_text(const Console& console, const scenarios::CampaignResult& result,
                          const std::vector<scenarios::ShrunkFailure>& shrunk);

}  // namespace wme::cli
