#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "model/english/words.hpp"
#include "model/json/plan_json.hpp"
#include "model/planner/render/render.hpp"

namespace wme::cli {

namespace {

struct Options {
  std::string plan;
  std::string format = "text";
  bool all = false;
};

ExitStatus run_show(Session& session, const Options& options) {
  const std::string format = session.json ? "json" : options.format;
  const std::vector<std::string> formats = {"text", "json", "dot", "mermaid"};
  if (std::find(formats.begin(), formats.end(), format) == formats.end())
    return session.fail({ErrorCode::kInvalid,
                         "unknown format '" + format + "'; " + model::suggestion(format, formats)});
  const Result<ReadPlan> read = read_plan(options.plan);
  if (!read) return session.fail(read.error());
  const model::Plan& plan = read.value().plan;
  const model::PlanOrder& order = read.value().order;
  const model::RenderOptions look{session.console.width(), options.all};
  if (format == "json")
    session.console.result(model::to_plan_json(plan, model::summary_of(plan, order)));
  else if (format == "dot")
    session.console.result(model::plan_dot(plan, order, look));
  else if (format == "mermaid")
    session.console.result(model::plan_mermaid(plan, order, look));
  else
    session.console.result(model::plan_table(plan, order, look));
  return ExitStatus::kDone;
}

}  // namespace

void add_show(CLI::App& root, Session& session) {
  CLI::App* command =
      add_command(root, session, "show", kPrepare, "Show a plan: what is done, when, and why then.",
                  "  rehydrate show plan.json\n"
                  "  rehydrate show plan.json --all\n"
                  "  rehydrate show plan.json --format dot | dot -Tsvg > plan.svg");
  const auto options = std::make_shared<Options>();
  command->add_option("PLAN", options->plan, "A file that `rehydrate plan` wrote; - for stdin")
      ->required();
  command->add_option("-f,--format", options->format, "text, json, dot (Graphviz) or mermaid")
      ->type_name("FORMAT");
  command->add_flag("--all", options->all,
                    "Every step on its own; without, a large plan shows steps alike together");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_show(session, *options); };
  });
}

}  // namespace wme::cli
