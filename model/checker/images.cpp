#include "model/checker/images.hpp"

#include <utility>
#include <vector>

namespace wme::model {

void add_images(const GroundPlan& plan, const Symmetry& symmetry,
                std::map<std::string, Reached>& violations) {
  const PlanParts& parts = symmetry.parts();
  const Findings findings(plan);
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
        std::string image = findings.key(property, other_broken, &other_last);
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
