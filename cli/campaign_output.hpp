#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "scenarios/campaign/campaign.hpp"

/// What `rehydrate campaign` and `rehydrate merge` print.
namespace wme::cli {

/// A failure that was made small, and where it was written.
struct ShrunkFailure {
  std::uint64_t run = 0;
  std::string file;
  std::size_t containers = 0;
  std::size_t faults = 0;
};

/// One verdict line, then the figures, coverage by kind of fault, pairs that were never tried, and
/// each failure with its replay.
std::string campaign_text(const Console& console, const scenarios::CampaignResult& result,
                          const std::vector<ShrunkFailure>& shrunk);

}  // namespace wme::cli
