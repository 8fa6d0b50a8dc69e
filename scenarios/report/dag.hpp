#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/report/layers.hpp"
#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// Steps drawn as one node.
struct StepGroup {
  std::string label;  ///< "Passivate container c17", "Passivate container ×480"
  std::string runbook;
  std::string door;
  std::vector<std::size_t> steps;  ///< indices into the phase's steps
  bool critical = false;
  bool failed = false;
};

struct GroupEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  std::string because;  ///< of the first step's edge that it stands for
  bool critical = false;
};

struct GroupedDag {
  std::vector<StepGroup> groups;
  std::vector<GroupEdge> edges;  ///< none that others imply
  bool cyclic = false;           ///< the steps wait for each other: nothing can be drawn
};

/// With more than `nodes_max` steps, the steps of one action become one node wherever that leaves
/// the order visible: never so that two nodes would wait for each other.
GroupedDag group_steps(const Phase& phase, std::size_t nodes_max = 24);

std::string dag_svg(const Phase& phase);

}  // namespace wme::scenarios
