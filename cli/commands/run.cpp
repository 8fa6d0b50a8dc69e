#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/certificate_gate.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/interrupt.hpp"
#include "cli/inputs.hpp"
#include "executor/drivers/all/drivers.hpp"
#include "executor/engine/executor.hpp"
#include "executor/engine/system_clock.hpp"
#include "executor/journal/entries.hpp"
#include "executor/journal/journal_file.hpp"
#include "executor/journal/sqlite_journal.hpp"
#include "executor/transport/http_transport.hpp"
#include "executor/transport_ssh/ssh_transport.hpp"
#include "model/checker/verdict.hpp"
#include "model/english/explain.hpp"
#include "model/json/digest.hpp"
#include "model/json/plan_json.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "scenarios/progress/progress.hpp"
#include "scenarios/rehearsal/aftermath.hpp"

namespace wme::cli {

namespace {

namespace fs = std::filesystem;

struct Options {
  std::string plan;
  std::string inventory;
  std::string journal;
  std::string confirm;
  bool dry_run = false;
  GateOptions gate;
};

std::optional<std::string> environment_variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::chrono::sys_seconds wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// Everything that a run needs, made in this order.
struct Run {
  model::Inventory inventory;
  std::unique_ptr<model::GroundModel> model;
  ReadPlan plan;
  Authority authority;
  executor::SocketHttpTransport http;
  std::unique_ptr<executor::SshTransport> ssh;
  std::unique_ptr<executor::Drivers> drivers;
  executor::SystemClock clock;
};

/// Only what is proved is run.
Status prove(const Run& run, const std::string& plan_file) {
  model::VerifyOptions how;
  how.explore = model::VerifyOptions::Explore::kNever;
  const Result<model::Verification> verdict = model::verify(*run.model, run.plan.plan, how);
  if (!verdict) return verdict.error();
  if (verdict.value().verdict == model::Verdict::kProved) return Done{};
  return Error{ErrorCode::kRefused, plan_file + ": the plan is " +
                                        std::string(to_string(verdict.value().verdict)) +
                                        ", not proved; see why: rehydrate verify " + plan_file};
}

/// What cannot be taken back needs the installation's name.
Status confirmed(const Run& run, const Options& options) {
  for (const model::Step& step : run.plan.plan.steps) {
    if (step.irreversible.empty()) continue;
    if (options.confirm == run.inventory.name) return Done{};
    return Error{ErrorCode::kRefused, options.plan + ": from step " + step.id + " (" +
                                          step.sentence +
                                          ") there is no cheap way back: " + step.irreversible +
                                          "; confirm with --confirm " + run.inventory.name};
  }
  return Done{};
}

Status read_inputs(Run& run, const Options& options) {
  Result<ReadPlan> plan = read_plan(options.plan);
  if (!plan) return plan.error();
  run.plan = std::move(plan).value();
  Result<ReadInventory> inventory = read_inventory(options.inventory);
  if (!inventory) return inventory.error();
  run.inventory = inventory.value().inventory;
  if (Status fits = check_belongs(run.plan.plan, options.plan, run.inventory, options.inventory);
      !fits)
    return fits;
  const auto procedure = model::procedure_from(run.plan.plan.procedure);
  run.model =
      std::make_unique<model::GroundModel>(model::installation_of(run.inventory, *procedure));
  if (Status fits = check_entities(run.plan.plan, options.plan, *run.model); !fits) return fits;
  if (Status proved = prove(run, options.plan); !proved) return proved;
  // A dry run changes nothing: it needs no certificate, but says what is wrong with one.
  const GateOptions& gate = options.gate;
  if (!options.dry_run || !gate.certificate.empty() || !gate.break_glass.empty()) {
    Result<Authority> authority = authority_for(gate, run.plan, inventory.value());
    if (!authority) return authority.error();
    run.authority = std::move(authority).value();
  }
  if (!options.dry_run)
    if (Status sure = confirmed(run, options); !sure) return sure;
  return Done{};
}

Status connect(Run& run) {
  executor::SshSettings ssh;
  ssh.config_file =
      environment_variable("REHYDRATE_SSH_CONFIG").value_or(run.inventory.access.ssh_config);
  ssh.identity_file = run.inventory.access.ssh_identity;
  run.ssh = std::make_unique<executor::SshTransport>(ssh);
  Result<std::unique_ptr<executor::Drivers>> drivers = executor::Drivers::connect(
      run.inventory, *model::procedure_from(run.plan.plan.procedure),
      {run.http, *run.ssh, environment_variable, wall_clock, executor::instructions_to(std::cerr)});
  if (!drivers) return drivers.error();
  run.drivers = std::move(drivers).value();
  return Done{};
}

/// $XDG_STATE_HOME/rehydrate/<installation>-<procedure>-<time>.journal
Result<fs::path> usual_journal(const Run& run) {
  const auto state = environment_variable("XDG_STATE_HOME");
  const auto home = environment_variable("HOME");
  if (!state && !home)
    return Error{ErrorCode::kInvalid,
                 "neither XDG_STATE_HOME nor HOME is set: name the journal with --journal FILE"};
  const fs::path folder =
      (state ? fs::path(*state) : fs::path(*home) / ".local" / "state") / "rehydrate";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return Error{ErrorCode::kInvalid, folder.string() + ": " + error.message() +
                                          "; name the journal with --journal FILE"};
  fs::permissions(folder, fs::perms::owner_all, error);
  return folder / (run.inventory.name + "-" + run.plan.plan.procedure + "-" +
                   std::to_string(wall_clock().time_since_epoch().count()) + ".journal");
}

/// Where the journal goes: known to be possible before anybody is asked anything.
Result<fs::path> journal_path(const Run& run, const Options& options) {
  Result<fs::path> path =
      options.journal.empty() ? usual_journal(run) : Result<fs::path>(fs::path(options.journal));
  if (!path) return path;
  if (Status possible = executor::check_can_be_made(path.value()); !possible)
    return possible.error();
  return path;
}

ExitStatus refuse_drift(Session& session, const std::vector<std::string>& drift) {
  std::string text = "the installation is not as the plan expects:";
  constexpr std::size_t kShown = 12;
  for (std::size_t i = 0; i < drift.size() && i < kShown; ++i) text += "\n  " + drift[i];
  if (drift.size() > kShown)
    text += "\n  and " + std::to_string(drift.size() - kShown) + " more differences";
  text += "\nnothing was done; correct the inventory, or the installation, and plan again";
  return session.fail({ErrorCode::kRefused, text});
}

ExitStatus run_dry(Session& session, Run& run) {
  std::string text;
  for (const model::Step& step : run.plan.plan.steps)
    text += step.id + "  " + step.runbook + "  " + step.sentence +
            (step.wait.empty() ? "" : ", until " + step.wait) + "\n";
  session.console.result(text);
  session.console.note(
      "Dry run: the installation was read and is as the plan expects; nothing was "
      "changed.\n");
  return ExitStatus::kDone;
}

/// What an operator has to know when the plan's end was not reached, once and in one place. There
/// is no way yet to let rehydrate go on with a journal: it says what a person can do.
ExitStatus stopped(Session& session, const Run& run, const executor::RunResult& result,
                   const Options& options, const fs::path& journal) {
  const model::Plan& plan = run.plan.plan;
  std::string text;
  for (const std::string& each : scenarios::what_failed(plan, result)) text += each + "\n";
  for (const std::string& each : scenarios::what_next(*run.model, plan, run.plan.order, result))
    text += "  " + each + "\n";
  text += "  by hand: this version cannot go on with a journal; rehydrate show " + options.plan +
          " has the plan, rehydrate explain ACTION each guard\n  journal: " + journal.string() +
          " has every intent and outcome; keep it";
  session.fail({result.error.code, text});
  return result.interrupted ? ExitStatus::kInterrupted : exit_status_of(result.error.code);
}

ExitStatus run_plan(Session& session, const Options& options) {
  Run run;
  if (Status readable = read_inputs(run, options); !readable) return session.fail(readable.error());
  const model::Plan& plan = run.plan.plan;
  const Result<fs::path> path = options.dry_run ? fs::path() : journal_path(run, options);
  if (!path) return session.fail(path.error());
  if (Status connected = connect(run); !connected) return session.fail(connected.error());
  executor::InMemoryJournal nowhere;
  executor::Executor looking(*run.model, plan, run.plan.order, run.drivers->ports(), run.clock,
                             nowhere);
  const Result<std::vector<std::string>> drift = looking.drift();
  if (!drift) return session.fail(drift.error());
  if (!drift.value().empty()) return refuse_drift(session, drift.value());
  if (options.dry_run) return run_dry(session, run);
  Result<std::unique_ptr<executor::SqliteJournal>> journal =
      executor::SqliteJournal::create(path.value());
  if (!journal) return session.fail(journal.error());
  session.console.note("Journal: " + path.value().string() + "\n");
  executor::RunOptions how;
  how.run_id = path.value().stem().string();
  const executor::RunFacts facts{model::sha256_hex(model::canonical_json(plan)),
                                 run.inventory.name,
                                 model::sha256_hex(scenarios::to_yaml(run.inventory)),
                                 model::sha256_hex(model::model_text()),
                                 WME_VERSION,
                                 "",
                                 run.authority};
  if (Status opened = journal.value()->append(executor::run_started(run.clock.now(), facts));
      !opened)
    return session.fail(opened.error());
  if (const auto broken = run.authority.find("break-glass"); broken != run.authority.end())
    session.console.warning("THE GLASS IS BROKEN: this run has no certificate, because: " +
                            broken->second + "; its journal says so for ever");
  const auto progress = scenarios::make_progress(std::cerr, scenarios::terminal_of_stderr());
  catch_interrupts();
  executor::Executor executor(*run.model, plan, run.plan.order, run.drivers->ports(), run.clock,
                              *journal.value());
  progress->phase_started(run.clock.now(), plan.procedure + " " + run.inventory.name,
                          static_cast<int>(plan.steps.size()));
  const executor::RunResult result = executor.run(
      how, [&](const executor::RunEvent& event) { scenarios::tell(*progress, plan, event); },
      interrupted);
  progress->phase_ended(run.clock.now(), scenarios::stop_reason(result));
  if (!result.done) return stopped(session, run, result, options, path.value());
  session.console.result("done: " + std::to_string(plan.steps.size()) + " steps, journal " +
                         path.value().string() + "\n");
  return ExitStatus::kDone;
}

}  // namespace

void add_run(CLI::App& root, Session& session) {
  CLI::App* command =
      add_command(root, session, "run", kRun, "Run a proved plan against the installation.",
                  "  rehydrate run plan.json --inventory inventory.yaml --dry-run\n"
                  "  rehydrate run plan.json --inventory inventory.yaml --certificate "
                  "certificate.json --journal run.journal");
  const auto options = std::make_shared<Options>();
  command->add_option("PLAN", options->plan, "What `rehydrate plan` wrote")->required();
  command->add_option("-i,--inventory", options->inventory, "The inventory it was made for")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--journal", options->journal,
                   "Where every intent and outcome is written; must not exist yet")
      ->type_name("FILE");
  command
      ->add_option("--confirm", options->confirm,
                   "The installation's name, for a plan with a point of no return")
      ->type_name("NAME");
  add_gate_options(*command, options->gate);
  command->add_flag("--dry-run", options->dry_run, "Read everything, change nothing");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_plan(session, *options); };
  });
}

}  // namespace wme::cli
