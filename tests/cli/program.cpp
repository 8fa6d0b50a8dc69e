#include "tests/cli/program.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace wme::cli {

Ended rehydrate(const TemporaryFolder& folder, const std::vector<std::string>& arguments,
                const std::string& input, std::map<std::string, std::string> environment) {
  std::vector<std::string> command{REHYDRATE};
  command.insert(command.end(), arguments.begin(), arguments.end());
  // Whatever the terminal of the tests is like.
  for (const char* name : {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}) environment.try_emplace(name, "");
  return testing_support::ended({std::move(command), input, folder.path(), environment});
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
