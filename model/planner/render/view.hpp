#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/planner/plan.hpp"

namespace wme::model {

/// Why one node comes after another; several reasons joined by "; ".
struct ViewEdge {
  std::size_t from = 0;  ///< position of the node
  std::string because;
};

/// One step, or many alike: the same action on other arguments, equally deep in the plan, between
/// the same actions.
struct ViewNode {
  std::vector<std::size_t> steps;  ///< positions in the plan, ascending; never empty
  std::string id;                  ///< "s12"; "s4+" for many
  std::string runbook;
  std::string door;
  std::string sentence;  ///< "Hibernate container c1 ... c478 (320 of them)"
  std::string wait;      ///< "run(each) = stopped"
  bool critical = false;
  bool irreversible = false;
  std::vector<ViewEdge> after;
};

/// What people see of a plan. A small plan is shown step by step; in a large one (more than
/// kStepsShownEach), steps alike become one node, unless `all`. Nodes of different depth are never
/// put together, so that a view has no circles.
struct View {
  static constexpr std::size_t kStepsShownEach = 120;
  std::vector<ViewNode> nodes;
  bool grouped = false;
};
View view_of(const Plan& plan, const PlanOrder& order, bool all);

}  // namespace wme::model
