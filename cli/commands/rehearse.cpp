#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/chosen_scenario.hpp"
#include "cli/commands/commands.hpp"
#include "scenarios/campaign/rehearse_world.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "scenarios/rehearsal/rehearsal.hpp"
#include "scenarios/report/prediction.hpp"
#include "scenarios/report/render.hpp"
#include "scenarios/report/text.hpp"

namespace wme::cli {

namespace {

namespace fs = std::filesystem;

struct RehearseOptions {
  ScenarioChoice choice;
  std::uint64_t seed = 1;
  std::string report = "rehearsal";
  std::string junit;
  bool in_process = false;
};

/// Journals are kept for ever, of failed rehearsals above all: each rehearsal gets a new folder.
Result<fs::path> new_folder(const fs::path& report) {
  constexpr int kRehearsalsMax = 100'000;
  std::error_code error;
  fs::create_directories(report, error);
  for (int number = 1; number < kRehearsalsMax && !error; ++number) {
    const fs::path folder = report / ("journals-" + std::to_string(number));
    if (fs::create_directory(folder, error)) return folder;
  }
  return Error{ErrorCode::kInvalid, report.string() + ": no folder for the journals can be made: " +
                                        error.message() + "; name another one with --report"};
}

std::string measure_text(const scenarios::Measure& measure) {
  if (!measure.value) return "not measured: " + measure.how;
  std::string text = scenarios::human(*measure.value) + " (simulated)";
  if (measure.target) text += ", objective " + scenarios::human(*measure.target);
  return text;
}

void tell(Session& session, const scenarios::RehearsalReport& report,
          const scenarios::ReportFiles& files) {
  Console& console = session.console;
  std::string text = console.toned(report.passed ? Console::Tone::kGood : Console::Tone::kBad,
                                   report.passed ? "PASSED" : "FAILED") +
                     "  " + report.title + "\n";
  for (const std::string& reason : report.reasons) text += "  " + reason + "\n";
  // What the operator of a real installation would be told now.
  for (const std::string& advice : report.exercise.remediation) text += "    " + advice + "\n";
  text += "  RTO      " + measure_text(report.rto) + "\n";
  text += "  RPO      " + measure_text(report.rpo) + "\n";
  text += "  times    by " + report.durations + "\n";
  for (const scenarios::Phase& each : report.phases)
    if (const auto predicted = scenarios::predicted_length(each))
      text += "           " + each.name + " took " + scenarios::human(each.end - each.start) +
              ", predicted " + scenarios::human(*predicted) + "\n";
  if (report.real_elapsed)
    text += "  took     " + std::to_string(report.real_elapsed->count() / 1000) + "." +
            std::to_string(report.real_elapsed->count() / 100 % 10) + " s on this machine\n";
  text += "  report   " + files.html.string() + "\n";
  if (!report.passed && !report.replay_command.empty())
    text += "  replay   " + report.replay_command + "\n";
  console.result(text);
}

ExitStatus finish(Session& session, const RehearseOptions& options,
                  const scenarios::RehearsalReport& report) {
  Result<scenarios::ReportFiles> files = scenarios::write_report(options.report, report);
  if (!files) return session.fail(files.error());
  if (!options.junit.empty())
    if (Status written = scenarios::write_atomically(options.junit, scenarios::to_junit(report));
        !written)
      return session.fail(written.error());
  if (session.json)
    session.console.result(scenarios::to_json(report));
  else
    tell(session, report, files.value());
  return report.passed ? ExitStatus::kDone : ExitStatus::kFailed;
}

ExitStatus run_rehearse(Session& session, const RehearseOptions& options) {
  Result<scenarios::Scenario> scenario = chosen_scenario(options.choice, "rehearse");
  if (!scenario) return session.fail(scenario.error());
  Result<model::Inventory> inventory = scenarios::load_inventory(scenario.value().inventory);
  if (!inventory) return session.fail(inventory.error());
  const auto durations = scenarios::chosen_durations(options.choice.durations);
  if (!durations) return session.fail(durations.error());
  const std::string replay =
      command_of(options.choice, "rehearse") + " --seed " + std::to_string(options.seed);
  // It needs no wires and no folder for keys, and its journal is nobody's evidence.
  if (scenario.value().level == scenarios::Level::kWorld) {
    const auto report = scenarios::rehearse_on_the_world(scenario.value(), inventory.value(),
                                                         replay, durations.value());
    if (!report) return session.fail(report.error());
    return finish(session, options, report.value());
  }
  Result<fs::path> folder = new_folder(options.report);
  if (!folder) return session.fail(folder.error());
  const auto progress = scenarios::make_progress(std::cerr, scenarios::terminal_of_stderr());
  scenarios::RehearsalOptions how;
  how.wire = options.in_process ? scenarios::Wire::kInProcess : scenarios::Wire::kSockets;
  how.seed = options.seed;
  how.durations = durations.value();
  how.directory = folder.value();
  how.progress = session.console.is_quiet() ? nullptr : progress.get();
  how.replay_command = replay;
  Result<scenarios::RehearsalReport> report =
      scenarios::rehearse(scenario.value(), inventory.value(), how);
  if (!report) {
    std::error_code ignored;
    fs::remove_all(folder.value(), ignored);  // nothing was rehearsed: there is nothing to keep
    fs::remove(options.report, ignored);      // only if it is empty
    return session.fail(report.error());
  }
  for (scenarios::JournalReference& each : report.value().journals)
    each.path = (folder.value().filename() / each.path).string();
  return finish(session, options, report.value());
}

}  // namespace

void add_rehearse(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "rehearse", kProve,
      "Run a whole recovery against simulators, with the executor that production uses.",
      "  rehydrate rehearse dr-aws\n"
      "  rehydrate rehearse --procedure rotate --inventory inventory.yaml --report out/rotate");
  const auto options = std::make_shared<RehearseOptions>();
  add_scenario_options(*command, options->choice);
  command->add_option("--seed", options->seed, "The same seed gives the same journals")
      ->capture_default_str();
  command->add_option("--report", options->report, "Where report and journals go")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_option("--junit", options->junit, "Write the JUnit report here too")
      ->type_name("FILE");
  command->add_flag("--in-process", options->in_process,
                    "Hand requests over in memory instead of over loopback sockets");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_rehearse(session, *options); };
  });
}

}  // namespace wme::cli
