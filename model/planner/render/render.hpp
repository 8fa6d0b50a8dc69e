#pragma once

#include <cstddef>
#include <string>

#include "model/planner/plan.hpp"

/// A plan for people: what `rehydrate show` prints.
namespace wme::model {

struct RenderOptions {
  std::size_t width = 100;  ///< columns of the terminal; 60 at least are used
  bool all = false;         ///< every step on its own, also in a large plan
};

/// What the plan is for, what it takes, where the way back ends, what it assumes and achieves.
std::string plan_heading(const Plan& plan, const PlanSummary& summary, std::size_t width);
/// The heading, then one row per step.
std::string plan_table(const Plan& plan, const PlanOrder& order, const RenderOptions& options);
/// Graphviz: a cluster for each door, the reasons on the edges, the steps without a way back
/// marked.
std::string plan_dot(const Plan& plan, const PlanOrder& order, const RenderOptions& options);
/// The same as a Mermaid flowchart, for Markdown pages.
std::string plan_mermaid(const Plan& plan, const PlanOrder& order, const RenderOptions& options);

/// "45 s", "12 min 05 s", "1 h 04 min".
std::string duration_text(long seconds);

}  // namespace wme::model
