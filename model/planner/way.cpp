#include "model/planner/way.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/planner/search.hpp"

namespace wme::model {

namespace {

bool is_open(const GroundAction& action, const State& state) {
  return std::ranges::all_of(action.guard, [&](const GroundCondition& condition) {
    return evaluate(condition.formula, state);
  });
}

struct Hash {
  std::size_t operator()(const State& state) const {
    std::size_t hash = 1469598103934665603U;  // FNV-1a
    for (const Value value : state) hash = (hash ^ value) * 1099511628211U;
    return hash;
  }
};

}  // namespace

State state_after(const GroundAction& action, State state) {
  apply(action.request, state);
  apply(action.outcomes.front(), state);
  return state;
}

WaySearch::WaySearch(const GroundModel& model, std::vector<Goal> goals, Repertoire repertoire,
                     const WayBounds& bounds)
    : model_(model), actions_(model, repertoire), goals_(std::move(goals)), bounds_(bounds) {
  for (const Goal& each : goals_) formulas_.push_back(model.ground(each.formula));
}

bool WaySearch::holds(const State& state) const {
  return std::ranges::all_of(formulas_,
                             [&](const GroundFormula& each) { return evaluate(each, state); });
}

std::string WaySearch::what_is_missing(const State& state) const {
  for (std::size_t i = 0; i < goals_.size(); ++i)
    if (!evaluate(formulas_[i], state))
      return goals_[i].words + ": " + why_not(model_, formulas_[i], state);
  return "";
}

std::string WaySearch::ruled_out(const Reach& reach) const {
  for (std::size_t i = 0; i < goals_.size(); ++i)
    if (const std::string why = reach.why_never(formulas_[i]); !why.empty())
      return goals_[i].words + ": " + why;
  return "";
}

Way WaySearch::from(const State& state) {
  if (holds(state)) return {Way::Answer::kThere, {}, ""};
  const Reach reach(actions_, state);
  if (std::string why = ruled_out(reach); !why.empty())
    return {Way::Answer::kNone, {}, std::move(why)};
  Result<std::vector<GroundAction>> found =
      sequence_to(actions_, state, goals_, {bounds_.tries_max, &reach});
  if (found && leads_there(state, found.value(), {})) {
    trim(state, found.value());
    return {Way::Answer::kThere, std::move(found).value(), ""};
  }
  Way way = breadth_first(state);
  if (way.answer == Way::Answer::kUndecided)
    way.why = found ? "the sequence that was found does not lead there" : found.error().message;
  return way;
}

Way WaySearch::breadth_first(const State& from) {
  struct Arrival {
    State state;
    std::size_t before = 0;
    const GroundAction* by = nullptr;
  };
  std::vector<Arrival> seen{{from, 0, nullptr}};
  std::unordered_set<State, Hash> known{from};
  for (std::size_t at = 0; at < seen.size(); ++at)
    for (const GroundAction* action : actions_.all()) {
      if (!is_open(*action, seen[at].state)) continue;
      State next = state_after(*action, seen[at].state);
      if (!known.insert(next).second) continue;
      const bool there = holds(next);
      seen.push_back({std::move(next), at, action});
      if (there) {
        Way way{Way::Answer::kThere, {}, ""};
        for (std::size_t i = seen.size() - 1; i > 0; i = seen[i].before)
          way.actions.push_back(*seen[i].by);
        std::ranges::reverse(way.actions);
        return way;
      }
      if (seen.size() > bounds_.states_max) return {};
    }
  return {Way::Answer::kNone,
          {},
          "none of the " + std::to_string(seen.size()) +
              " states that can be reached will do; here " + what_is_missing(from)};
}

bool WaySearch::leads_there(const State& from, const std::vector<GroundAction>& actions,
                            std::initializer_list<std::size_t> without) const {
  State state = from;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (std::ranges::find(without, i) != without.end()) continue;
    if (!is_open(actions[i], state)) return false;
    apply(actions[i].request, state);
    apply(actions[i].outcomes.front(), state);
  }
  return holds(state);
}

void WaySearch::trim(const State& from, std::vector<GroundAction>& actions) const {
  constexpr std::size_t kLongest = 200;
  constexpr std::size_t kLongestForPairs = 40;
  if (actions.size() > kLongest) return;
  const auto drop = [&](std::size_t i) {
    actions.erase(actions.begin() + static_cast<std::ptrdiff_t>(i));
  };
  for (std::size_t i = actions.size(); i-- > 0;)
    if (leads_there(from, actions, {i})) drop(i);
  if (actions.size() > kLongestForPairs) return;
  // What is started only to be stopped again.
  for (std::size_t i = 0; i < actions.size(); ++i)
    for (std::size_t j = i + 1; j < actions.size(); ++j)
      if (leads_there(from, actions, {i, j})) {
        drop(j);
        drop(i);
        j = i;
      }
}

}  // namespace wme::model
