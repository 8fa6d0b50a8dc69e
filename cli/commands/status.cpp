#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "cli/production/journal_run.hpp"
#include "cli/production/stopped.hpp"
#include "executor/engine/choices.hpp"
#include "executor/journal/location.hpp"
#include "executor/journal/timestamp.hpp"
#include "executor/lease/lease_stores.hpp"
#include "model/language/interpreter.hpp"
#include "model/wme/safe_stops.hpp"

namespace wme::cli {

namespace {

using Known = executor::StepHistory::Known;
using nlohmann::ordered_json;

constexpr std::size_t kNextShown = 5;

/// Everything that status says, found out once, for people and for machines.
struct RunStatus {
  JournalRun run;
  bool is_live = false;
  std::string process;  ///< who has the lock, or what became of the last process
  bool is_safe = false;
  std::string safe;  ///< where the installation comes to rest if nothing new is begun
  std::vector<std::size_t> done, skipped, running, doubtful, failed, next;
  long left_s = 0;            ///< of the critical path
  executor::TimePoint now{};  ///< of the run: while it is live, time passes behind its last entry
};

std::string word(Known known) {
  switch (known) {
    case Known::kNothing:
      return "to do";
    case Known::kInDoubt:
      return "in doubt";
    case Known::kAccepted:
      return "running";
    case Known::kDone:
      return "done";
    case Known::kFailed:
      return "failed";
    case Known::kSkipped:
      return "skipped";
  }
  return "to do";
}

void find_process(RunStatus& status) {
  const executor::History& history = status.run.history;
  status.process =
      history.verdict.empty()
          ? "no process is known to carry it out: it was killed, or its machine is gone"
          : "ended: " + history.verdict + (history.reason.empty() ? "" : ": " + history.reason);
  auto store = executor::lease_store_for(status.run.location);
  const auto now = store ? store.value()->current(status.run.inventory.name)
                         : Result<std::optional<executor::LeaseNow>>(store.error());
  if (!now) {
    status.process += "; the lock cannot be read: " + now.error().message;
    return;
  }
  if (!now.value() || now.value()->state != executor::LeaseState::kHeld) return;
  const executor::Lease& lease = now.value()->lease;
  if (lease.holder.journal == status.run.location) {
    status.is_live = true;
    status.process = "carried out by " + in_words(lease.holder) + ", lock " +
                     std::to_string(lease.fence) + " until " + executor::rfc3339(lease.until);
  } else {
    status.process += "; the installation is locked by another run: " + in_words(lease.holder) +
                      ", journal " + lease.holder.journal;
  }
}

void judge(RunStatus& status) {
  const model::GroundModel& model = *status.run.model;
  const model::State rest = at_rest(model, status.run.now());
  for (const model::SafeStop& stop : model::safe_stops())
    if (model::evaluate(model.ground(stop.formula), rest)) {
      status.is_safe = true;
      status.safe = stop.words + "; safe: " + stop.safe;
      return;
    }
  const auto turn = executor::turn_to_safe_stop(model, rest, "");
  status.is_safe = static_cast<bool>(turn);
  status.safe = turn ? "rehydrate abort leads to a safe stop in " +
                           std::to_string(turn.value().plan.steps.size()) +
                           " steps: " + turn.value().words
                     : turn.error().message;
}

/// Seconds from now to the end when everything takes as long as it usually does.
long time_left(const OpenLeg& leg, executor::TimePoint now) {
  std::vector<long> ends(leg.plan.steps.size(), 0);
  long last = 0;
  for (const std::size_t i : leg.order.topological()) {
    const executor::StepHistory& step = leg.steps[i];
    if (step.known == Known::kDone || step.known == Known::kSkipped) continue;
    long begins = 0;
    for (const std::size_t before : leg.order.predecessors()[i])
      begins = std::max(begins, ends[before]);
    long takes = leg.plan.steps[i].typical_s;
    if (step.known == Known::kAccepted)
      takes = std::max<long>(
          1, takes - std::chrono::duration_cast<std::chrono::seconds>(now - step.started).count());
    ends[i] = begins + takes;
    last = std::max(last, ends[i]);
  }
  return last;
}

void sort_steps(RunStatus& status) {
  const OpenLeg& leg = status.run.now();
  const auto is_over = [&](std::size_t i) {
    return leg.steps[i].known == Known::kDone || leg.steps[i].known == Known::kSkipped;
  };
  for (const std::size_t i : leg.order.topological()) {
    const Known known = leg.steps[i].known;
    if (known == Known::kDone) status.done.push_back(i);
    if (known == Known::kSkipped) status.skipped.push_back(i);
    if (known == Known::kAccepted) status.running.push_back(i);
    if (known == Known::kInDoubt) status.doubtful.push_back(i);
    if (known == Known::kFailed) status.failed.push_back(i);
    if (known == Known::kNothing && std::ranges::all_of(leg.order.predecessors()[i], is_over))
      status.next.push_back(i);
  }
  status.left_s = time_left(leg, status.now);
}

Result<RunStatus> look(const std::string& location) {
  const auto journal = executor::open_journal_read_only(location);
  if (!journal) return journal.error();
  Result<JournalRun> run = read_run(*journal.value(), journal.value()->location());
  if (!run) return run.error();
  RunStatus status;
  status.run = std::move(run).value();
  find_process(status);
  const executor::History& history = status.run.history;
  const auto since = executor::system_wall_clock() - history.last_wall;
  status.now = history.last + (status.is_live && since.count() > 0 ? since : since.zero());
  sort_steps(status);
  judge(status);
  return status;
}

std::string duration(long seconds) {
  const std::string minutes = std::to_string(seconds / 60);
  const std::string rest = std::to_string(seconds % 60);
  return minutes + " min " + (rest.size() < 2 ? "0" : "") + rest + " s";
}

long seconds_between(executor::TimePoint from, executor::TimePoint to) {
  return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

/// Of the whole run. A process that was killed did nothing after its last entry.
std::string time_taken(const RunStatus& status) {
  const executor::History& history = status.run.history;
  const std::string taken = duration(seconds_between(history.started, status.now));
  const OpenLeg& leg = status.run.now();
  if (history.verdict == "done" && status.run.legs.size() == 1)
    return taken + " in all, predicted " +
           duration(model::summary_of(leg.plan, leg.order).critical_path_s);
  if (history.verdict == "done") return taken + " in all";
  if (!status.is_live) return taken + " from its start to its last entry";
  return taken + " so far";
}

/// What became of the plans that the run was turned from.
std::string earlier_legs(const JournalRun& run) {
  std::string text;
  for (std::size_t i = 0; i + 1 < run.legs.size(); ++i) {
    const OpenLeg& leg = run.legs[i];
    const auto done = std::ranges::count(leg.steps, Known::kDone, &executor::StepHistory::known);
    text += "  before: " + std::to_string(done) + " of " + std::to_string(leg.plan.steps.size()) +
            " steps of " + (leg.to == "plan" ? "the plan" : leg.to) + " done\n";
  }
  return text;
}

std::string step_line(const RunStatus& status, std::size_t i) {
  const OpenLeg& leg = status.run.now();
  const model::Step& step = leg.plan.steps[i];
  const executor::StepHistory& history = leg.steps[i];
  std::string text = "  " + step.id + "  " + step.sentence;
  if (history.known == Known::kAccepted) {
    text += "\n       waits for " + history.waits_for + ", since " +
            duration(seconds_between(history.started, status.now)) + " of about " +
            duration(step.typical_s);
    if (history.deadline != executor::TimePoint{})
      text += ", until " + executor::rfc3339(history.deadline) + " at the latest";
  }
  if (status.is_live && !history.gate.empty())
    text += "\n       waits for an approval until " + executor::rfc3339(history.deadline) +
            ", then: " + history.gate + "; rehydrate gate " + status.run.location + " approve " +
            step.id;
  if (!history.reason.empty()) text += "\n       " + history.reason;
  return text + "\n";
}

std::string section(const RunStatus& status, const std::string& title,
                    const std::vector<std::size_t>& steps, std::size_t shown) {
  if (steps.empty()) return "";
  std::string text = title + "\n";
  for (std::size_t i = 0; i < std::min(steps.size(), shown); ++i)
    text += step_line(status, steps[i]);
  if (steps.size() > shown) text += "  and " + std::to_string(steps.size() - shown) + " more\n";
  return text;
}

/// What is asked of a run that goes on: may it be stopped? Of one that does not: may it stay so?
std::string rest_label(const RunStatus& status) {
  if (status.is_live) return "Safe to stop now: ";
  return status.run.history.verdict == "done" ? "At rest, and safe: " : "Safe to leave as it is: ";
}

std::string text_of(const RunStatus& status) {
  const JournalRun& run = status.run;
  const executor::History& history = run.history;
  const OpenLeg& leg = run.now();
  std::string text =
      history.facts.run_id + ": " + leg.plan.procedure + " of " + run.inventory.name +
      (leg.to == "plan" ? "" : ", turned to " + leg.to + " (" + leg.goal + ")") + "\n";
  text += "  " + status.process + "\n";
  if (history.is_paused) text += "  paused: rehydrate continue " + run.location + "\n";
  if (status.is_live && history.is_stopping)
    text += "  stopping: nothing new is begun, what is under way comes to its end\n";
  text += earlier_legs(run);
  text +=
      "  " +
      (leg.plan.steps.empty() ? std::string("nothing had to be done")
                              : std::to_string(status.done.size()) + " of " +
                                    std::to_string(leg.plan.steps.size()) + " steps done") +
      (status.skipped.empty() ? "" : ", " + std::to_string(status.skipped.size()) + " skipped") +
      "; " + time_taken(status);
  if (history.verdict != "done") text += ", about " + duration(status.left_s) + " to go";
  text += "\n";
  if (history.facts.authority.contains("break-glass"))
    text += "  THE GLASS WAS BROKEN: " + history.facts.authority.at("break-glass") + "\n";
  text += section(status, status.is_live ? "Running" : "Under way when the process ended",
                  status.running, leg.plan.steps.size());
  text += section(status, "In doubt: asked for, and what came of it is not known", status.doubtful,
                  leg.plan.steps.size());
  text += section(status, "Failed", status.failed, leg.plan.steps.size());
  if (history.verdict != "done") text += section(status, "Next", status.next, kNextShown);
  text += rest_label(status) + (status.is_safe ? "yes" : "NO") + ": " + status.safe + "\n";
  if (!status.is_live && history.verdict != "done") {
    text += "What can be done, by the model and the journal\n";
    for (const std::string& each :
         what_can_be_done(*run.model, leg, at_rest(*run.model, leg), run.location))
      text += "  " + each + "\n";
  }
  text += "The journal's chain holds, and it replays through the model: " +
          std::to_string(run.entries) + " entries\n";
  return text;
}

ordered_json json_of(const RunStatus& status) {
  const JournalRun& run = status.run;
  const OpenLeg& leg = run.now();
  ordered_json steps = ordered_json::array();
  for (std::size_t i = 0; i < leg.plan.steps.size(); ++i) {
    const executor::StepHistory& history = leg.steps[i];
    ordered_json step{{"id", leg.plan.steps[i].id},
                      {"action", leg.plan.steps[i].action},
                      {"arguments", leg.plan.steps[i].arguments},
                      {"state", word(history.known)}};
    if (history.started != executor::TimePoint{})
      step["started"] = executor::rfc3339(history.started);
    if (history.ended != executor::TimePoint{}) step["ended"] = executor::rfc3339(history.ended);
    if (!history.waits_for.empty()) step["waits_for"] = history.waits_for;
    if (!history.reason.empty()) step["reason"] = history.reason;
    steps.push_back(std::move(step));
  }
  return {{"schema", "rehydrate/status/1"},
          {"run", run.history.facts.run_id},
          {"installation", run.inventory.name},
          {"procedure", leg.plan.procedure},
          {"turned_to", leg.to == "plan" ? "" : leg.to},
          {"live", status.is_live},
          {"process", status.process},
          {"verdict", run.history.verdict},
          {"paused", run.history.is_paused},
          {"stopping", status.is_live && run.history.is_stopping},
          {"resumed", run.history.resumed},
          {"started", executor::rfc3339(run.history.started)},
          {"last_entry", executor::rfc3339(run.history.last)},
          {"seconds_left", status.left_s},
          {"safe_to_stop", status.is_safe},
          {"safe_to_stop_because", status.safe},
          {"entries", run.entries},
          {"steps", std::move(steps)}};
}

ExitStatus show_status(Session& session, const std::string& journal) {
  const Result<RunStatus> status = look(journal);
  if (!status) return session.fail(status.error());
  session.console.result(session.json ? json_of(status.value()).dump(2) + "\n"
                                      : text_of(status.value()));
  return ExitStatus::kDone;
}

}  // namespace

void add_status(CLI::App& root, Session& session) {
  CLI::App* command =
      add_command(root, session, "status", kRun,
                  "What a run has done, what it waits for, what can be done; also while it is "
                  "carried out.\nReads the journal and the lock, nothing else.",
                  "  rehydrate status run.journal\n"
                  "  rehydrate status run.journal --json");
  const auto journal = std::make_shared<std::string>();
  command->add_option("JOURNAL", *journal, "Of the run: a file or postgresql://...#NAME")
      ->required();
  command->callback([&session, journal] {
    session.run = [&session, journal] { return show_status(session, *journal); };
  });
}

}  // namespace wme::cli
