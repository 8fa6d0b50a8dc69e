#include "model/checker/images.hpp"

#include <utility>
#include <vector>

#include "model/language/interpreter.hpp"

namespace wme::model {

namespace {

/// As in Exploration::violations.
std::string key_of(const GroundPlan& plan, const std::string& property, const Obligation& broken,
                   const Happening& last) {
  std::string key = property;
  if (broken.kind == PropertyKind::kInvariant)
    if (const std::string& entity = plan.invariants()[broken.index].about; !entity.empty())
      key += " of " + entity;
  return key + " by " + name_of(plan.model(), plan.environment()[last.what]);
}

}  // namespace

void add_images(const GroundPlan& plan, const Symmetry& symmetry,
                std::map<std::string, Reached>& violations) {
  const PlanParts& parts = symmetry.parts();
  std::vector<std::string> open;
  for (const auto& [key, reached] : violations)
    if (is_broken_by_environment(reached)) open.push_back(key);
  while (!open.empty()) {
    const std::string key = std::move(open.back());
    open.pop_back();
    const Reached& reached = violations.at(key);  // references into a map outlive insertions
    const Obligation& broken = reached.broken.front();
    const Happening& last = reached.trace.back();
    for (const Renaming& exchange : symmetry.generators()) {
      const Happening other_last = exchange.of(parts, last);
      const Obligation other_broken = exchange.of(parts, broken);
      if (other_last == last && other_broken == broken) continue;
      for (const std::string& property : properties_of(plan, other_broken)) {
        std::string image = key_of(plan, property, other_broken, other_last);
        const auto known = violations.find(image);
        if (known != violations.end() && known->second.trace.size() <= reached.trace.size())
          continue;
        Reached renamed;
        for (const Obligation& each : reached.broken)
          renamed.broken.push_back(exchange.of(parts, each));
        for (const Happening& each : reached.trace)
          renamed.trace.push_back(exchange.of(parts, each));
        violations.insert_or_assign(image, std::move(renamed));
        open.push_back(std::move(image));
      }
    }
  }
}

}  // namespace wme::model
