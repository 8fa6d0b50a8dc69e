#include "tests/cli/program.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "tests/support/canary.hpp"

namespace wme::cli {

namespace {

/// The secrets of the surroundings in which a program was started.
std::vector<testing_support::Canary> secrets_of(
    const std::map<std::string, std::string>& environment) {
  std::vector<testing_support::Canary> secrets;
  for (const auto& [name, planted] : testing_support::canary_environment()) {
    const auto given = environment.find(name);
    if (name != "AWS_ACCESS_KEY_ID" && given != environment.end() && !given->second.empty())
      secrets.push_back({name, given->second});
  }
  return secrets;
}

/// In whatever a command has written: only `simulate` may tell the secrets that it makes.
void expect_no_leak(const TemporaryFolder& folder, const std::string& command,
                    std::vector<testing_support::Canary> secrets, const Ended& ended) {
  if (command == "rehearse") {
    const auto& simulators = testing_support::simulator_canaries();
    secrets.insert(secrets.end(), simulators.begin(), simulators.end());
  }
  for (const auto& leaks :
       {leaks_in(secrets, ended.out, "stdout"), leaks_in(secrets, ended.err, "stderr"),
        leaks_below(secrets, folder.path())})
    for (const std::string& leak : leaks) ADD_FAILURE() << "rehydrate " << command << ": " << leak;
}

}  // namespace

Ended rehydrate(const TemporaryFolder& folder, const std::vector<std::string>& arguments,
                const std::string& input, std::map<std::string, std::string> environment) {
  std::vector<std::string> command{REHYDRATE};
  command.insert(command.end(), arguments.begin(), arguments.end());
  // Whatever the terminal of the tests is like.
  for (const char* name : {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}) environment.try_emplace(name, "");
  const bool brings_its_cloud = environment.contains("AWS_ACCESS_KEY_ID");
  for (const auto& [name, secret] : testing_support::canary_environment())
    if (!brings_its_cloud || !name.starts_with("AWS_")) environment.try_emplace(name, secret);
  Ended ended = testing_support::ended({std::move(command), input, folder.path(), environment});
  expect_no_leak(folder, arguments.empty() ? "" : arguments.front(), secrets_of(environment),
                 ended);
  return ended;
}

Ended rehydrate_plan(const TemporaryFolder& folder, const std::string& command,
                     const std::string& plan, const std::vector<std::string>& more,
                     std::map<std::string, std::string> environment) {
  std::vector<std::string> words = {command, plan, "-i", "inventory.yaml"};
  words.insert(words.end(), more.begin(), more.end());
  return rehydrate(folder, words, {}, std::move(environment));
}

std::string sample_inventory(const TemporaryFolder& folder) {
  const Ended made = rehydrate(folder, {"inventory", "generate", "--fleet", "XS", "--provider",
                                        "aws", "-o", "inventory.yaml"});
  if (made.status != 0) throw std::runtime_error(made.err);
  return "inventory.yaml";
}

std::string sample_plan(const TemporaryFolder& folder, const std::string& procedure) {
  const Ended made = rehydrate(
      folder, {"plan", procedure, "--inventory", sample_inventory(folder), "-o", "plan.json"});
  if (made.status != 0) throw std::runtime_error(made.err);
  return "plan.json";
}

std::string changed_plan(const TemporaryFolder& folder,
                         const std::function<void(nlohmann::json&)>& change) {
  auto plan = nlohmann::json::parse(text_of(folder.path() / sample_plan(folder)));
  change(plan);
  folder.file("changed.json", plan.dump());
  return "changed.json";
}

nlohmann::json& step_with(nlohmann::json& plan, const std::string& action) {
  for (nlohmann::json& step : plan["steps"])
    if (step["action"] == action) return step;
  throw std::runtime_error("the plan has no " + action);
}

}  // namespace wme::cli
