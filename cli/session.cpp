#include "cli/session.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "executor/journal/entries.hpp"

namespace wme::cli {

ExitStatus Session::fail(const Error& error) const {
  const ExitStatus status = exit_status_of(error.code);
  console.error(error);
  if (json)
    console.result(nlohmann::ordered_json{{"schema", "rehydrate/error/1"},
                                          {"error", executor::to_string(error.code)},
                                          {"message", error.message},
                                          {"exit_status", static_cast<int>(status)}}
                       .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
                   "\n");
  return status;
}

ExitStatus Session::fail_unwritten(const Error& error, const std::string& output) const {
  const ExitStatus status = fail(error);
  if (!output.empty()) console.note(output + " was not written.\n");
  return status;
}

CLI::App* add_command(CLI::App& parent, Session& session, const std::string& name,
                      const std::string& group, const std::string& description,
                      const std::string& examples) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->group(group);
  command->footer(examples);
  command->add_flag("--json", session.json, "Print the result for machines")->group("For all");
  command
      ->add_flag_callback(
          "-q,--quiet", [&session] { session.console.be_quiet(); },
          "Print the result and errors only")
      ->group("For all");
  command
      ->add_flag_callback(
          "--no-color", [&session] { session.console.use_no_colors(); },
          "No colours (NO_COLOR in the environment does the same)")
      ->group("For all");
  return command;
}

CLI::App* add_family(CLI::App& parent, const std::string& name, const std::string& group,
                     const std::string& description, const std::string& examples) {
  CLI::App* family = parent.add_subcommand(name, description);
  family->group(group);
  family->footer(examples);
  return family;
}

}  // namespace wme::cli
