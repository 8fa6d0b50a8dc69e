#pragma once

#include <optional>
#include <vector>

#include "model/checker/property.hpp"

namespace wme::model {

/// One event of a concrete run.
struct Happening {
  enum class Kind {
    kRequest,
    kOutcome,
    kEnvironment,
    // What the executor makes of a run in which faults may happen:
    kFoundDone,    ///< the guard is closed, for what the step does is there or under way: it waits
    kLostRequest,  ///< sent and never arrived: it looks, and asks again
    kLostAnswer,   ///< sent and obeyed, but it does not know: it looks
    kStaleRead,  ///< has seen the guard open, and will send the request whatever happens meanwhile
  };
  Kind kind = Kind::kRequest;
  std::size_t what = 0;     ///< a step, or a position in GroundPlan::environment()
  std::size_t outcome = 0;  ///< of the action; 0 is "done"
  bool operator==(const Happening&) const = default;
};
using Trace = std::vector<Happening>;

/// Nobody plans it: it takes of the budget.
inline bool is_fault(const Happening& each) {
  return each.kind != Happening::Kind::kRequest && each.kind != Happening::Kind::kFoundDone &&
         (each.kind != Happening::Kind::kOutcome || each.outcome > 0);
}
inline Happening requests(std::size_t step) { return {Happening::Kind::kRequest, step, 0}; }
inline Happening ends(std::size_t step, std::size_t outcome = 0) {
  return {Happening::Kind::kOutcome, step, outcome};
}

/// Runs a plan, event by event, with the model's one interpreter: whatever the checkers claim about
/// a concrete run goes through here before anybody is told.
class Replay {
 public:
  explicit Replay(const GroundPlan& plan);

  enum class Status : std::uint8_t { kWaiting, kRunning, kDone, kFailed };

  /// Whether the plan's edges, the steps' status and the executor's policy allow it next. (A closed
  /// guard does not count: meeting it is a violation.)
  bool possible(const Happening& happening) const;
  /// What it breaks: conditions of a guard that do not hold (the request is then not carried out),
  /// or state properties that held before. Requires possible().
  std::vector<Obligation> take(const Happening& happening);
  /// The goals that do not hold, judged once every step is done.
  std::vector<Obligation> missed_goals() const;

  const State& state() const { return state_; }
  Status status(std::size_t step) const { return status_[step]; }
  bool all_done() const { return done_ == plan_.size(); }

 private:
  std::vector<Obligation> change(const std::vector<GroundEffect>& effects, std::size_t step,
                                 bool at_request);
  bool is_ready(std::size_t step) const;
  bool is_open(std::size_t step) const;

  const GroundPlan& plan_;
  State state_;
  std::vector<Status> status_;
  std::size_t done_ = 0;
  std::size_t committed_ = Obligation::kNoStep;  ///< whose guard is not looked at again
};

/// Where a trace ends.
struct ReplayEnd {
  std::vector<Obligation> broken;  ///< by its last event, or by the goals once all is done
  State state;                     ///< after the last event that was carried out
  State before;                    ///< before the last event
};
/// None when the trace is no run of the plan: an event is not possible, or a request before the
/// last event is refused.
std::optional<ReplayEnd> replayed(const GroundPlan& plan, const Trace& trace);

}  // namespace wme::model
