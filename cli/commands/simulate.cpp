#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/commands/commands.hpp"
#include "cli/commands/interrupt.hpp"
#include "cli/files.hpp"
#include "model/english/words.hpp"
#include "model/json/api_profile.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "scenarios/rehearsal/scenario.hpp"
#include "scenarios/rehearsal/shared_clock.hpp"
#include "simulators/core/scaled_clock.hpp"
#include "simulators/site/simulated_site.hpp"

namespace wme::cli {

namespace {

namespace fs = std::filesystem;

struct SimulateOptions {
  std::string inventory;
  std::string procedure = "dehydrate";
  std::string faults;
  std::string directory = "simulated";
  double speed = 60;
  bool virtual_time = false;
  bool tls = false;
};

/// A value as a POSIX shell reads it.
std::string shell_quoted(const std::string& text) {
  std::string made = "'";
  for (const char each : text)
    if (each == '\'')
      made += "'\\''";
    else
      made += each;
  return made + "'";
}

std::map<std::string, std::string> environment_of(const simulators::SimulatedSite& site,
                                                  const model::Inventory& inventory) {
  std::map<std::string, std::string> variables = site.addresses().environment();
  const auto also = [&](const model::SecretRef& reference, const char* as) {
    if (reference.where.starts_with("env:"))
      variables[reference.where.substr(4)] = variables.at(as);
  };
  also(inventory.access.launchpad_password, "REHYDRATE_LAUNCHPAD_PASSWORD");
  also(inventory.access.config_wizard_password, "REHYDRATE_CONFIG_WIZARD_PASSWORD");
  return variables;
}

nlohmann::ordered_json endpoints(const simulators::SimulatedSite& site,
                                 const std::map<std::string, std::string>& environment,
                                 const SimulateOptions& options,
                                 const std::string& environment_file) {
  const simulators::SiteAddresses& at = site.addresses();
  nlohmann::ordered_json printed = {{"schema", "rehydrate/simulation/1"},
                                    {"launchpad", at.launchpad},
                                    {"config_wizard", at.config_wizard},
                                    {"license_service", at.license},
                                    {"ssh_config", at.ssh_config.string()},
                                    {"control", at.control},
                                    {"speed", options.speed},
                                    {"environment_file", environment_file}};
  if (!at.cloud.empty()) printed[at.cloud_name] = at.cloud;
  if (!at.ca_file.empty()) printed["ca_file"] = at.ca_file.string();
  printed["clients"] = nlohmann::ordered_json::object();
  for (const simulators::ClientHint& each : at.client_hints)
    printed["clients"][each.client] = each.text;
  printed["environment"] = environment;
  return printed;
}

Result<std::vector<simulators::FaultRule>> faults_from(const std::string& file) {
  if (file.empty()) return std::vector<simulators::FaultRule>{};
  return scenarios::load_faults(file);
}

/// A program that does at once what a run asks of the operator.
Result<std::string> obliging_operator(const SimulateOptions& options,
                                      const simulators::SiteAddresses& at) {
  const fs::path file = fs::absolute(options.directory) / "operator";
  const std::string trust =
      at.ca_file.empty() ? "" : "--cacert " + shell_quoted(at.ca_file.string());
  const std::string text =
      "#!/bin/sh\n# Does at once what a run asks of the operator: ACTION ARGUMENT SENTENCE\n"
      "exec curl -fsS " +
      trust + " -X POST \"" + at.control + "/operate?action=$1${2:+&of=$2}\"\n";
  if (Status written = write_whole(file.string(), text); !written) return written.error();
  std::error_code error;
  fs::permissions(file, fs::perms::owner_all, error);
  if (error) return Error{ErrorCode::kInvalid, file.string() + ": " + error.message()};
  return file.string();
}

fs::path clock_file(const SimulateOptions& options) {
  return fs::absolute(options.directory) / "clock";
}

Result<std::unique_ptr<scenarios::SharedClock>> virtual_clock(const SimulateOptions& options) {
  std::error_code error;
  fs::create_directories(fs::absolute(options.directory), error);
  if (error)
    return Error{ErrorCode::kInvalid, options.directory + ": " + error.message() +
                                          "; name a folder that can be written: --directory DIR"};
  return scenarios::SharedClock::create(
      clock_file(options),
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

/// New violations as they happen: whoever breaks a rule shall see it at once.
std::size_t tell_violations(Session& session, simulators::SimulatedSite& site, std::size_t told) {
  const auto lock = site.world().enter();
  const auto& violations = site.world().violations();
  for (; told < violations.size(); ++told) {
    const simulators::Violation& each = violations[told];
    session.console.warning((each.rule.empty() ? "order" : each.rule) + " broken by " + each.door +
                            " (" + each.action + "): " + each.sentence + "\n");
  }
  return told;
}

ExitStatus run_simulate(Session& session, const SimulateOptions& options) {
  const auto procedure = model::procedure_from(options.procedure);
  if (!procedure)
    return session.fail(
        {ErrorCode::kInvalid,
         "unknown procedure '" + options.procedure + "'; " +
             model::suggestion(options.procedure, {"dehydrate", "restore", "rotate", "upgrade"})});
  Result<model::Inventory> inventory = scenarios::load_inventory(options.inventory);
  if (!inventory) return session.fail(inventory.error());
  Result<std::vector<simulators::FaultRule>> faults = faults_from(options.faults);
  if (!faults) return session.fail(faults.error());
  catch_interrupts();
  const simulators::ScaledClock scaled(options.speed);
  std::unique_ptr<scenarios::SharedClock> shared;
  if (options.virtual_time) {
    auto made = virtual_clock(options);
    if (!made) return session.fail(made.error());
    shared = std::move(made).value();
  }
  const simulators::WorldClock& clock =
      shared ? static_cast<const simulators::WorldClock&>(*shared) : scaled;
  simulators::SimulatedSite site(model::installation_of(inventory.value(), *procedure), clock,
                                 simulators::FaultSchedule(std::move(faults).value()),
                                 model::built_in_api_profile());
  const auto https =
      options.tls ? simulators::HttpsFor::kEverything : simulators::HttpsFor::kWhoDemandsIt;
  if (Status listening = site.listen(fs::absolute(options.directory), https); !listening)
    return session.fail(listening.error());
  auto environment = environment_of(site, inventory.value());
  auto telling = obliging_operator(options, site.addresses());
  if (!telling) return session.fail(telling.error());
  environment["REHYDRATE_OPERATOR_COMMAND"] = telling.value();
  if (shared) environment["REHYDRATE_CLOCK_FILE"] = clock_file(options).string();
  const std::string environment_file = (fs::absolute(options.directory) / "environment").string();
  std::string lines = "# Lets rehydrate and other clients find the simulators: source this file.\n";
  for (const auto& [name, value] : environment)
    lines += "export " + name + "=" + shell_quoted(value) + "\n";
  if (Status written = write_whole(environment_file, lines); !written)
    return session.fail(written.error());
  session.console.result(endpoints(site, environment, options, environment_file).dump(2) + "\n");
  session.console.flush();
  session.console.note("Simulating " + inventory.value().name +
                       " until Ctrl-C. In another terminal: source " + environment_file + "\n");
  std::size_t told = 0;
  while (!interrupted()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    told = tell_violations(session, site, told);
  }
  told = tell_violations(session, site, told);
  site.stop();
  session.console.note("Stopped. Rules of WME broken: " + std::to_string(told) + "\n");
  return ExitStatus::kDone;
}

}  // namespace

void add_simulate(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "simulate", kProve,
      "Serve a simulated installation on loopback: Launchpad, ConfigWizard, the cloud, SSH hosts.\n"
      "Prints the endpoints as JSON, with or without a terminal, then serves until Ctrl-C or "
      "SIGTERM.",
      "  rehydrate simulate --inventory inventory.yaml --speed 600\n"
      "  source simulated/environment     # in another terminal; then run, aws, ssh, curl");
  const auto options = std::make_shared<SimulateOptions>();
  command->add_option("-i,--inventory", options->inventory, "What is simulated")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--procedure", options->procedure,
                   "What it is for: with restore, everything is lost already")
      ->capture_default_str();
  command->add_option("--faults", options->faults, "A list of faults (docs/scenarios.md)")
      ->type_name("FILE");
  command->add_option("--speed", options->speed, "How much faster than the clock on the wall")
      ->check(CLI::Range(0.1, 100000.0))
      ->capture_default_str();
  command->add_flag("--virtual-time", options->virtual_time,
                    "Time stands still but for what a run waits: it takes seconds, not hours");
  command->add_flag("--tls", options->tls,
                    "Serve everything over HTTPS, not only clouds whose clients demand it");
  command
      ->add_option("--directory", options->directory,
                   "Where the SSH keys and the environment file go")
      ->type_name("DIR")
      ->capture_default_str();
  command->callback([&session, options] {
    session.run = [&session, options] { return run_simulate(session, *options); };
  });
}

}  // namespace wme::cli
