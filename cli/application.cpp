#include "cli/application.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/help.hpp"
#include "cli/session.hpp"
#include "model/english/words.hpp"

namespace wme::cli {

namespace {

constexpr const char* kDescription =
    "Plans, proves, rehearses and runs the recovery of a WaveMaker Enterprise installation.";

constexpr const char* kExamples =
    "  rehydrate inventory generate --fleet S --provider aws -o inventory.yaml\n"
    "  rehydrate plan dehydrate --inventory inventory.yaml -o plan.json\n"
    "  rehydrate show plan.json\n"
    "  rehydrate explain passivate-container";

const CLI::App& chosen_command(const CLI::App& root) {
  const CLI::App* at = &root;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

/// "rehydrate inventory check".
std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent ? full_name(*parent) + " " : "") + command.get_name();
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  return flags;
}

std::vector<std::string> commands_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* each : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(each->get_name());
  return names;
}

std::string about_unknown(const CLI::App& command, const std::string& argument) {
  if (argument.size() > 1 && argument.front() == '-') {
    const std::string flag = argument.substr(0, argument.find('='));
    const auto near = model::nearest_word(flag, flags_of(command));
    return "unknown option '" + flag + "'" + (near ? "; did you mean '" + *near + "'?" : "");
  }
  const std::vector<std::string> commands = commands_of(command);
  if (commands.empty()) return "unexpected argument '" + argument + "': it takes no more";
  return "unknown command '" + argument + "'; " + model::suggestion(argument, commands);
}

/// What is wrong with the arguments, and where to read about them.
Error usage_error(const CLI::App& root, const CLI::ParseError& wrong) {
  const CLI::App& command = chosen_command(root);
  // An argument that nobody knows is the better explanation for one that is missing.
  const std::vector<std::string> unknown = root.remaining(true);
  std::string what = unknown.empty() ? wrong.what() : about_unknown(command, unknown.front());
  while (what.ends_with('\n') || what.ends_with('.')) what.pop_back();
  const std::string name = full_name(command);
  return {ErrorCode::kInvalid, name + ": " + what + " (see `" + name + " --help`)"};
}

ExitStatus parse_and_run(CLI::App& root, Session& session, std::vector<std::string> arguments) {
  Console& console = session.console;
  if (arguments.empty()) {
    console.note(root.help());
    return ExitStatus::kBadInput;
  }
  std::ranges::reverse(arguments);  // as CLI11 wants them
  try {
    root.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    console.result(root.help());
    return ExitStatus::kDone;
  } catch (const CLI::CallForVersion& version) {
    console.result(std::string(version.what()) + "\n");
    return ExitStatus::kDone;
  } catch (const CLI::ParseError& wrong) {
    return session.fail(usage_error(root, wrong));
  }
  if (session.run) return session.run();
  console.note(root.help());  // `rehydrate inventory` alone
  return ExitStatus::kBadInput;
}

ExitStatus run_unguarded(const std::vector<std::string>& arguments, Console& console) {
  CLI::App root(kDescription, "rehydrate");
  root.formatter(std::make_shared<HelpFormatter>());
  root.footer(kExamples);
  root.set_version_flag("--version", "rehydrate " WME_VERSION, "Print the version");
  root.set_help_flag("-h,--help", "Print this help");
  Session session{console};
  add_commands(root, session);
  return parse_and_run(root, session, arguments);
}

}  // namespace

ExitStatus run(const std::vector<std::string>& arguments, Console& console) {
  ExitStatus status = ExitStatus::kFailed;
  try {
    status = run_unguarded(arguments, console);
  } catch (const std::bad_alloc&) {
    console.error(
        {ErrorCode::kFailed, "out of memory; is this machine large enough for the fleet?"});
  } catch (const std::exception& mistake) {
    console.error({ErrorCode::kFailed, std::string("a mistake of rehydrate itself: ") +
                                           mistake.what() + "; please report it"});
  }
  if (console.all_written()) return status;
  console.error({ErrorCode::kFailed, "stdout could not be written; is the disk full?"});
  return status == ExitStatus::kDone ? ExitStatus::kFailed : status;
}

}  // namespace wme::cli
