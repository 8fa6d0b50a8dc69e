#include "cli/inputs.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "cli/files.hpp"
#include "model/english/words.hpp"
#include "model/json/plan_json.hpp"
#include "model/wme/actions.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::cli {

namespace {

std::string shown_name(const std::string& path) { return path == "-" ? "stdin" : path; }

/// Why the model cannot ground the step.
std::string why_impossible(const model::Step& step, const model::Action& action,
                           const model::GroundModel& model) {
  for (std::size_t i = 0; i < step.arguments.size(); ++i) {
    const std::string& sort = action.parameters[i].sort;
    std::vector<std::string> members;
    bool known = false;
    for (const model::Entity entity : model.sort(sort)) {
      members.push_back(model.name(entity));
      known = known || members.back() == step.arguments[i];
    }
    if (!known)
      return "the inventory has no " + sort + " '" + step.arguments[i] + "'; " +
             model::suggestion(step.arguments[i], members);
  }
  return action.name + " is not for this installation (provider, version or addresses); plan again";
}

}  // namespace

Result<ReadPlan> read_plan(const std::string& path) {
  Result<std::string> text = read_text(path, "the plan", model::kPlanBytesMax);
  if (!text) return text.error();
  Result<model::Plan> plan = model::parse_plan(text.value(), shown_name(path));
  if (!plan) return plan.error();
  Result<model::PlanOrder> order = model::PlanOrder::of(plan.value());
  if (!order) return order.error();
  return ReadPlan{std::move(plan).value(), std::move(order).value(), std::move(text).value(),
                  shown_name(path)};
}

Result<ReadInventory> read_inventory(const std::string& path) {
  Result<std::string> text = read_text(path, "the inventory", scenarios::kInventoryBytesMax);
  if (!text) return text.error();
  Result<model::Inventory> inventory = scenarios::parse_inventory(text.value(), shown_name(path));
  if (!inventory) return inventory.error();
  return ReadInventory{std::move(inventory).value(), std::move(text).value(), shown_name(path)};
}

Status check_belongs(const model::Plan& plan, const std::string& plan_file,
                     const model::Inventory& inventory, const std::string& inventory_file) {
  const auto differs = [&](std::string_view what, const std::string& planned,
                           const std::string& there) -> Error {
    return {ErrorCode::kInvalid,
            shown_name(plan_file) + ": the plan is not for this inventory: " + std::string(what) +
                " is '" + planned + "' in the plan and '" + there + "' in " + inventory_file +
                "; give the inventory it was made from, or plan again"};
  };
  const std::string provider(to_string(inventory.provider));
  if (plan.installation != inventory.name)
    return differs("the installation", plan.installation, inventory.name);
  if (plan.provider != provider) return differs("the provider", plan.provider, provider);
  if (plan.version != inventory.version)
    return differs("the version", plan.version, inventory.version);
  if (!plan.target_version.empty() && plan.target_version != inventory.target_version)
    return differs("the target version", plan.target_version, inventory.target_version);
  return Done{};
}

Status check_entities(const model::Plan& plan, const std::string& plan_file,
                      const model::GroundModel& model) {
  constexpr int kShownMax = 10;
  std::string message;
  int wrong = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const model::Step& step = plan.steps[i];
    const model::Action* action = model::find_action(step.action);
    if (action == nullptr || model.ground(*action, step.arguments)) continue;
    if (++wrong > kShownMax) continue;
    message += (message.empty() ? "" : "\n") + shown_name(plan_file) + ": /steps/" +
               std::to_string(i) + ": step " + step.id + " (" + step.action +
               "): " + why_impossible(step, *action, model);
  }
  if (wrong == 0) return Done{};
  if (wrong > kShownMax)
    message +=
        "\n" + shown_name(plan_file) + ": and " + std::to_string(wrong - kShownMax) + " more";
  return Error{ErrorCode::kInvalid, message};
}

Result<PlanWithModel> read_plan_with_model(const std::string& plan, const std::string& inventory) {
  Result<ReadPlan> planned = read_plan(plan);
  if (!planned) return planned.error();
  Result<ReadInventory> there = read_inventory(inventory);
  if (!there) return there.error();
  const model::Plan& steps = planned.value().plan;
  const model::Inventory& installed = there.value().inventory;
  if (Status fits = check_belongs(steps, plan, installed, inventory); !fits) return fits.error();
  auto model = std::make_unique<const model::GroundModel>(
      model::installation_of(installed, *model::procedure_from(steps.procedure)));
  if (Status fits = check_entities(steps, plan, *model); !fits) return fits.error();
  return PlanWithModel{std::move(planned).value(), std::move(there).value(), std::move(model)};
}

}  // namespace wme::cli
