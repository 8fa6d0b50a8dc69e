#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/campaign/figures.hpp"

/// Pictures of a campaign's figures. Colours come from the page's style, by class.
namespace wme::scenarios::campaign_page {

struct Share {
  std::string name;
  std::int64_t count = 0;
  std::string classes;
};
/// One bar, as wide as the page: a piece for each that counts anything.
std::string stacked_bar(const std::vector<Share>& shares, std::string_view label);

/// How often each time was measured, with the percentiles and the objective marked. Something was
/// measured.
std::string histogram(const Distribution& figures);

}  // namespace wme::scenarios::campaign_page
