#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/recovery_output.hpp"
#include "model/checker/recovery.hpp"
#include "model/english/words.hpp"
#include "model/json/plan_json.hpp"
#include "model/language/ground.hpp"
#include "model/planner/planner.hpp"
#include "model/planner/render/render.hpp"
#include "scenarios/durations/durations_file.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::cli {

namespace {

struct PlanOptions {
  std::string procedure;
  std::string inventory;
  std::string output;
  std::string durations;
};

struct Planned {
  model::Plan plan;
  model::NoReturn no_return;
};

Result<Planned> planned(const PlanOptions& options) {
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
  const auto durations = scenarios::chosen_durations(options.durations);
  if (!durations) return durations.error();
  model::estimate_by(durations.value().times, plan.value());
  const Result<model::GroundPlan> ground = model::GroundPlan::of(model, plan.value());
  if (!ground) return ground.error();
  model::NoReturn found = model::no_return(ground.value());
  return Planned{std::move(plan).value(), std::move(found)};
}

/// After these there is no way back at all; before them there is one, cheap or not.
nlohmann::ordered_json no_return_ids(const Planned& planned) {
  nlohmann::ordered_json ids = nlohmann::ordered_json::array();
  for (const std::size_t step : planned.no_return.steps) ids.push_back(planned.plan.steps[step].id);
  return ids;
}

std::string written_json(const Planned& planned, const model::PlanSummary& summary,
                         const std::string& output) {
  const model::Plan& plan = planned.plan;
  return nlohmann::ordered_json{{"schema", "rehydrate/planned/1"},
                                {"written", output},
                                {"procedure", plan.procedure},
                                {"installation", plan.installation},
                                {"steps", summary.steps},
                                {"edges", summary.edges},
                                {"operator_steps", summary.operator_steps},
                                {"critical_path_s", summary.critical_path_s},
                                {"point_of_no_return", summary.point_of_no_return},
                                {"no_way_back_after", no_return_ids(planned)}}
             .dump(2) +
         "\n";
}

ExitStatus run_plan(Session& session, const PlanOptions& options) {
  const bool to_file = !options.output.empty() && options.output != "-";
  if (to_file && same_file(options.output, options.inventory))
    return session.fail({ErrorCode::kInvalid, options.output +
                                                  ": is the inventory itself: it would be "
                                                  "overwritten; name another file with -o"});
  const Result<Planned> made = planned(options);
  if (!made) return session.fail_unwritten(made.error(), to_file ? options.output : "");
  const model::Plan& plan = made.value().plan;
  const Result<model::PlanOrder> order = model::PlanOrder::of(plan);
  if (!order) return session.fail_unwritten(order.error(), to_file ? options.output : "");
  const model::PlanSummary summary = model::summary_of(plan, order.value());
  const std::string text = model::to_plan_json(plan, summary);
  if (to_file) {
    if (const Status written = write_whole(options.output, text); !written)
      return session.fail(written.error());
    if (session.json) session.console.result(written_json(made.value(), summary, options.output));
  } else {
    session.console.result(text);
  }
  session.console.note(model::plan_heading(plan, summary, session.console.width()) +
                       no_return_text(plan, made.value().no_return, session.console.width()));
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
  const auto options = std::make_shared<PlanOptions>();
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
  command
      ->add_option("--durations", options->durations,
                   "Estimate by how long actions take there, as rehydrate calibrate found out")
      ->type_name("FILE");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_plan(session, *options); };
  });
}

}  // namespace wme::cli
