#include "scenarios/campaign/judge.hpp"

#include <algorithm>

#include "model/language/interpreter.hpp"
#include "model/wme/safe_stops.hpp"
#include "simulators/core/truth.hpp"

namespace wme::scenarios {

namespace {

constexpr std::size_t kShown = 3;  // of what is wrong in one respect

/// A fault that nobody gets over excuses a stop only if it came into play.
bool had_to_be_survived(const std::set<Pair>& met) {
  return std::ranges::all_of(met,
                             [](const Pair& each) { return facts_of(each.kind).to_be_survived; });
}

void name_broken_rules(const simulators::World& world, TrialResult& result) {
  for (std::size_t i = 0; i < std::min(world.violations().size(), kShown); ++i) {
    const simulators::Violation& each = world.violations()[i];
    result.breaches.push_back({"rules", (each.rule.empty() ? "an order" : each.rule) +
                                            " was broken by " + each.action + ": " +
                                            each.sentence});
  }
}

void find_stop(const model::State& end, const std::vector<model::GroundFormula>& stops,
               TrialResult& result) {
  for (std::size_t i = 0; i < stops.size() && result.stop.empty(); ++i)
    if (model::evaluate(stops[i], end)) result.stop = model::safe_stops()[i].name;
  if (result.stop.empty())
    result.breaches.push_back(
        {"ends-well", "it stopped in no declared safe stop: " + result.reason});
  else if (had_to_be_survived(result.met))
    result.breaches.push_back({"ends-well", "it gave up in " + result.stop +
                                                ", where it could have gone on: " + result.reason});
}

void compare(const Course& course, const simulators::World& world, TrialResult& result) {
  const model::GroundModel& model = world.model();
  const model::State& end = world.state();
  std::size_t shown = 0;
  for (model::Variable each = 0; each < end.size() && shown < kShown; ++each) {
    if (end[each] == course.end[each]) continue;
    ++shown;
    result.breaches.push_back({"same-end", model.text(each) + " is " +
                                               model.value_text(each, end[each]) +
                                               " at the end, where an undisturbed run leaves " +
                                               model.value_text(each, course.end[each])});
  }
}

void find_repetitions(const Course& course, const simulators::World& world, TrialResult& result) {
  std::size_t shown = 0;
  for (const auto& [action, times] : requests_of(world)) {
    const auto known = course.requests.find(action);
    const int expected = known == course.requests.end() ? 0 : known->second;
    if (times <= expected || simulators::is_only_noted(action) || shown == kShown) continue;
    ++shown;
    result.breaches.push_back({"nothing-twice", action + " took effect " + std::to_string(times) +
                                                    " times, undisturbed " +
                                                    std::to_string(expected)});
  }
}

}  // namespace

std::map<std::string, int> requests_of(const simulators::World& world) {
  std::map<std::string, int> counted;
  for (const simulators::Event& each : world.events()) {
    if (each.phase == "done") continue;
    counted[each.action] += each.phase == "request" ? 1 : -1;
  }
  return counted;
}

void judge(const Course& course, const simulators::World& world,
           const std::vector<model::GroundFormula>& stops, TrialResult& result) {
  name_broken_rules(world, result);
  if (!result.reached_goal) find_stop(world.state(), stops, result);
  if (!course.reaches_its_goal) return;  // nothing to compare with
  if (result.reached_goal) compare(course, world, result);
  find_repetitions(course, world, result);
}

}  // namespace wme::scenarios
