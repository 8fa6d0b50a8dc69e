#pragma once

#include <random>
#include <utility>

#include "tests/model/checker/support.hpp"

/// Random changes that spoil a plan: edges taken out or put in, steps swapped or dropped.
namespace wme::tests {

inline std::size_t any_below(std::mt19937& random, std::size_t count) {
  return static_cast<std::size_t>(random() % count);
}

inline void spoil_once(std::mt19937& random, model::Plan& plan) {
  const std::size_t a = any_below(random, plan.steps.size());
  const std::size_t b = any_below(random, plan.steps.size());
  std::vector<model::Edge>& after = plan.steps[a].after;
  switch (any_below(random, 5)) {
    case 0:
    case 1:
      if (!after.empty())
        after.erase(after.begin() + static_cast<std::ptrdiff_t>(any_below(random, after.size())));
      return;
    case 2:
      if (a != b) swap_actions(plan, a, b);
      return;
    case 3:
      drop_step(plan, a);
      return;
    default:
      after.push_back({plan.steps[b].id, "a guess"});
  }
}

/// One to three changes that leave something to run; edges that would make a circle are refused.
inline model::Plan spoilt(std::mt19937& random, const model::Plan& plan) {
  model::Plan mutant = plan;
  for (std::size_t changes = 1 + any_below(random, 3); changes > 0; --changes) {
    model::Plan next = mutant;
    spoil_once(random, next);
    if (model::PlanOrder::of(next)) mutant = std::move(next);
  }
  return mutant;
}

}  // namespace wme::tests
