#pragma once

#include <string>
#include <vector>

#include "executor/engine/executor.hpp"
#include "executor/ports/container_lister.hpp"
#include "model/planner/plan.hpp"
#include "model/wme/durations.hpp"
#include "scenarios/rehearsal/scenario.hpp"
#include "scenarios/report/report.hpp"
#include "simulators/core/world.hpp"

/// From what happened to what the report says. Pure functions of recorded facts.
namespace wme::scenarios {

/// One act that was run.
struct ActRecord {
  model::Procedure procedure = model::Procedure::kDehydrate;
  model::Plan plan;
  executor::RunResult result;
  TimePoint start{};
  TimePoint end{};
  std::string proof;                ///< what the checker said of the plan, in one line
  model::Durations durations = {};  ///< what was expected of its steps
};

Phase phase_of(const ActRecord& act, std::size_t number);
std::vector<InvariantResult> invariant_results(const simulators::World& world);
std::vector<RuleViolation> violation_records(const simulators::World& world);
std::vector<ContainerComparison> comparison(const model::Inventory& inventory,
                                            const std::vector<executor::ContainerIdentity>& before,
                                            const std::vector<executor::ContainerIdentity>& after,
                                            bool restored);
/// "1 Platform, 1 StudioWorkspace, 1 AppDeployment, 6 containers".
std::string fleet_text(const model::Inventory& inventory);

/// When the last complete backup captured the trees; none before that.
std::optional<TimePoint> recovery_point(const simulators::World& world);
/// `durations`: the file that its times are from; empty: they are the model's.
Exercise exercise_of(const Scenario& scenario, const model::Inventory& inventory,
                     const std::string& durations);

}  // namespace wme::scenarios
