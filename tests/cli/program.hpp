#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace wme::cli {

/// Runs the real program in `folder`, as an operator would, without a terminal.
testing_support::Ended rehydrate(const testing_support::TemporaryFolder& folder,
                                 const std::vector<std::string>& arguments,
                                 const std::string& input = {},
                                 std::map<std::string, std::string> environment = {});

/// A file in the folder with an inventory of six containers on AWS; gives its name.
std::string sample_inventory(const testing_support::TemporaryFolder& folder);
/// A file with its plan for `procedure`; gives its name.
std::string sample_plan(const testing_support::TemporaryFolder& folder,
                        const std::string& procedure = "dehydrate");

}  // namespace wme::cli
