#pragma once

#include <functional>
#include <string>

#include "cli/console.hpp"
#include "cli/exit_status.hpp"

namespace CLI {
class App;
}

namespace wme::cli {

/// One call of the program: what every command has in common.
struct Session {
  Console& console;
  bool json = false;                  ///< --json: the result is for machines
  std::function<ExitStatus()> run{};  ///< set by the command that was chosen

  /// Says what went wrong (on stdout too, as JSON, with --json) and how the program ends for it.
  ExitStatus fail(const Error& error) const;
  /// The same for a command that would have written `output`: says that it did not.
  ExitStatus fail_unwritten(const Error& error, const std::string& output) const;
};

/// A command with --help, --json, --quiet and --no-color. `examples`: whole lines, shown first.
CLI::App* add_command(CLI::App& parent, Session& session, const std::string& name,
                      const std::string& group, const std::string& description,
                      const std::string& examples);
/// The parent of further commands ("inventory"): shows its help when called alone.
CLI::App* add_family(CLI::App& parent, const std::string& name, const std::string& group,
                     const std::string& description, const std::string& examples);

}  // namespace wme::cli
