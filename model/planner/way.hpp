#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "model/planner/planner.hpp"
#include "model/planner/reach.hpp"
#include "model/planner/repertoire.hpp"

namespace wme::model {

/// Whether goals can be reached from a state, and how.
struct Way {
  enum class Answer {
    kThere,      ///< the actions lead there; each was tried on the model
    kNone,       ///< nothing leads there: shown, not merely not found
    kUndecided,  ///< none was found, and it is not shown that there is none
  };
  Answer answer = Answer::kUndecided;
  std::vector<GroundAction> actions;  ///< in an order that works; those not needed left out
  std::string why;                    ///< when there is none, or none was found
};

struct WayBounds {
  std::size_t tries_max = 20'000;  ///< of actions, working backwards
  std::size_t states_max = 3'000;  ///< looked at, working forwards
};

/// Plans from any state to one list of goals, when nothing goes wrong any more and each action ends
/// before the next begins. What is under way in the state counts as ended: end it first, since no
/// action is there for what waits for the end of another.
///
/// Exact as far as it answers: `kThere` has been carried out on the model, guards and all; `kNone`
/// rests on one of two arguments: the delete relaxation rules a goal out (reach.hpp; any size of
/// fleet), or every state that can be reached was looked at. Between the two it works backwards
/// (search.hpp), then forwards, breadth first, up to the bounds; else it is undecided.
class WaySearch {
 public:
  WaySearch(const GroundModel& model, std::vector<Goal> goals, Repertoire repertoire,
            const WayBounds& bounds = {});

  const std::vector<Goal>& goals() const { return goals_; }
  bool holds(const State& state) const;
  /// The first goal that does not hold, with the leaf; "" when all do.
  std::string what_is_missing(const State& state) const;
  Way from(const State& state);

 private:
  std::string ruled_out(const Reach& reach) const;
  Way breadth_first(const State& from);
  /// Leaves out what the rest does not need, one by one and by pairs; so only for short ones.
  void trim(const State& from, std::vector<GroundAction>& actions) const;
  bool leads_there(const State& from, const std::vector<GroundAction>& actions,
                   std::initializer_list<std::size_t> without) const;

  const GroundModel& model_;
  Actions actions_;
  std::vector<Goal> goals_;
  std::vector<GroundFormula> formulas_;
  WayBounds bounds_;
};

/// After the request and the first outcome.
State state_after(const GroundAction& action, State state);

}  // namespace wme::model
