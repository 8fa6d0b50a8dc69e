#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace wme::scenarios {

/// Where scenarios that come with the program may be: REHYDRATE_SCENARIOS, beside the program (as
/// installed, or as built in a checkout), and below the working directory.
std::vector<std::filesystem::path> scenario_folders();

/// The file of a scenario: a path as it is, or the name of one in those folders. Error kInvalid
/// with the names that there are.
Result<std::filesystem::path> find_scenario(const std::string& name_or_path);

}  // namespace wme::scenarios
