#pragma once

#include <string>
#include <vector>

#include "model/trace/trace_file.hpp"
#include "scenarios/rehearsal/rehearsal.hpp"
#include "simulators/core/world.hpp"

namespace wme::scenarios {

/// What became of one event on the simulators.
struct StagedEvent {
  std::string door;  ///< "cloud", "launchpad", …; "world" for what no door carries; "" for nothing
  std::string said;     ///< the receipt, the system's own error, or why nothing was sent
  bool failed = false;  ///< the system said no
};

/// A counterexample's run, repeated on the simulators.
struct StagedReplay {
  std::vector<StagedEvent> events;                ///< one for each of the trace
  std::vector<simulators::Violation> violations;  ///< everything that the world has recorded
  /// The first event, but for the last, that the systems refuse and the model allows, or after
  /// which variables are not in the world what they are in the model.
  std::vector<std::string> differences;
  std::string without_drivers;  ///< why nothing goes through the doors here; empty: it does
  bool reproduced = false;      ///< it ends in what the trace says
  bool beyond_sight = false;    ///< no system could see it: what is wrong only the executor knows
  std::string end;              ///< in words: how it ended
};

/// Repeats the run event by event. Requests go through the production drivers and, over sockets,
/// the simulators' own front ends; what happens by itself, happens in the world. Time stands still:
/// a request ends when the trace says so. An action that nobody can see under way (it makes nothing
/// so when it is requested) is sent when it ends, for a simulator does it at once. A request that
/// the model refuses is reproduced when the simulators record its rule, or somebody says no to it.
/// `options`: wire and directory are used. Errors: kInvalid, kFailed when the simulators cannot be
/// started.
Result<StagedReplay> replay_on_stage(const model::Inventory& inventory,
                                     const model::GroundPlan& plan, const model::BoundTrace& trace,
                                     const RehearsalOptions& options);

}  // namespace wme::scenarios
