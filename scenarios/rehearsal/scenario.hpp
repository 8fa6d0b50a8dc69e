#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/inventory.hpp"
#include "model/result.hpp"
#include "model/wme/installation.hpp"
#include "simulators/core/faults.hpp"

namespace wme::scenarios {

inline constexpr std::string_view kScenarioSchema = "rehydrate/scenario/1";

/// One part of a rehearsal: a procedure that is run, a time in which nothing happens, or a loss.
struct Act {
  enum class Kind { kRun, kWait, kLose };
  Kind kind = Kind::kRun;
  model::Procedure procedure = model::Procedure::kDehydrate;  ///< kRun
  std::chrono::seconds wait{0};                               ///< kWait
  std::vector<std::string> machines;  ///< kLose: names; empty: every machine of today
};

/// Where the executor is killed, and when somebody goes on with the run: by the action of the step
/// and its occurrence, counted over all processes of the run.
struct Kill {
  enum class Moment {
    kUnsent,   ///< its intent is written down, nothing was sent
    kUnheard,  ///< it was sent, what was said to it is not written down
    kWaiting,  ///< it is under way
    kEnded,    ///< its outcome has just been written down
  };
  std::string action;
  int occurrence = 1;
  Moment moment = Moment::kUnsent;
  std::chrono::seconds away{0};  ///< how long nobody is there
};
inline constexpr std::array<std::pair<Kill::Moment, std::string_view>, 4> kMoments{{
    {Kill::Moment::kUnsent, "unsent"},
    {Kill::Moment::kUnheard, "unheard"},
    {Kill::Moment::kWaiting, "waiting"},
    {Kill::Moment::kEnded, "ended"},
}};
constexpr std::string_view to_string(Kill::Moment moment) {
  return kMoments[static_cast<std::size_t>(moment)].second;
}

/// What lies between the executor and the simulated installation.
enum class Level {
  kWire,   ///< the drivers and the systems' own protocols
  kWorld,  ///< nothing: as a campaign does it (scenarios/campaign)
};

/// A rehearsal as an operator writes it down (`rehydrate/scenario/1`, docs/scenarios.md).
struct Scenario {
  std::string name;   ///< "dr-aws"
  std::string title;  ///< one line for people
  std::string description;
  std::filesystem::path inventory;  ///< as found from the scenario's folder
  std::vector<Act> acts;
  std::vector<simulators::FaultRule> faults;
  std::vector<Kill> kills;  ///< level kWorld only
  Level level = Level::kWire;
  /// How it has to end: empty, in the goal of its last procedure; "safe-stop", in any declared safe
  /// stop (model/wme/safe_stops.hpp); or in the one of that name.
  std::string expected_stop;
  std::optional<std::chrono::seconds> rto_target;
  std::optional<std::chrono::seconds> rpo_target;
  std::string bia_reference;   ///< for auditors: the business function behind it
  std::string risk_reference;  ///< and the risk
};

inline constexpr std::string_view kGoal = "goal";
inline constexpr std::string_view kAnySafeStop = "safe-stop";

/// Reads a scenario file. Error kInvalid: every defect with file, line, column, reason and mend.
Result<Scenario> load_scenario(const std::filesystem::path& path);

/// The file of a scenario; its inventory as it stands there. load_scenario gives the same back.
/// Names and operations are those that were read, or the model's.
std::string to_yaml(const Scenario& scenario);

/// The faults alone: a YAML list, as under `faults:` in a scenario. Errors as load_scenario.
Result<std::vector<simulators::FaultRule>> load_faults(const std::filesystem::path& path);

/// What `--procedure P --inventory F` rehearses: that procedure alone.
Scenario scenario_of(model::Procedure procedure, const std::filesystem::path& inventory);

/// The procedure whose entities the scenario's world needs: the one with most of them.
model::Procedure world_of(const Scenario& scenario);

}  // namespace wme::scenarios
