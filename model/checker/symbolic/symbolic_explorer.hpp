#pragma once

#include "model/checker/explorer.hpp"

namespace wme::model {

struct SymbolicOptions {
  FaultBudget faults;
  /// Of decision diagrams, some 30 bytes each with the caches.
  std::size_t nodes_max = 80'000'000;
};

/// The same as explore() without reductions: every reachable state, none left out and none merged
/// with another; but as sets, in binary decision diagrams (Burch, Clarke, McMillan, Dill, Hwang
/// 1992), so that it is their structure that counts and not their number. For plans whose states
/// are too many to be visited one by one. Numbers that do not fit are the largest that does.
Exploration explore_symbolically(const GroundPlan& plan, const SymbolicOptions& options);

}  // namespace wme::model
