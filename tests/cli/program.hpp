#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace wme::cli {

using testing_support::Ended;
using testing_support::TemporaryFolder;
using testing_support::text_of;

/// Runs the real program in `folder`, as an operator would, without a terminal. It is given secrets
/// in the environment (tests/support/canary.hpp), unless `environment` has others or empty ones; a
/// trace of them in its outputs or in any file of `folder` fails the test.
Ended rehydrate(const TemporaryFolder& folder, const std::vector<std::string>& arguments,
                const std::string& input = {}, std::map<std::string, std::string> environment = {});
/// `rehydrate COMMAND PLAN -i inventory.yaml MORE...`
Ended rehydrate_plan(const TemporaryFolder& folder, const std::string& command,
                     const std::string& plan, const std::vector<std::string>& more = {},
                     std::map<std::string, std::string> environment = {});

/// A file in the folder with an inventory of six containers on AWS; gives its name.
std::string sample_inventory(const TemporaryFolder& folder);
/// A file with its plan for `procedure`; gives its name.
std::string sample_plan(const TemporaryFolder& folder, const std::string& procedure = "dehydrate");
/// A file with that plan, changed; gives its name.
std::string changed_plan(const TemporaryFolder& folder,
                         const std::function<void(nlohmann::json&)>& change);
/// The first step of that action. (Where it stands is for the planner to say.)
nlohmann::json& step_with(nlohmann::json& plan, const std::string& action);

}  // namespace wme::cli
