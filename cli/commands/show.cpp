#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/recovery_output.hpp"
#include "model/checker/promela.hpp"
#include "model/checker/recovery.hpp"
#include "model/english/words.hpp"
#include "model/json/plan_json.hpp"
#include "model/planner/render/render.hpp"

namespace wme::cli {

namespace {

struct ShowOptions {
  std::string plan;
  std::string format = "text";
  bool all = false;
  std::string inventory;
  std::string faults = "0";
};

/// The installation that the plan is for, which some of what is shown needs.
Result<std::unique_ptr<model::GroundModel>> model_for(const ShowOptions& options,
                                                      const model::Plan& plan) {
  const Result<ReadInventory> read = read_inventory(options.inventory);
  if (!read) return read.error();
  const model::Inventory& inventory = read.value().inventory;
  if (const Status fits = check_belongs(plan, options.plan, inventory, options.inventory); !fits)
    return fits.error();
  auto model = std::make_unique<model::GroundModel>(
      model::installation_of(inventory, *model::procedure_from(plan.procedure)));
  if (const Status fits = check_entities(plan, options.plan, *model); !fits) return fits.error();
  return model;
}

/// Promela needs what the others do not: the installation that the plan is for.
ExitStatus show_promela(Session& session, const ShowOptions& options, const model::Plan& plan) {
  if (options.inventory.empty())
    return session.fail(
        {ErrorCode::kInvalid, "--format promela needs --inventory FILE: the model is made for it"});
  Result<model::FaultBudget> faults = model::FaultBudget::parse(options.faults);
  if (!faults) return session.fail({faults.error().code, "--faults: " + faults.error().message});
  const auto model = model_for(options, plan);
  if (!model) return session.fail(model.error());
  Result<model::GroundPlan> ground = model::GroundPlan::of(*model.value(), plan);
  if (!ground) return session.fail(ground.error());
  if (!faults.value().is_empty()) ground.value().add_environment();
  session.console.result(model::to_promela(ground.value(), faults.value()).text);
  return ExitStatus::kDone;
}

/// How long it can be brought back to where it was: behind the table, when the inventory is given.
ExitStatus show_table(Session& session, const ShowOptions& options, const ReadPlan& read,
                      const model::RenderOptions& look) {
  std::string text = model::plan_table(read.plan, read.order, look);
  if (!options.inventory.empty()) {
    const auto model = model_for(options, read.plan);
    if (!model) return session.fail(model.error());
    const Result<model::GroundPlan> ground = model::GroundPlan::of(*model.value(), read.plan);
    if (!ground) return session.fail(ground.error());
    text += "\n" + no_return_text(read.plan, model::no_return(ground.value()), look.width);
  }
  session.console.result(text);
  return ExitStatus::kDone;
}

ExitStatus run_show(Session& session, const ShowOptions& options) {
  const std::string format = session.json ? "json" : options.format;
  const std::vector<std::string> formats = {"text", "json", "dot", "mermaid", "promela"};
  if (std::find(formats.begin(), formats.end(), format) == formats.end())
    return session.fail({ErrorCode::kInvalid,
                         "unknown format '" + format + "'; " + model::suggestion(format, formats)});
  const Result<ReadPlan> read = read_plan(options.plan);
  if (!read) return session.fail(read.error());
  const model::Plan& plan = read.value().plan;
  const model::PlanOrder& order = read.value().order;
  if (format == "promela") return show_promela(session, options, plan);
  const model::RenderOptions look{session.console.width(), options.all};
  if (format == "json")
    session.console.result(model::to_plan_json(plan, model::summary_of(plan, order)));
  else if (format == "dot")
    session.console.result(model::plan_dot(plan, order, look));
  else if (format == "mermaid")
    session.console.result(model::plan_mermaid(plan, order, look));
  else
    return show_table(session, options, read.value(), look);
  return ExitStatus::kDone;
}

}  // namespace

void add_show(CLI::App& root, Session& session) {
  CLI::App* command =
      add_command(root, session, "show", kPrepare, "Show a plan: what is done, when, and why then.",
                  "  rehydrate show plan.json\n"
                  "  rehydrate show plan.json --all\n"
                  "  rehydrate show plan.json --format dot | dot -Tsvg > plan.svg\n"
                  "  rehydrate show plan.json --format promela --inventory inventory.yaml");
  const auto options = std::make_shared<ShowOptions>();
  command->add_option("PLAN", options->plan, "A file that `rehydrate plan` wrote; - for stdin")
      ->required();
  command
      ->add_option("-f,--format", options->format,
                   "text, json, dot (Graphviz), mermaid or promela (SPIN)")
      ->type_name("FORMAT");
  command->add_flag("--all", options->all,
                    "Every step on its own; without, a large plan shows steps alike together");
  command
      ->add_option(
          "-i,--inventory", options->inventory,
          "The inventory it was made from: for promela; with text, tells the point of no return")
      ->type_name("FILE");
  command
      ->add_option("--faults", options->faults,
                   "What may go wrong, as for `rehydrate verify`; for promela only")
      ->type_name("BUDGET")
      ->capture_default_str();
  command->callback([&session, options] {
    session.run = [&session, options] { return run_show(session, *options); };
  });
}

}  // namespace wme::cli
