#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
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

/// A rehearsal as an operator writes it down (`rehydrate/scenario/1`, docs/scenarios.md).
struct Scenario {
  std::string name;   ///< "dr-aws"
  std::string title;  ///< one line for people
  std::string description;
  std::filesystem::path inventory;  ///< as found from the scenario's folder
  std::vector<Act> acts;
  std::vector<simulators::FaultRule> faults;
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

/// The faults alone: a YAML list, as under `faults:` in a scenario. Errors as load_scenario.
Result<std::vector<simulators::FaultRule>> load_faults(const std::filesystem::path& path);

/// What `--procedure P --inventory F` rehearses: that procedure alone.
Scenario scenario_of(model::Procedure procedure, const std::filesystem::path& inventory);

}  // namespace wme::scenarios
