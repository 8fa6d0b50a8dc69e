#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// The style class that gives a door its colour.
std::string door_class(std::string_view door);
/// "Launchpad", "ConfigWizard", "Hosts (SSH)": as legends name it.
std::string door_title(std::string_view door);
/// The doors that the phase's steps go through, in the order of the legend.
std::vector<std::string> doors_of(const Phase& phase);

}  // namespace wme::scenarios
