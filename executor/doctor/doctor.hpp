#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "executor/ports/surveys.hpp"
#include "model/inventory.hpp"
#include "model/language/ground.hpp"
#include "model/planner/plan.hpp"

/// What `rehydrate doctor` finds out before a run: whether everything that the run needs is there.
/// Only reads; what could not be looked at is said, never passed over.
namespace wme::executor {

enum class Verdict {
  kOk,
  kWarning,     ///< the run can go on; somebody should know
  kFailed,      ///< the run would meet it
  kNotChecked,  ///< nobody looked, or nobody can tell: the reason stands in `measured`
};
std::string_view to_string(Verdict verdict);  ///< "ok", "warning", "failed", "not-checked"

struct Check {
  std::string area;  ///< "space"
  std::string name;  ///< "/wm-data of platform"
  Verdict verdict = Verdict::kNotChecked;
  std::string measured;      ///< what was seen, or why nothing was
  std::string mend{};        ///< what to do about it; empty when there is nothing to do
  bool unreachable = false;  ///< failed because nobody answered
  std::chrono::sys_time<std::chrono::milliseconds> at{};
};

/// When changes are allowed.
struct ChangeWindow {
  std::chrono::sys_seconds from;
  std::chrono::sys_seconds to;
};

struct DoctorTask {
  const model::Inventory& inventory;
  /// Of the plan's procedure, or of dehydrate without a plan: says what should be up now.
  const model::GroundModel& model;
  const model::Plan* plan = nullptr;  ///< none: what only a plan can tell is not checked
  long expected_s = 0;                ///< how long the plan takes, its longest chain
  std::optional<ChangeWindow> window{};
};

/// A door that cannot be opened is the reason why.
struct DoctorDoors {
  Result<LaunchpadSurvey*> launchpad;
  Result<ConfigWizardSurvey*> config_wizard;
  Result<CloudSurvey*> cloud;
  HostSurvey& hosts;  ///< is asked by several threads
};

struct Examination {
  std::vector<Check> checks;
  /// The least rights that the plan needs, in the cloud's own language; empty without a plan.
  std::string policy;
  bool policy_falls_short = false;  ///< some right of it is missing
};

/// Blocks until every door has answered or given up; a door that does not answer fails its own
/// checks only. `wall_time` is this machine's clock.
Examination examine(const DoctorTask& task, const DoctorDoors& doors, const WallTime& wall_time);

}  // namespace wme::executor
