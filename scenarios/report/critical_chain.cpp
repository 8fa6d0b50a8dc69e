#include "scenarios/report/critical_chain.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

namespace wme::scenarios {

std::vector<std::size_t> critical_chain(const Phase& phase) {
  const std::vector<ReportStep>& steps = phase.steps;
  std::map<std::string_view, std::size_t> by_id;
  for (std::size_t i = 0; i < steps.size(); ++i) by_id.emplace(steps[i].id, i);
  // The first of equals, so that the order of the plan decides.
  const auto later = [&](std::optional<std::size_t> best, std::size_t candidate) {
    if (!steps[candidate].end) return best;
    if (best && *steps[*best].end >= *steps[candidate].end) return best;
    return std::optional(candidate);
  };
  std::optional<std::size_t> at;
  for (std::size_t i = 0; i < steps.size(); ++i) at = later(at, i);
  std::vector<std::size_t> chain;
  // Bounded: a report of a cyclic plan must not hang the renderer.
  while (at && chain.size() < steps.size()) {
    chain.push_back(*at);
    std::optional<std::size_t> before;
    for (const Dependency& dependency : steps[*at].after)
      if (const auto found = by_id.find(dependency.step); found != by_id.end())
        before = later(before, found->second);
    at = before;
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

}  // namespace wme::scenarios
