#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "model/english/words.hpp"
#include "model/json/plan_json.hpp"
#include "model/language/ground.hpp"
#include "model/planner/planner.hpp"
#include "model/planner/render/render.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::cli {

namespace {

struct Options {
  std::string procedure;
  std::string inventory;
  std::string output;
};

Result<model::Plan> planned(const Options& options) {
  const auto procedure = model::procedure_from(options.procedure);
  if (!procedure)
    return Error{
        ErrorCode::kInvalid,
        "unknown procedure '" + options.procedure + "'; " +
            model::suggestion(options.procedure, {"dehydrate", "restore", "rotate", "upgrade"})};
  Result<model::Inventory> inventory = scenarios::load_inventory(options.inventory);
  if (!inventory) return inventory.error();
  if (*procedure == model::Procedure::kUpgrade && inventory.value().target_version.empty())
    return Error{ErrorCode::kInvalid,
                 options.inventory +
                     ": installation has no 'target_version': an upgrade needs the build that it "
                     "goes to; add it: the full build string of the new package"};
  const model::GroundModel model(model::installation_of(inventory.value(), *procedure));
  Result<model::Plan> plan = model::make_plan(model);
  if (!plan) return Error{plan.error().code, options.inventory + ": " + plan.error().message};
  return plan;
}

std::string written_json(const model::Plan& plan, const model::PlanSummary& summary,
                         const std::string& output) {
  return nlohmann::ordered_json{{"schema", "rehydrate/planned/1"},
                                {"written", output},
                                {"procedure", plan.procedure},
                                {"installation", plan.installation},
                                {"steps", summary.steps},
                                {"edges", summary.edges},
                                {"operator_steps", summary.operator_steps},
                                {"critical_path_s", summary.critical_path_s},
                                {"point_of_no_return", summary.point_of_no_return}}
             .dump(2) +
         "\n";
}

ExitStatus run_plan(Session& session, const Options& options) {
  const bool to_file = !options.output.empty() && options.output != "-";
  if (to_file && same_file(options.output, options.inventory))
    return session.fail({ErrorCode::kInvalid, options.output +
                                                  ": is the inventory itself: it would be "
                                                  "overwritten; name another file with -o"});
  const Result<model::Plan> plan = planned(options);
  if (!plan) return session.fail_unwritten(plan.error(), to_file ? options.output : "");
  const Result<model::PlanOrder> order = model::PlanOrder::of(plan.value());
  if (!order) return session.fail_unwritten(order.error(), to_file ? options.output : "");
  const model::PlanSummary summary = model::summary_of(plan.value(), order.value());
  const std::string text = model::to_plan_json(plan.value(), summary);
  if (to_file) {
    if (const Status written = write_whole(options.output, text); !written)
      return session.fail(written.error());
    if (session.json) session.console.result(written_json(plan.value(), summary, options.output));
  } else {
    session.console.result(text);
  }
  session.console.note(model::plan_heading(plan.value(), summary, session.console.width()));
  if (to_file)
    session.console.note("\nWritten to " + options.output + ". See it: rehydrate show " +
                         options.output + "\n");
  return ExitStatus::kDone;
}

}  // namespace

void add_plan(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "plan", kPrepare, "Derive the steps of a procedure and their order.",
      "  rehydrate plan dehydrate --inventory inventory.yaml -o plan.json\n"
      "  rehydrate plan restore --inventory inventory.yaml | rehydrate show -");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("PROCEDURE", options->procedure,
                   "dehydrate (back up), restore, rotate (new instances) or upgrade")
      ->required();
  command->add_option("-i,--inventory", options->inventory, "What the installation is made of")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("-o,--output", options->output,
                   "Where the plan goes, all of it or nothing; stdout without")
      ->type_name("FILE");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_plan(session, *options); };
  });
}

}  // namespace wme::cli
