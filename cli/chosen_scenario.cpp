#include "cli/chosen_scenario.hpp"

#include <CLI/CLI.hpp>

#include "model/english/words.hpp"
#include "scenarios/rehearsal/library.hpp"

namespace wme::cli {

namespace {

/// A word of a command line, as a shell takes it.
std::string shell_word(const std::string& text) {
  constexpr const char* kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+,=";
  if (!text.empty() && text.find_first_not_of(kSafe) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char each : text) quoted += each == '\'' ? std::string("'\\''") : std::string(1, each);
  return quoted + "'";
}

}  // namespace

void add_scenario_options(CLI::App& command, ScenarioChoice& choice) {
  command.add_option("SCENARIO", choice.scenario, "A scenario's name, or its file");
  command.add_option("--procedure", choice.procedure, "Rehearse this procedure alone");
  command
      .add_option("-i,--inventory", choice.inventory,
                  "What is rehearsed; with a scenario, instead of the scenario's own")
      ->type_name("FILE");
  command
      .add_option("--durations", choice.durations,
                  "How long actions take, as rehydrate calibrate found out; without it, as the "
                  "model says")
      ->type_name("FILE");
}

Result<scenarios::Scenario> chosen_scenario(const ScenarioChoice& choice,
                                            const std::string& command) {
  if (choice.scenario.empty() == choice.procedure.empty())
    return Error{ErrorCode::kInvalid, "name what to rehearse: a scenario (rehydrate " + command +
                                          " dr-aws), or a procedure with an inventory "
                                          "(--procedure P --inventory F)"};
  if (choice.procedure.empty()) {
    Result<std::filesystem::path> file = scenarios::find_scenario(choice.scenario);
    if (!file) return file.error();
    Result<scenarios::Scenario> scenario = scenarios::load_scenario(file.value());
    if (scenario && !choice.inventory.empty()) scenario.value().inventory = choice.inventory;
    return scenario;
  }
  const auto procedure = model::procedure_from(choice.procedure);
  if (!procedure)
    return Error{
        ErrorCode::kInvalid,
        "unknown procedure '" + choice.procedure + "'; " +
            model::suggestion(choice.procedure, {"dehydrate", "restore", "rotate", "upgrade"})};
  if (choice.inventory.empty())
    return Error{ErrorCode::kInvalid, "--procedure needs --inventory F: what is rehearsed"};
  return scenarios::scenario_of(*procedure, choice.inventory);
}

std::string durations_words(const ScenarioChoice& choice) {
  return choice.durations.empty() ? "" : " --durations " + shell_word(choice.durations);
}

std::string command_of(const ScenarioChoice& choice, const std::string& command) {
  std::string text = "rehydrate " + command;
  if (!choice.scenario.empty()) text += " " + shell_word(choice.scenario);
  if (!choice.procedure.empty()) text += " --procedure " + choice.procedure;
  if (!choice.inventory.empty()) text += " --inventory " + shell_word(choice.inventory);
  return text + durations_words(choice);
}

}  // namespace wme::cli
