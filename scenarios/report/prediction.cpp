#include "scenarios/report/prediction.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace wme::scenarios {

std::vector<ActionPrediction> predictions(const Phase& phase) {
  std::map<std::string, ActionPrediction> found;
  std::map<std::string, std::vector<Duration>> took;
  for (const ReportStep& each : phase.steps) {
    if (!each.predicted || !each.start || !each.end || each.status != StepStatus::kDone) continue;
    found[each.action] = {each.action, 0, *each.predicted, {}};
    took[each.action].push_back(*each.end - *each.start);
  }
  std::vector<ActionPrediction> all;
  for (auto& [action, prediction] : found) {
    std::vector<Duration>& times = took[action];
    std::ranges::sort(times);
    prediction.steps = times.size();
    prediction.actual = times[(times.size() + 1) / 2 - 1];
    all.push_back(prediction);
  }
  return all;
}

std::optional<Duration> predicted_length(const Phase& phase) {
  std::map<std::string_view, Duration> ends;
  Duration length{0};
  // Plans list their steps in an order that their edges allow: one round, and one to see that it
  // was enough. Bounded, for a report of a cyclic plan.
  for (std::size_t round = 0; round <= phase.steps.size(); ++round) {
    bool moved = false;
    for (const ReportStep& each : phase.steps) {
      if (!each.predicted) return std::nullopt;
      Duration begins{0};
      for (const Dependency& before : each.after)
        if (const auto end = ends.find(before.step); end != ends.end())
          begins = std::max(begins, end->second);
      Duration& end = ends[each.id];
      moved = moved || end != begins + *each.predicted;
      end = begins + *each.predicted;
      length = std::max(length, end);
    }
    if (!moved) return length;
  }
  return std::nullopt;
}

}  // namespace wme::scenarios
