#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/checker/counterexample.hpp"
#include "model/checker/explorer.hpp"
#include "model/checker/faults.hpp"
#include "model/checker/ground_plan.hpp"
#include "model/checker/replay.hpp"
#include "model/planner/way.hpp"

/// Recoverability: from wherever a run comes to rest, the goals or a declared safe stop can still
/// be reached; and how long the installation can be brought back to where it was.
///
/// Judging the states at rest is enough. The states of plan x policy x environment are acyclic
/// (explorer.hpp): from every reachable state, faults included, a run in which nothing more goes
/// wrong comes to rest, so that a state from which nothing good can be reached ends in one at rest
/// from which nothing can.
namespace wme::model {

/// Where a run came to rest: nothing more happens unless the environment acts.
struct Rest {
  enum class Kind {
    kGoals,      ///< every goal holds
    kSafeStop,   ///< a declared safe stop holds
    kGoesOn,     ///< the goals can be reached from here
    kReachable,  ///< a safe stop can be
    kUndecided,  ///< no way was found, and it is not shown that there is none
    kDeadEnd,    ///< nothing leads to the goals or to a safe stop
  };
  Kind kind = Kind::kUndecided;
  std::size_t stop = 0;   ///< position in safe_stops(), for kSafeStop and kReachable
  std::size_t steps = 0;  ///< of the way, for kGoesOn and kReachable
  std::string why;        ///< for kDeadEnd and kUndecided: what is missing
};

/// Judges states at rest, each valuation once.
class RestJudge {
 public:
  explicit RestJudge(const GroundModel& model, const WayBounds& bounds = {});
  const Rest& judge(const State& state);
  std::size_t judged() const { return known_.size(); }

 private:
  Rest judged_anew(const State& state);

  WaySearch goals_;
  std::vector<WaySearch> stops_;
  std::map<State, Rest> known_;
};

/// What was looked at, and how it ended.
struct DeadEnds {
  enum class Strength {
    kExplored,   ///< every state at rest that can be reached
    kSampled,    ///< some runs, as `how` says
    kUndecided,  ///< of some state it is not known (`undecided`)
  };
  Strength strength = Strength::kSampled;
  std::string how;                   ///< in words, with the numbers
  std::size_t runs = 0;              ///< that were carried out, when sampled
  std::size_t rests = 0;             ///< different valuations at rest
  std::size_t goals = 0;             ///< of them in the goals
  std::size_t goes_on = 0;           ///< from which the goals can be reached
  std::size_t steps_max = 0;         ///< of the longest way to the goals or to a safe stop
  std::vector<std::size_t> at;       ///< in each safe stop, or with a way to it, as in safe_stops()
  std::vector<std::string> assumed;  ///< by what the environment does without any plan
  std::vector<std::string> undecided;  ///< what is missing there
  std::vector<Counterexample> dead;    ///< the first of each kind; each trace has been replayed
};

struct SampleOptions {
  FaultBudget faults;
  std::size_t events_max = 4'000'000;  ///< of all runs together
};

/// Follows the plan in its own order, without a fault and with each single fault of the budget
/// before each of its events, until nothing more can happen. Requires the plan's environment if
/// the budget is not empty. Lost requests are left out: the executor asks again, and nothing has
/// changed.
DeadEnds sample_dead_ends(const GroundPlan& plan, const SampleOptions& options);

/// The same for every state at rest of plan x policy x environment: explored when no bound was met,
/// else undecided. `options.at_rest` is not looked at. Requires the plan's environment likewise.
DeadEnds explore_dead_ends(const GroundPlan& plan, ExploreOptions options);

/// A way that was found, step by step, for people.
struct WayInWords {
  std::vector<std::string> actions;    ///< "start-machine platform"
  std::vector<std::string> sentences;  ///< "Start the machine platform"
  long typical_s = 0;                  ///< one after the other
};
WayInWords in_words(const GroundModel& model, const Way& way);

/// How long the installation can be brought back to where it was.
struct NoReturn {
  bool is_known = true;                ///< else `why` says what is not
  std::vector<std::string> where;      ///< what "where it was" means here
  std::vector<std::size_t> steps;      ///< after the first of these there is no way back
  std::string why;                     ///< what cannot come again after the first of `steps`
  bool is_exact = true;                ///< a run has a way back exactly while it has done none
  std::size_t still = 0;               ///< steps that do not come after any of them
  WayInWords longest;                  ///< back, after all of those
  std::vector<WayInWords> after_step;  ///< by count of steps done in the plan's order; small plans
};

/// A way back from later is one from earlier: go on, then back. So along the order of the plan the
/// way back ends once, and a step that ends it does so in every interleaving: the search asks only
/// for the last moment with a way back (by halving), and for the steps that end it. Exact where
/// WaySearch is, for a plan whose own order runs through.
NoReturn no_return(const GroundPlan& plan, std::size_t steps_max_for_each = 150);

}  // namespace wme::model
