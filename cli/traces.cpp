#include "cli/traces.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/files.hpp"

namespace wme::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// "goal: developers may log in" as a part of a file's name.
std::string slug(const std::string& property) {
  constexpr std::size_t kLengthMax = 60;
  std::string text;
  for (const char each : property.substr(0, kLengthMax)) {
    const bool plain = std::isalnum(static_cast<unsigned char>(each)) != 0 || each == '-';
    if (plain || (!text.empty() && text.back() != '-')) text += plain ? each : '-';
  }
  return text;
}

std::string number(std::size_t value) {
  std::string text = std::to_string(value) + ".";
  text.insert(0, text.size() < 5 ? 5 - text.size() : 0, ' ');
  return text;
}

std::string changes_text(const model::TimelineRow& row) {
  std::string text;
  for (const model::TimelineRow::Change& each : row.changes)
    text += "        " + std::string(each.bears ? "* " : "  ") + each.variable + ": " + each.from +
            " → " + each.to + "\n";
  return text;
}

std::string timeline_text(const ReplayReport& report) {
  std::string text;
  for (std::size_t i = 0; i < report.timeline.size(); ++i) {
    const model::TimelineRow& row = report.timeline[i];
    text += number(i + 1) + " " + (row.step.empty() ? "" : row.step + " ") + row.action + " " +
            row.happens + "\n";
    if (row.happens == "is requested") text += "        " + row.sentence + "\n";
    text += changes_text(row);
    if (report.staged == nullptr) continue;
    const scenarios::StagedEvent& staged = report.staged->events[i];
    text += "        " + std::string(staged.failed ? "✗ " : "> ") +
            (staged.door.empty() ? "" : staged.door + ": ") + staged.said + "\n";
  }
  return text;
}

std::string ends_text(const Console& console, const ReplayReport& report) {
  const model::TraceBreak& breaks = report.file.breaks;
  std::string text = "\n  " + breaks.sentence + "  [" + breaks.property +
                     (breaks.loss.empty() ? "" : ": " + breaks.loss) + "]\n\n";
  const auto verdict = [&](bool yes) {
    return console.toned(yes ? Console::Tone::kBad : Console::Tone::kDoubtful,
                         yes ? "reproduced" : "not reproduced");
  };
  text += "  model       " + verdict(report.in_model()) + "\n";
  if (report.staged == nullptr) return text;
  text += "  simulators  " +
          (report.staged->beyond_sight ? "cannot tell" : verdict(report.staged->reproduced)) +
          ": " + report.staged->end + "\n";
  if (!report.staged->without_drivers.empty())
    text += "              in the world only, not through its doors: " +
            report.staged->without_drivers + "\n";
  for (const std::string& each : report.staged->differences) text += "  differs     " + each + "\n";
  return text;
}

ordered_json event_json(const ReplayReport& report, std::size_t i) {
  const model::TimelineRow& row = report.timeline[i];
  ordered_json changes = ordered_json::array();
  for (const model::TimelineRow::Change& each : row.changes)
    changes.push_back({{"variable", each.variable},
                       {"from", each.from},
                       {"to", each.to},
                       {"bears_on_it", each.bears}});
  ordered_json made = {{"kind", to_string(report.file.events[i].kind)},
                       {"step", row.step},
                       {"action", row.action},
                       {"happens", row.happens},
                       {"sentence", row.sentence},
                       {"changes", changes}};
  if (report.staged != nullptr)
    made["simulators"] = {{"door", report.staged->events[i].door},
                          {"said", report.staged->events[i].said},
                          {"failed", report.staged->events[i].failed}};
  return made;
}

ordered_json staged_json(const scenarios::StagedReplay& staged) {
  ordered_json violations = ordered_json::array();
  for (const simulators::Violation& each : staged.violations)
    violations.push_back({{"door", each.door},
                          {"action", each.action},
                          {"rule", each.rule},
                          {"sentence", each.sentence}});
  return {{"reproduced", staged.reproduced},
          {"beyond_sight", staged.beyond_sight},
          {"end", staged.end},
          {"without_drivers", staged.without_drivers},
          {"violations", violations},
          {"differences", staged.differences}};
}

}  // namespace

Result<std::vector<std::string>> write_traces(const std::string& directory,
                                              const model::GroundModel& model,
                                              const model::Plan& plan,
                                              const model::Verification& verification) {
  Result<model::GroundPlan> ground = model::GroundPlan::of(model, plan);
  if (!ground) return ground.error();
  ground.value().add_environment();
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure)
    return Error{ErrorCode::kInvalid, directory + ": no directory for traces: " +
                                          failure.message() + "; name another one with --traces"};
  std::vector<std::string> paths;
  for (const model::Counterexample& each : verification.counterexamples) {
    const std::string name =
        std::to_string(paths.size() + 1) + "-" + slug(each.property) + ".trace.json";
    paths.push_back((fs::path(directory) / name).string());
    const std::string text = to_trace_json(trace_file_of(ground.value(), each));
    if (const Status written = write_whole(paths.back(), text); !written) return written.error();
  }
  return paths;
}

std::string replay_text(const Console& console, const ReplayReport& report) {
  const std::size_t count = report.timeline.size();
  return console.toned(report.reproduced() ? Console::Tone::kBad : Console::Tone::kDoubtful,
                       report.reproduced() ? "REPRODUCED" : "NOT REPRODUCED") +
         "  " + report.file.headline + "\n  " + report.file.procedure + " " +
         report.file.installation + ", " + std::to_string(count) +
         (count == 1 ? " event" : " events") + "; * bears on it" +
         (report.staged == nullptr ? "" : "; > what the simulators said") + "\n\n" +
         timeline_text(report) + ends_text(console, report);
}

std::string replay_json(const ReplayReport& report) {
  ordered_json events = ordered_json::array();
  for (std::size_t i = 0; i < report.timeline.size(); ++i) events.push_back(event_json(report, i));
  const model::TraceBreak& breaks = report.file.breaks;
  ordered_json made = {{"schema", "rehydrate/replay/1"},
                       {"procedure", report.file.procedure},
                       {"installation", report.file.installation},
                       {"headline", report.file.headline},
                       {"property", breaks.property},
                       {"sentence", breaks.sentence},
                       {"reproduced", report.reproduced()},
                       {"model", {{"reproduced", report.in_model()}}},
                       {"events", events}};
  if (report.staged != nullptr) made["simulators"] = staged_json(*report.staged);
  return made.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace wme::cli
