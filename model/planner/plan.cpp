#include "model/planner/plan.hpp"

#include <algorithm>
#include <utility>

#include "model/wme/actions.hpp"

namespace wme::model {

namespace {

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

/// The steps of one cycle, "s3 → s7 → s3", found by walking predecessors that are not yet ordered.
std::string cycle_text(const Plan& plan, const std::vector<std::vector<std::size_t>>& predecessors,
                       const std::vector<bool>& ordered) {
  std::size_t at = static_cast<std::size_t>(std::ranges::find(ordered, false) - ordered.begin());
  std::vector<std::size_t> path;
  while (std::ranges::find(path, at) == path.end()) {
    path.push_back(at);
    at = *std::ranges::find_if(predecessors[at], [&](std::size_t p) { return !ordered[p]; });
  }
  std::string text = plan.steps[at].id;
  for (auto step = std::ranges::find(path, at); step != path.end(); ++step)
    if (*step != at) text += " after " + plan.steps[*step].id;
  return text + " after " + plan.steps[at].id;
}

}  // namespace

Result<PlanOrder> PlanOrder::of(const Plan& plan) {
  PlanOrder made;
  const std::size_t count = plan.steps.size();
  for (std::size_t i = 0; i < count; ++i)
    if (!made.index_.emplace(plan.steps[i].id, i).second)
      return invalid("step " + plan.steps[i].id +
                     " stands in the plan twice; give each its own id");
  made.predecessors_.resize(count);
  std::vector<std::vector<std::size_t>> successors(count);
  std::vector<std::size_t> waits_for(count, 0);
  for (std::size_t i = 0; i < count; ++i)
    for (const Edge& edge : plan.steps[i].after) {
      const auto from = made.index_.find(edge.step);
      if (from == made.index_.end())
        return invalid("step " + plan.steps[i].id + " waits for " + edge.step +
                       ", which is not in the plan; plan again");
      made.predecessors_[i].push_back(from->second);
      successors[from->second].push_back(i);
      ++waits_for[i];
    }
  std::vector<bool> ordered(count, false);
  std::vector<std::size_t> ready;
  for (std::size_t i = count; i-- > 0;)
    if (waits_for[i] == 0) ready.push_back(i);
  while (!ready.empty()) {
    const std::size_t next = ready.back();
    ready.pop_back();
    made.order_.push_back(next);
    ordered[next] = true;
    for (std::size_t k = successors[next].size(); k-- > 0;)
      if (--waits_for[successors[next][k]] == 0) ready.push_back(successors[next][k]);
  }
  if (made.order_.size() != count)
    return invalid("the steps wait for each other in a circle: " +
                   cycle_text(plan, made.predecessors_, ordered) + "; plan again");
  made.words_ = (count + 63) / 64;
  made.ancestors_.assign(count * made.words_, 0);
  for (const std::size_t step : made.order_)
    for (const std::size_t before : made.predecessors_[step]) {
      for (std::size_t w = 0; w < made.words_; ++w)
        made.ancestors_[step * made.words_ + w] |= made.ancestors_[before * made.words_ + w];
      made.ancestors_[step * made.words_ + before / 64] |= std::uint64_t{1} << (before % 64);
    }
  return made;
}

std::size_t PlanOrder::index_of(const std::string& id) const { return index_.at(id); }

PlanSummary summary_of(const Plan& plan, const PlanOrder& order) {
  PlanSummary summary;
  summary.steps = plan.steps.size();
  std::vector<long> ends(plan.steps.size(), 0);
  std::vector<std::size_t> level(plan.steps.size(), 0);
  std::vector<std::size_t> last_of(plan.steps.size(), plan.steps.size());
  std::map<std::size_t, std::size_t> per_level;
  for (const std::size_t i : order.topological()) {
    const Step& step = plan.steps[i];
    summary.edges += step.after.size();
    if (step.door == "operator") ++summary.operator_steps;
    for (const std::size_t before : order.predecessors()[i]) {
      level[i] = std::max(level[i], level[before] + 1);
      if (last_of[i] == plan.steps.size() || ends[before] > ends[last_of[i]]) last_of[i] = before;
    }
    ends[i] = step.typical_s + (last_of[i] == plan.steps.size() ? 0 : ends[last_of[i]]);
    summary.width = std::max(summary.width, ++per_level[level[i]]);
  }
  const auto latest = std::ranges::max_element(ends);
  if (latest != ends.end()) {
    summary.critical_path_s = *latest;
    for (std::size_t at = static_cast<std::size_t>(latest - ends.begin()); at != plan.steps.size();
         at = last_of[at])
      summary.critical_path.push_back(plan.steps[at].id);
    std::ranges::reverse(summary.critical_path);
  }
  const auto no_return =
      std::ranges::find_if(plan.steps, [](const Step& step) { return !step.irreversible.empty(); });
  if (no_return != plan.steps.end()) summary.point_of_no_return = no_return->id;
  return summary;
}

void estimate_by(const Durations& durations, Plan& plan) {
  for (Step& each : plan.steps)
    if (const Action* action = find_action(each.action))
      each.typical_s = std::chrono::ceil<std::chrono::seconds>(durations.of(*action)).count();
}

}  // namespace wme::model
