#pragma once

#include <string>
#include <vector>

#include "executor/engine/executor.hpp"
#include "scenarios/progress/progress.hpp"

/// What a run says of itself to people: while it goes on, and when it did not reach its end.
namespace wme::scenarios {

/// One event of a run, for whoever watches it.
void tell(Progress& progress, const model::Plan& plan, const executor::RunEvent& event);

/// The reason with which a run's progress ends: empty when it reached its end. Which step failed,
/// and why, was told when it happened, and is not told again.
std::string stop_reason(const executor::RunResult& result);

/// Why a run stopped, one line for each step that failed: which step, what was expected, what was
/// seen. The error of the run itself when no step failed. Never empty for a run that is not done.
std::vector<std::string> what_failed(const model::Plan& plan, const executor::RunResult& result);

/// How far a run came that did not reach its end, and whether developers are locked out, a line
/// each.
std::vector<std::string> how_it_stands(const model::GroundModel& model, const model::Plan& plan,
                                       const model::PlanOrder& order,
                                       const executor::RunResult& result);

/// How a run that did not reach its end has left the installation, and what can be done next, a
/// line each: how far it came, logins, the point of no return, the next steps of the plan, the
/// first steps to go back by. All by the model: the plan's start and what was seen to be done.
std::vector<std::string> what_next(const model::GroundModel& model, const model::Plan& plan,
                                   const model::PlanOrder& order,
                                   const executor::RunResult& result);

}  // namespace wme::scenarios
