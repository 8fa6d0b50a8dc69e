#pragma once

#include <string>

#include "model/result.hpp"
#include "scenarios/rehearsal/scenario.hpp"

namespace CLI {
class App;
}

namespace wme::cli {

/// What is rehearsed, as rehearse and campaign are told: a scenario, or a procedure with an
/// inventory.
struct ScenarioChoice {
  std::string scenario;
  std::string procedure;
  std::string inventory;
  std::string durations;  ///< a file; empty: the model's
};
/// SCENARIO, --procedure, --inventory and --durations.
void add_scenario_options(CLI::App& command, ScenarioChoice& choice);
/// Error kInvalid: neither, or both; an unknown name; what load_scenario says. `command` is how the
/// message calls it: "rehearse".
Result<scenarios::Scenario> chosen_scenario(const ScenarioChoice& choice,
                                            const std::string& command);
/// " --durations FILE", as a shell takes it; empty: there is none.
std::string durations_words(const ScenarioChoice& choice);
/// "rehydrate rehearse --procedure restore --inventory i.yaml": how to choose the same again.
std::string command_of(const ScenarioChoice& choice, const std::string& command);

}  // namespace wme::cli
