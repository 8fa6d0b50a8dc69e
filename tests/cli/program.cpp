#include "tests/cli/program.hpp"

#include <stdexcept>

namespace wme::cli {

using testing_support::Ended;
using testing_support::TemporaryFolder;

Ended rehydrate(const TemporaryFolder& folder, const std::vector<std::string>& arguments,
                const std::string& input, std::map<std::string, std::string> environment) {
  std::vector<std::string> command{REHYDRATE};
  command.insert(command.end(), arguments.begin(), arguments.end());
  // Whatever the terminal of the tests is like.
  for (const char* name : {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}) environment.try_emplace(name, "");
  return testing_support::ended({std::move(command), input, folder.path(), environment});
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

}  // namespace wme::cli
