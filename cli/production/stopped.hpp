#pragma once

#include "cli/exit_status.hpp"
#include "cli/production/journal_run.hpp"
#include "cli/session.hpp"
#include "executor/journal/stored_journal.hpp"

namespace wme::cli {

/// Says, once and in one place, what an operator has to know when a leg's end was not reached: what
/// failed, how it stands, what the model says can be done, with the commands that do it.
ExitStatus say_stopped(Session& session, const model::GroundModel& model, const OpenLeg& leg,
                       const executor::RunResult& result, const executor::StoredJournal& journal);

/// The lines of what can be done with a leg whose steps are known, for status, too.
std::vector<std::string> what_can_be_done(const model::GroundModel& model, const OpenLeg& leg,
                                          const model::State& state, const std::string& location);

}  // namespace wme::cli
