#pragma once

#include <memory>
#include <string>

#include "model/inventory.hpp"
#include "model/language/ground.hpp"
#include "model/planner/plan.hpp"
#include "model/result.hpp"

namespace wme::cli {

/// A plan as it was read, with its order; "-" reads stdin.
struct ReadPlan {
  model::Plan plan;
  model::PlanOrder order;
  std::string text = {};  ///< the very bytes that it was read from
  std::string file = {};  ///< how messages call it
};
Result<ReadPlan> read_plan(const std::string& path);

/// An inventory with the bytes that it was read from; "-" reads stdin.
struct ReadInventory {
  model::Inventory inventory;
  std::string text;
  std::string file;  ///< how messages call it
};
Result<ReadInventory> read_inventory(const std::string& path);

/// Whether the plan was made for this inventory: name, provider, versions. `plan_file` and
/// `inventory_file` are how messages call them. Error kInvalid.
Status check_belongs(const model::Plan& plan, const std::string& plan_file,
                     const model::Inventory& inventory, const std::string& inventory_file);

/// Whether every step is possible in the model of the plan's inventory: its entities exist, its
/// action applies there. Error kInvalid: the first steps that are not.
Status check_entities(const model::Plan& plan, const std::string& plan_file,
                      const model::GroundModel& model);

/// A plan, the inventory that it was made from, and the model of both, in which it is possible.
struct PlanWithModel {
  ReadPlan plan;
  ReadInventory inventory;
  std::unique_ptr<const model::GroundModel> model;
};
/// Reads both files and does both checks. Errors: those of each.
Result<PlanWithModel> read_plan_with_model(const std::string& plan, const std::string& inventory);

}  // namespace wme::cli
