#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <random>
#include <sstream>

#include "cli/certificate_gate.hpp"
#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/inputs.hpp"
#include "cli/production/live_run.hpp"
#include "model/certificate/certificate_json.hpp"
#include "model/checker/verdict.hpp"
#include "model/english/explain.hpp"
#include "model/json/digest.hpp"
#include "model/json/plan_json.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::cli {

namespace {

namespace fs = std::filesystem;

struct RunOptions {
  std::string plan;
  std::string inventory;
  std::string journal;
  std::string confirm;
  bool dry_run = false;
  GateOptions gate;
  LiveOptions live;
};

/// What is run, and on whose word.
struct Inputs {
  ReadPlan plan;
  ReadInventory inventory;
  std::unique_ptr<model::GroundModel> model;
  Authority authority;
};

/// Only what is proved is run.
Status prove(const Inputs& inputs, const std::string& plan_file) {
  model::VerifyOptions how;
  how.explore = model::VerifyOptions::Explore::kNever;
  const Result<model::Verification> verdict = model::verify(*inputs.model, inputs.plan.plan, how);
  if (!verdict) return verdict.error();
  if (verdict.value().verdict == model::Verdict::kProved) return Done{};
  return Error{ErrorCode::kRefused, plan_file + ": the plan is " +
                                        std::string(to_string(verdict.value().verdict)) +
                                        ", not proved; see why: rehydrate verify " + plan_file};
}

/// A person at a terminal types the name; a machine says it with --confirm.
bool types_the_name(const std::string& name) {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) return false;
  std::cerr << "Type the name of the installation to go on: " << std::flush;
  std::string typed;
  return std::getline(std::cin, typed) && typed == name;
}

/// What cannot be taken back needs the installation's name.
Status confirmed(Session& session, const Inputs& inputs, const RunOptions& options) {
  const std::string& name = inputs.inventory.inventory.name;
  for (const model::Step& step : inputs.plan.plan.steps) {
    if (step.irreversible.empty()) continue;
    if (options.confirm == name) return Done{};
    const std::string warning = "from step " + step.id + " (" + step.sentence +
                                ") there is no cheap way back: " + step.irreversible;
    if (options.confirm.empty()) {
      session.console.warning(warning + "\n");
      if (types_the_name(name)) return Done{};
    }
    const std::string wrong =
        options.confirm.empty() ? "" : "'" + options.confirm + "' is not its name; ";
    return Error{ErrorCode::kRefused,
                 options.plan + ": " + warning + "; " + wrong + "confirm with --confirm " + name};
  }
  return Done{};
}

Result<Inputs> read_inputs(Session& session, const RunOptions& options) {
  Inputs inputs;
  Result<ReadPlan> plan = read_plan(options.plan);
  if (!plan) return plan.error();
  inputs.plan = std::move(plan).value();
  Result<ReadInventory> inventory = read_inventory(options.inventory);
  if (!inventory) return inventory.error();
  inputs.inventory = std::move(inventory).value();
  if (Status fits = check_belongs(inputs.plan.plan, options.plan, inputs.inventory.inventory,
                                  options.inventory);
      !fits)
    return fits.error();
  const auto procedure = model::procedure_from(inputs.plan.plan.procedure);
  inputs.model = std::make_unique<model::GroundModel>(
      model::installation_of(inputs.inventory.inventory, *procedure));
  if (Status fits = check_entities(inputs.plan.plan, options.plan, *inputs.model); !fits)
    return fits.error();
  if (Status proved = prove(inputs, options.plan); !proved) return proved.error();
  // A dry run changes nothing: it needs no certificate, but says what is wrong with one.
  const GateOptions& gate = options.gate;
  if (!options.dry_run || !gate.certificate.empty() || !gate.break_glass.empty()) {
    Result<Authority> authority = authority_for(gate, inputs.plan, inputs.inventory);
    if (!authority) return authority.error();
    inputs.authority = std::move(authority).value();
  }
  if (!options.dry_run)
    if (Status sure = confirmed(session, inputs, options); !sure) return sure.error();
  return inputs;
}

std::string proposed_name(const Inputs& inputs) {
  const auto now = executor::system_wall_clock().time_since_epoch();
  return inputs.inventory.inventory.name + "-" + inputs.plan.plan.procedure + "-" +
         std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

/// $XDG_STATE_HOME/rehydrate/<installation>-<procedure>-<time>.journal
Result<std::string> usual_journal(const std::string& name) {
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
  return (folder / (name + ".journal")).string();
}

/// Where the journal goes: known to be possible before anybody is asked anything.
Result<std::string> journal_location(const Inputs& inputs, const RunOptions& options) {
  const std::string name = proposed_name(inputs);
  Result<std::string> location =
      options.journal.empty() ? usual_journal(name) : Result<std::string>(options.journal);
  if (!location) return location;
  if (Status possible = executor::check_journal_can_be_made(location.value(), name); !possible)
    return possible.error();
  return executor::full_location(location.value(), name);
}

ExitStatus refuse_drift(Session& session, const std::vector<executor::Difference>& drift) {
  return session.fail({ErrorCode::kRefused,
                       "the installation is not as the plan expects:" + listed(drift) +
                           "\nnothing was done; correct the inventory, or the installation, and "
                           "plan again"});
}

ExitStatus run_dry(Session& session, const model::Plan& plan) {
  std::string text;
  for (const model::Step& step : plan.steps)
    text += step.id + "  " + step.runbook + "  " + step.sentence +
            (step.wait.empty() ? "" : ", until " + step.wait) + "\n";
  session.console.result(text);
  session.console.note(
      "Dry run: the installation was read and is as the plan expects; nothing was "
      "changed.\n");
  return ExitStatus::kDone;
}

/// Unlike that of any other run, whatever the journals are called: systems that know the tokens of
/// one run must not take those of the next for the same.
std::string new_run_id(const Inputs& inputs) {
  std::random_device random;
  std::ostringstream text;
  text << proposed_name(inputs) << '-' << std::hex << std::setw(6) << std::setfill('0')
       << (random() & 0xffffffU);
  return text.str();
}

executor::RunFacts facts_of(const Inputs& inputs) {
  return {model::sha256_hex(model::canonical_json(inputs.plan.plan)),
          inputs.inventory.inventory.name,
          model::sha256_hex(scenarios::to_yaml(inputs.inventory.inventory)),
          model::sha256_hex(model::model_text()),
          WME_VERSION,
          "",
          inputs.authority,
          new_run_id(inputs)};
}

/// What whoever resumes on another machine needs: texts as they were read, so that the digests of
/// the certificate still fit.
Result<std::vector<std::pair<std::string, std::string>>> attachments_of(const Inputs& inputs,
                                                                        const RunOptions& options) {
  std::vector<std::pair<std::string, std::string>> all{{"plan.json", inputs.plan.text},
                                                       {"inventory.yaml", inputs.inventory.text}};
  for (auto& each : kept_with(options.live)) all.push_back(std::move(each));
  if (options.gate.certificate.empty()) return all;
  Result<std::string> certificate =
      read_text(options.gate.certificate, "the certificate", model::kCertificateBytesMax);
  if (!certificate) return certificate.error();
  all.emplace_back("certificate.json", std::move(certificate).value());
  return all;
}

ExitStatus run_plan(Session& session, const RunOptions& options) {
  LiveRun live(session);
  if (Status ready = live.prepare(options.live); !ready) return session.fail(ready.error());
  Result<Inputs> read = read_inputs(session, options);
  if (!read) return session.fail(read.error());
  Inputs& inputs = read.value();
  if (Status known = live.check_gates(inputs.plan.plan); !known) return session.fail(known.error());
  const Result<std::string> location =
      options.dry_run ? Result<std::string>(std::string()) : journal_location(inputs, options);
  if (!location) return session.fail(location.error());
  const auto attachments = attachments_of(inputs, options);
  if (!attachments) return session.fail(attachments.error());
  if (Status connected = live.connect(inputs.inventory.inventory, *inputs.model); !connected)
    return session.fail(connected.error());
  if (!options.dry_run)
    if (Status locked = live.lock(location.value()); !locked) return session.fail(locked.error());
  const auto drift = live.drift_from_the_start();
  if (!drift) return session.fail(drift.error());
  if (!drift.value().empty()) return refuse_drift(session, drift.value());
  if (options.dry_run) return run_dry(session, inputs.plan.plan);
  executor::RunFacts facts = facts_of(inputs);
  if (Status created =
          live.create_journal(location.value(), proposed_name(inputs), facts, attachments.value());
      !created)
    return session.fail(created.error());
  session.console.note("Journal: " + live.journal().location() + "\n");
  if (const auto broken = inputs.authority.find("break-glass"); broken != inputs.authority.end())
    session.console.warning("THE GLASS IS BROKEN: this run has no certificate, because: " +
                            broken->second + "; its journal says so for ever");
  executor::History history;
  history.facts = std::move(facts);
  OpenLeg leg{"plan",
              "",
              inputs.plan.plan,
              inputs.plan.order,
              model::goals_of(inputs.model->installation().procedure),
              inputs.model->initial(),
              {}};
  return live.carry_out(std::move(leg), history);
}

}  // namespace

void add_run(CLI::App& root, Session& session) {
  CLI::App* command =
      add_command(root, session, "run", kRun, "Run a proved plan against the installation.",
                  "  rehydrate run plan.json --inventory inventory.yaml --dry-run\n"
                  "  rehydrate run plan.json --inventory inventory.yaml --certificate "
                  "certificate.json --journal run.journal");
  const auto options = std::make_shared<RunOptions>();
  command->add_option("PLAN", options->plan, "What `rehydrate plan` wrote")->required();
  command->add_option("-i,--inventory", options->inventory, "The inventory it was made for")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--journal", options->journal,
                   "Where every intent and outcome is written, a file or postgresql://...; must "
                   "not exist yet")
      ->type_name("FILE|URL");
  command
      ->add_option("--confirm", options->confirm,
                   "The installation's name, for a plan with a point of no return")
      ->type_name("NAME");
  add_gate_options(*command, options->gate);
  add_live_options(*command, options->live);
  command->add_flag("--dry-run", options->dry_run, "Read everything, change nothing");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_plan(session, *options); };
  });
}

}  // namespace wme::cli
