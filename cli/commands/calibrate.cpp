#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "executor/journal/location.hpp"
#include "model/english/words.hpp"
#include "model/planner/render/columns.hpp"
#include "model/wme/actions.hpp"
#include "scenarios/durations/calibration.hpp"
#include "scenarios/report/text.hpp"

/// How long actions really took, by the journals of runs: for simulations of one installation.
namespace wme::cli {

namespace {

using nlohmann::ordered_json;
using scenarios::MeasuredAction;
using scenarios::RunTimes;
using std::chrono::milliseconds;

struct CalibrateOptions {
  std::vector<std::string> journals;
  std::string output;
};

milliseconds typical_of(const MeasuredAction& measured) {
  return model::find_action(measured.action)->typical;
}

double ratio_of(const MeasuredAction& measured) {
  return static_cast<double>(measured.spread.p50.count()) /
         static_cast<double>(typical_of(measured).count());
}

double seconds_of(milliseconds time) { return static_cast<double>(time.count()) / 1000.0; }

/// Damage is bad input here: nothing is gone on with.
Result<RunTimes> read_times(const std::string& location) {
  const auto unusable = [&](const Error& error) {
    const bool is_named = error.message.find(location) != std::string::npos;
    return Error{error.code == ErrorCode::kFailed ? ErrorCode::kInvalid : error.code,
                 (is_named ? "" : "journal " + location + ": ") + error.message};
  };
  const auto journal = executor::open_journal_read_only(location);
  if (!journal) return unusable(journal.error());
  const auto records = executor::records(*journal.value());
  if (!records) return unusable(records.error());
  Result<RunTimes> times = scenarios::times_of(records.value());
  if (!times) return unusable(times.error());
  return times;
}

Result<std::vector<RunTimes>> read_all(const std::vector<std::string>& locations) {
  std::vector<RunTimes> runs;
  for (const std::string& each : locations) {
    Result<RunTimes> times = read_times(each);
    if (!times) return times.error();
    if (std::ranges::find(runs, times.value().run, &RunTimes::run) != runs.end())
      return Error{ErrorCode::kInvalid,
                   "journal " + each + " is named twice: its times would count twice"};
    runs.push_back(std::move(times).value());
  }
  return runs;
}

std::map<scenarios::LeftOut, int> left_out_of(const std::vector<RunTimes>& runs) {
  std::map<scenarios::LeftOut, int> sum;
  for (const RunTimes& run : runs)
    for (const auto& [why, count] : run.left_out) sum[why] += count;
  return sum;
}

std::string left_out_text(const std::vector<RunTimes>& runs) {
  std::string text;
  for (const auto& [why, count] : left_out_of(runs))
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " +
            std::string(scenarios::in_words(why));
  return text.empty() ? "no step was left out" : "steps left out: " + text;
}

std::string text_of(const std::vector<RunTimes>& runs) {
  const std::vector<MeasuredAction> measured = scenarios::measured_actions(runs);
  const std::vector<std::size_t> widths = {24, 7, 12, 12, 12, 12, 6};
  std::string text =
      model::row({"action", "samples", "P50", "P90", "seen late", "the model's", "ratio"}, widths);
  std::size_t samples = 0;
  for (const MeasuredAction& each : measured) {
    samples += static_cast<std::size_t>(each.spread.samples);
    text += model::row({each.action, std::to_string(each.spread.samples),
                        scenarios::human(each.spread.p50), scenarios::human(each.spread.p90),
                        each.late.count() == 0 ? "" : "<= " + scenarios::human(each.late),
                        scenarios::human(typical_of(each)), scenarios::fixed(ratio_of(each), 2)},
                       widths);
  }
  text += model::counted(samples, "step") + " of " + model::counted(runs.size(), "run") + "; " +
          left_out_text(runs) + "\n";
  text += "seen late: how much earlier a step may have ended, by the interval of the looks\n";
  if (std::ranges::any_of(runs, [](const RunTimes& each) { return each.run.is_rehearsal; }))
    text += "rehearsals among them: their times are those of simulators\n";
  return text;
}

ordered_json json_of(const std::vector<RunTimes>& runs) {
  ordered_json sources = ordered_json::array();
  for (const RunTimes& run : runs) {
    ordered_json left = ordered_json::object();
    for (const auto& [why, count] : run.left_out)
      left[std::string(scenarios::in_words(why))] = count;
    sources.push_back({{"run", run.run.run},
                       {"journal", run.run.journal},
                       {"origin", run.run.is_rehearsal ? "rehearsal" : "production"},
                       {"steps", run.steps.size()},
                       {"left_out", std::move(left)}});
  }
  ordered_json actions = ordered_json::array();
  for (const MeasuredAction& each : scenarios::measured_actions(runs))
    actions.push_back({{"action", each.action},
                       {"samples", each.spread.samples},
                       {"p50_s", seconds_of(each.spread.p50)},
                       {"p90_s", seconds_of(each.spread.p90)},
                       {"max_s", seconds_of(each.spread.max)},
                       {"seen_late_max_s", seconds_of(each.late)},
                       {"model_s", seconds_of(typical_of(each))},
                       {"ratio", ratio_of(each)}});
  return {{"schema", "rehydrate/calibration/1"},
          {"runs", std::move(sources)},
          {"actions", std::move(actions)}};
}

ExitStatus run_calibrate(Session& session, const CalibrateOptions& options) {
  const bool to_stdout = options.output == "-";
  const std::string file = to_stdout ? "" : options.output;
  const Result<std::vector<RunTimes>> runs = read_all(options.journals);
  if (!runs) return session.fail_unwritten(runs.error(), file);
  if (scenarios::measured_actions(runs.value()).empty())
    return session.fail_unwritten(
        {ErrorCode::kInvalid,
         "no step of these runs has a time that is its action's; " + left_out_text(runs.value())},
        file);
  const std::string yaml = scenarios::to_yaml(scenarios::calibrated(runs.value()));
  if (!file.empty()) {
    for (const std::string& each : options.journals)
      if (same_file(file, each))
        return session.fail({ErrorCode::kInvalid,
                             file + ": is a journal itself: it would be overwritten; name another "
                                    "file with -o"});
    if (Status written = write_whole(file, yaml); !written) return session.fail(written.error());
  }
  if (to_stdout) {
    session.console.result(yaml);
    session.console.note(text_of(runs.value()));
  } else {
    session.console.result(session.json ? json_of(runs.value()).dump(2) + "\n"
                                        : text_of(runs.value()));
  }
  if (!file.empty())
    session.console.note("Written to " + file +
                         ". Simulate by it: rehydrate campaign … --durations " + file + "\n");
  return ExitStatus::kDone;
}

}  // namespace

void add_calibrate(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "calibrate", kProve,
      "How long actions took, by the journals of runs: for rehearsals and campaigns of your own "
      "installation.",
      "  rehydrate calibrate run.journal restore.journal -o measured.yaml\n"
      "  rehydrate campaign dr-aws --runs 10000 --durations measured.yaml");
  const auto options = std::make_shared<CalibrateOptions>();
  command->add_option("JOURNAL", options->journals, "Of runs: files or postgresql://...#NAME")
      ->required();
  command
      ->add_option("-o,--output", options->output,
                   "Where the durations go, all of them or nothing; -: stdout")
      ->type_name("FILE");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_calibrate(session, *options); };
  });
}

}  // namespace wme::cli
