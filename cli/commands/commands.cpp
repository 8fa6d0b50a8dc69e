#include "cli/commands/commands.hpp"

namespace wme::cli {

void add_commands(CLI::App& root, Session& session) {
  for (auto* add : {add_inventory, add_plan, add_show, add_explain}) add(root, session);
}

}  // namespace wme::cli
