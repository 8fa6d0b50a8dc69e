#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "executor/engine/executor.hpp"
#include "executor/engine/history.hpp"
#include "executor/journal/journal.hpp"
#include "executor/lease/lease.hpp"
#include "model/inventory.hpp"

namespace wme::cli {

/// One plan of a run, ready to be gone on with.
struct OpenLeg {
  std::string to;    ///< "plan", "abort", "undo"
  std::string goal;  ///< of an abort: the safe stop
  model::Plan plan;
  model::PlanOrder order;
  std::vector<model::Goal> goals;
  model::State state;                             ///< as the journal tells it
  std::vector<executor::StepHistory> steps = {};  ///< by position in the plan

  executor::Leg leg(const model::GroundModel& model) const {
    return {model, plan, order, goals, state, steps};
  }
};

/// A run, as its journal alone tells it: what status shows and what resume, abort and undo go on
/// from, on this machine or another.
struct JournalRun {
  std::string location;
  executor::History history;
  std::string inventory_text;
  model::Inventory inventory;
  std::unique_ptr<const model::GroundModel> model;
  model::Procedure procedure = model::Procedure::kDehydrate;
  std::vector<OpenLeg> legs;  ///< the last one is the one under way
  std::size_t entries = 0;

  const OpenLeg& now() const { return legs.back(); }
};

/// Verifies the whole chain and replays it through the model. Errors: those of the journal;
/// kInvalid when it lacks what it needs; kRefused when it was written with another model; kFailed
/// when the model forbids what it tells.
Result<JournalRun> read_run(const executor::Journal& journal, const std::string& location);

/// Who carries the run of this journal out now, by the lock on its installation; none when nobody
/// does. Opens the journal to read, and closes it. Errors as read_run and those of the lock.
Result<std::optional<executor::Holder>> carrier_of(const std::string& journal);

/// The state in which the installation comes to rest when nothing new is begun: what is under way
/// has ended well.
model::State at_rest(const model::GroundModel& model, const OpenLeg& leg);

}  // namespace wme::cli
