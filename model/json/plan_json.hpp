#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/planner/plan.hpp"
#include "model/result.hpp"

/// Plans as files: JSON with schema "rehydrate/plan/1" (docs/schemas/plan.schema.json).
namespace wme::model {

inline constexpr std::string_view kPlanSchema = "rehydrate/plan/1";

/// A file above this size is no plan: an XL fleet takes a tenth of it.
inline constexpr std::size_t kPlanBytesMax = 64U << 20U;
/// Bound of what a file may ask for: who comes before whom takes a bit for each pair of steps.
inline constexpr std::size_t kPlanStepsMax = 50'000;

/// One block of lines per step, keys in a fixed order: equal plans give equal bytes. The summary is
/// for readers; whoever parses the file computes it again.
std::string to_plan_json(const Plan& plan, const PlanSummary& summary);

/// The same plan for digests: no summary, no white space, keys sorted. Equal plans give equal
/// bytes, however their files are laid out.
std::string canonical_json(const Plan& plan);

/// Reads a plan and checks it against the model: every step an action that the model knows, with
/// the right number of arguments, its own door and runbook; every edge from a step of the plan; no
/// circle. Whether it fits an inventory is not asked here. Error kInvalid: what is wrong, one a
/// line, each as "FILE: /json/pointer: what is wrong: why; what to do", or "FILE:LINE:COLUMN: ..."
/// for text that is no JSON. `file` is how messages call it.
Result<Plan> parse_plan(std::string_view text, std::string_view file);

}  // namespace wme::model
