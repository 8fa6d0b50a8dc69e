#include "cli/production/live_run.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/commands/interrupt.hpp"
#include "cli/production/change_window.hpp"
#include "cli/production/stopped.hpp"
#include "cli/programs.hpp"
#include "cli/spin/child.hpp"
#include "executor/engine/choices.hpp"
#include "executor/engine/system_clock.hpp"
#include "executor/journal/entries.hpp"
#include "executor/lease/lease_stores.hpp"
#include "executor/lease/process.hpp"
#include "model/checker/verdict.hpp"
#include "model/json/plan_json.hpp"
#include "scenarios/progress/progress.hpp"
#include "scenarios/rehearsal/aftermath.hpp"
#include "scenarios/rehearsal/shared_clock.hpp"

namespace wme::cli {

namespace {

constexpr std::size_t kDifferencesShown = 12;
// An attachment of a journal, as kGates.
constexpr const char* kWindow = "window";

std::chrono::sys_seconds wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// On the terminal, and by the program that pages somebody.
executor::InstructionSink operator_desk(const LiveOptions& options) {
  const std::string program = options.operator_command.empty()
                                  ? environment_variable("REHYDRATE_OPERATOR_COMMAND").value_or("")
                                  : options.operator_command;
  return [written = executor::instructions_to(std::cerr),
          program](const executor::Instruction& instruction) -> Result<std::string> {
    Result<std::string> told = written(instruction);
    if (!told || program.empty()) return told;
    const auto& arguments = instruction.call.arguments;
    ChildLimits limits;
    limits.time_max = std::chrono::seconds(60);
    const Result<ChildEnd> ended =
        run_child({program, instruction.call.action, arguments.empty() ? "" : arguments.front(),
                   instruction.sentence},
                  std::filesystem::current_path(), limits);
    if (!ended) return ended.error();
    if (ended.value().status == 0) return "told by " + program;
    return Error{ErrorCode::kUnreachable,
                 program + " ended with status " + std::to_string(ended.value().status) +
                     ", so that nobody may have been told: " + ended.value().output};
  };
}

Error bad_gate(const std::string& text) {
  return {ErrorCode::kInvalid, "--gate " + text +
                                   ": write STEP, STEP:EXPIRY or STEP:EXPIRY:OUTCOME, as s14:30m:"
                                   "abort; outcomes: stop, abort, continue"};
}

Result<executor::Gate> parse_gate(const std::string& text) {
  executor::Gate gate;
  const std::size_t first = text.find(':');
  gate.step = text.substr(0, first);
  if (gate.step.empty()) return bad_gate(text);
  if (first == std::string::npos) return gate;
  const std::size_t second = text.find(':', first + 1);
  const auto expires = parse_duration(text.substr(first + 1, second - first - 1));
  if (!expires || expires.value().count() == 0) return bad_gate(text);
  gate.expires = expires.value();
  if (second == std::string::npos) return gate;
  const std::string outcome = text.substr(second + 1);
  for (const executor::OnExpiry each :
       {executor::OnExpiry::kStop, executor::OnExpiry::kAbort, executor::OnExpiry::kContinue})
    if (outcome == to_string(each)) {
      gate.on_expiry = each;
      return gate;
    }
  return bad_gate(text);
}

Result<ChangeWindow> open_window(const std::string& text) {
  auto window = ChangeWindow::parse(text);
  if (!window) return window.error();
  if (window.value().contains(executor::system_wall_clock())) return window;
  return Error{ErrorCode::kRefused,
               "the change window " + text + " (UTC) is closed; nothing was done"};
}

/// What is carried out is what was proved, also on the way back.
Status prove(const model::GroundModel& model, const model::State& from,
             const executor::Turn& turn) {
  if (turn.plan.steps.empty()) return Done{};
  const model::GroundModel found(model::found_in(model, from));
  model::VerifyOptions how;
  how.goals = turn.goals;
  how.explore = model::VerifyOptions::Explore::kNever;
  const Result<model::Verification> verdict = model::verify(found, turn.plan, how);
  if (!verdict) return verdict.error();
  if (verdict.value().verdict == model::Verdict::kProved) return Done{};
  const auto& found_wrong = verdict.value().counterexamples;
  return Error{
      ErrorCode::kRefused,
      "the way there is " + std::string(to_string(verdict.value().verdict)) + ", not proved" +
          (found_wrong.empty() ? "" : ": " + found_wrong.front().sentence) + "; nothing was done"};
}

/// Steps that were asked for and whose end nobody has seen: "s51, s52".
std::string open_ends(const OpenLeg& leg) {
  using Known = executor::StepHistory::Known;
  std::string ids;
  for (std::size_t i = 0; i < leg.steps.size(); ++i)
    if (leg.steps[i].known == Known::kAccepted || leg.steps[i].known == Known::kInDoubt)
      ids += (ids.empty() ? "" : ", ") + leg.plan.steps[i].id;
  return ids;
}

std::size_t skipped_in(const OpenLeg& leg) {
  return static_cast<std::size_t>(std::ranges::count(
      leg.steps, executor::StepHistory::Known::kSkipped, &executor::StepHistory::known));
}

}  // namespace

std::optional<std::string> environment_variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::string listed(const std::vector<executor::Difference>& differences) {
  std::string text;
  for (std::size_t i = 0; i < differences.size() && i < kDifferencesShown; ++i)
    text += "\n  " + differences[i].text;
  if (differences.size() > kDifferencesShown)
    text +=
        "\n  and " + std::to_string(differences.size() - kDifferencesShown) + " more differences";
  return text;
}

void add_live_options(CLI::App& command, LiveOptions& options) {
  command.add_option("--workers", options.workers, "Calls at the same time")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command
      .add_option("--gate", options.gates,
                  "Wait before STEP until somebody approves it (rehydrate gate)")
      ->type_name("STEP[:EXPIRY[:stop|abort|continue]]");
  command
      .add_option("--window", options.window,
                  "When changes may be made, in UTC; outside of it nothing new is begun")
      ->type_name("22:00-04:00");
  command
      .add_option("--operator-command", options.operator_command,
                  "Program that tells a person what no API can do, called with the action, its "
                  "argument and the sentence; also REHYDRATE_OPERATOR_COMMAND")
      ->type_name("PROGRAM");
  add_telling_options(command, options.telling);
}

std::vector<std::pair<std::string, std::string>> kept_with(const LiveOptions& options) {
  std::vector<std::pair<std::string, std::string>> kept;
  std::string gates;
  for (const std::string& each : options.gates) gates += each + "\n";
  if (!gates.empty()) kept.emplace_back(kGates, gates);
  if (!options.window.empty()) kept.emplace_back(kWindow, options.window);
  return kept;
}

struct LiveRun::Parts {
  std::vector<executor::Gate> gates;
  std::optional<ChangeWindow> window;
  std::unique_ptr<RunTelling> telling;
  std::unique_ptr<scenarios::Progress> progress;
  bool has_told_stop = false;
  bool has_told_window = false;
};

LiveRun::LiveRun(Session& session)
    : session_(session),
      parts_(std::make_unique<Parts>()),
      http_({{}, environment_variable(executor::kOwnAuthorities).value_or("")}) {}
LiveRun::~LiveRun() = default;

Status LiveRun::prepare(const LiveOptions& options) {
  options_ = options;
  if (Status sound = check_telling_options(options.telling, environment_variable); !sound)
    return sound;
  for (const std::string& each : options.gates) {
    auto gate = parse_gate(each);
    if (!gate) return gate.error();
    parts_->gates.push_back(std::move(gate).value());
  }
  if (!options.window.empty()) {
    auto window = open_window(options.window);
    if (!window) return window.error();
    parts_->window = std::move(window).value();
  }
  const auto clock_file = environment_variable("REHYDRATE_CLOCK_FILE");
  if (!clock_file || clock_file->empty()) {
    clock_ = std::make_unique<executor::SystemClock>();
    return Done{};
  }
  auto clock = scenarios::SharedClock::open(*clock_file);
  if (!clock) return clock.error();
  clock_ = std::move(clock).value();
  is_virtual_ = true;
  session_.console.warning("virtual time (REHYDRATE_CLOCK_FILE): for simulators only\n");
  return Done{};
}

Status LiveRun::check_gates(const model::Plan& plan) const {
  for (const executor::Gate& each : parts_->gates)
    if (std::ranges::find(plan.steps, each.step, &model::Step::id) == plan.steps.end())
      return Error{ErrorCode::kInvalid, "--gate " + each.step + ": the plan has no step " +
                                            each.step +
                                            "; nothing was done; rehydrate show PLAN lists them"};
  return Done{};
}

Status LiveRun::keep_to(const executor::History& history) {
  if (const auto kept = history.attachments.find(kGates); kept != history.attachments.end()) {
    std::istringstream lines(kept->second);
    for (std::string line; std::getline(lines, line);) {
      auto gate = parse_gate(line);
      if (!gate) return gate.error();
      if (std::ranges::find(parts_->gates, gate.value().step, &executor::Gate::step) ==
          parts_->gates.end())
        parts_->gates.push_back(std::move(gate).value());
    }
  }
  if (const auto kept = history.attachments.find(kWindow);
      kept != history.attachments.end() && !parts_->window) {
    auto window = open_window(kept->second);
    if (!window)
      return Error{window.error().code, window.error().message +
                                            "; the run was started with it: to go on at another "
                                            "time, give --window anew"};
    parts_->window = std::move(window).value();
  }
  return Done{};
}

Status LiveRun::connect(const model::Inventory& inventory, const model::GroundModel& model) {
  inventory_ = &inventory;
  model_ = &model;
  executor::SshSettings ssh;
  ssh.config_file =
      environment_variable("REHYDRATE_SSH_CONFIG").value_or(inventory.access.ssh_config);
  ssh.identity_file = inventory.access.ssh_identity;
  ssh_ = std::make_unique<executor::SshTransport>(ssh);
  Result<std::unique_ptr<executor::Drivers>> drivers = executor::Drivers::connect(
      inventory, model.installation().procedure,
      {http_, *ssh_, environment_variable, wall_clock, operator_desk(options_), run_program});
  if (!drivers) return drivers.error();
  drivers_ = std::move(drivers).value();
  return Done{};
}

Status LiveRun::lock(const std::string& journal_location) {
  auto store = executor::lease_store_for(journal_location);
  if (!store) return store.error();
  auto lease = executor::LeaseKeeper::take(std::move(store).value(), inventory_->name,
                                           executor::this_process(journal_location));
  if (!lease) return lease.error();
  lease_ = std::move(lease).value();
  return Done{};
}

Result<executor::Survey> LiveRun::survey(const model::State& known) {
  executor::Surveyor surveyor(*model_, drivers_->ports(), *clock_, {});
  return surveyor.look(known,
                       [this](const std::string& text) { session_.console.warning(text + "\n"); });
}

Result<std::vector<executor::Difference>> LiveRun::drift_from_the_start() {
  executor::Surveyor surveyor(*model_, drivers_->ports(), *clock_, {});
  const Result<executor::Survey> seen = survey(model_->initial());
  if (!seen) return seen.error();
  if (Status all = surveyor.every_door_answers(seen.value()); !all) return all.error();
  return surveyor.differences(seen.value(), model_->initial());
}

executor::Actor LiveRun::actor() const {
  const executor::Holder holder = executor::this_process("");
  return {holder.user, holder.host, std::to_string(holder.pid),
          lease_ ? std::to_string(lease_->number()) : ""};
}

Status LiveRun::create_journal(
    const std::string& location, const std::string& proposed, executor::RunFacts facts,
    const std::vector<std::pair<std::string, std::string>>& attachments) {
  auto created = executor::create_journal(location, proposed);
  if (!created) return created.error();
  journal_ = std::move(created).value();
  facts.actor = actor();
  if (Status opened = journal_->append(executor::run_started(clock_->now(), facts)); !opened)
    return opened;
  for (const auto& [name, content] : attachments)
    if (Status kept = journal_->append(executor::attachment(clock_->now(), name, content)); !kept)
      return kept;
  return Done{};
}

Status LiveRun::open_journal(const std::string& location) {
  auto opened = executor::open_journal(location);
  if (!opened) return opened.error();
  journal_ = std::move(opened).value();
  return Done{};
}

executor::RunResult LiveRun::execute(const OpenLeg& leg, const executor::History& history,
                                     bool settle_only) {
  executor::RunOptions how;
  how.run_id = history.facts.run_id;
  how.workers = options_.workers;
  how.gates = parts_->gates;
  how.settle_only = settle_only;
  how.patience.heartbeat = std::chrono::seconds(is_virtual_ ? 0 : 30);
  how.patience.attention = std::chrono::milliseconds(is_virtual_ ? 60'000 : 200);
  executor::Controls controls;
  // The way to a safe stop is not cut short by the clock on the wall.
  const bool has_window = leg.to == "plan" && !settle_only && parts_->window;
  controls.stop_requested = [this, has_window] {
    if (interrupted() && parts_->telling) parts_->telling->stopping();
    if (interrupted() && !parts_->has_told_stop) {
      parts_->has_told_stop = true;
      session_.console.note(
          "Stopping: nothing new is begun, what is under way comes to its end. Again: leave now, "
          "which is as safe as kill -9.\n");
    }
    const bool has_closed = has_window && !parts_->window->contains(executor::system_wall_clock());
    if (has_closed && !parts_->has_told_window) {
      parts_->has_told_window = true;
      session_.console.note(
          "The change window has closed: nothing new is begun, what is under way comes to its "
          "end.\n");
    }
    return std::string(interrupted() ? "a signal" : has_closed ? "the change window has closed" : "");
  };
  controls.fence = lease_.get();
  controls.requests = journal_.get();
  controls.last_request = history.last_request;
  // To find out how it stands is nothing new.
  controls.is_paused = history.is_paused && !settle_only;
  if (controls.is_paused)
    session_.console.note("The run is paused, nothing new is begun: rehydrate continue " +
                          journal_->location() + "\n");
  const bool shows =
      !session_.console.is_quiet() && !(parts_->telling && parts_->telling->logs_to_stderr());
  if (shows && !parts_->progress)
    parts_->progress = scenarios::make_progress(std::cerr, scenarios::terminal_of_stderr());
  scenarios::Progress* progress = shows ? parts_->progress.get() : nullptr;
  const auto listen = [&](const executor::RunEvent& event) {
    if (progress != nullptr) scenarios::tell(*progress, leg.plan, event);
    if (parts_->telling) parts_->telling->tell(event);
    using Kind = executor::RunEvent::Kind;
    if (event.kind == Kind::kPaused) session_.console.note("Paused by " + event.text + "\n");
    if (event.kind == Kind::kContinued) session_.console.note("Continued by " + event.text + "\n");
    if (event.kind == Kind::kAborting) session_.console.warning("aborting: " + event.text + "\n");
    if (event.kind == Kind::kGate)
      session_.console.note("Step " + leg.plan.steps[event.step].id + " waits for " + event.text +
                            ": rehydrate gate " + journal_->location() + " approve " +
                            leg.plan.steps[event.step].id + "\n");
  };
  catch_interrupts();
  const auto over = static_cast<std::size_t>(std::ranges::count_if(leg.steps, [](const auto& each) {
    return each.known == executor::StepHistory::Known::kDone ||
           each.known == executor::StepHistory::Known::kSkipped;
  }));
  const std::string title = (leg.to == "plan" ? leg.plan.procedure : leg.to) + " " +
                            inventory_->name + (settle_only ? ": what is under way" : "") +
                            (over == 0 ? "" : ", " + std::to_string(over) + " steps done before");
  if (progress != nullptr)
    progress->phase_started(clock_->now(), title, static_cast<int>(leg.plan.steps.size() - over));
  executor::Executor executor(leg.leg(*model_), drivers_->ports(), *clock_, *journal_);
  if (parts_->telling)
    parts_->telling->tell({history.resumed > 0 ? executor::RunEvent::Kind::kResumed
                                               : executor::RunEvent::Kind::kRunStarted,
                           clock_->now(), executor::RunEvent::kNoStep, title});
  executor::RunResult result = executor.run(how, listen, controls);
  if (progress != nullptr)
    progress->phase_ended(clock_->now(), settle_only ? "" : scenarios::stop_reason(result));
  return result;
}

ExitStatus LiveRun::carry_out(OpenLeg leg, const executor::History& history) {
  if (!parts_->telling) {
    std::size_t done = 0;
    for (const executor::StepHistory& each : leg.steps)
      done += each.known == executor::StepHistory::Known::kDone ? 1 : 0;
    auto telling = RunTelling::start(options_.telling,
                                     {history.facts.run_id, leg.plan, done, journal_->location()},
                                     environment_variable, session_.console);
    if (!telling) return session_.fail(telling.error());
    parts_->telling = std::move(telling).value();
  } else {
    parts_->telling->turn_to(leg.plan);
  }
  const executor::RunResult result = execute(leg, history, false);
  if (result.wants_abort && !result.lost_lock) {
    const Result<JournalRun> again = read_run(*journal_, journal_->location());
    if (!again) return session_.fail(again.error());
    return turn("abort", again.value().now(), again.value().history);
  }
  return ended(leg, result);
}

Result<OpenLeg> LiveRun::settle(const OpenLeg& leg, const executor::History& history) {
  if (open_ends(leg).empty()) return leg;
  const executor::RunResult result = execute(leg, history, true);
  if (result.lost_lock || result.interrupted) return result.error;
  Result<JournalRun> again = read_run(*journal_, journal_->location());
  if (!again) return again.error();
  return std::move(again.value().legs.back());
}

ExitStatus LiveRun::not_turned(const Error& error, const executor::History& history) {
  // What the run has come to is not changed by a way that there is not.
  const std::string verdict = history.verdict.empty() ? "stopped" : history.verdict;
  if (Status kept = journal_->append(executor::run_ended(clock_->now(), verdict, error.message));
      !kept)
    session_.console.warning(kept.error().message + "\n");
  return session_.fail(error);
}

ExitStatus LiveRun::turn(const std::string& to, const OpenLeg& from,
                         const executor::History& history) {
  const Result<executor::Survey> seen = survey(from.state);
  if (!seen) return not_turned(seen.error(), history);
  executor::Surveyor surveyor(*model_, drivers_->ports(), *clock_, {});
  const auto differences = surveyor.differences(seen.value(), from.state);
  const std::string prefix = std::string(1, to.front()) + std::to_string(history.legs.size()) + ".";
  const model::State& state = seen.value().state;
  Result<executor::Turn> turn = to == "abort" ? executor::turn_to_safe_stop(*model_, state, prefix)
                                              : executor::turn_to_the_start(*model_, state, prefix);
  if (!turn) return not_turned(turn.error(), history);
  // A plan from here would count what hangs as ended.
  if (const std::string hanging = open_ends(from);
      !hanging.empty() && !turn.value().plan.steps.empty())
    return not_turned({ErrorCode::kFailed, "what will come of " + hanging +
                                               " is not known, so that no way can be planned from "
                                               "here; end it by hand, then ask again"},
                      history);
  if (Status proved = prove(*model_, state, turn.value()); !proved)
    return not_turned(proved.error(), history);
  Result<model::PlanOrder> order = model::PlanOrder::of(turn.value().plan);
  if (!order) return session_.fail(order.error());
  std::vector<executor::Observation> changed;
  for (const executor::Difference& each : differences) changed.push_back(each.seen);
  if (!changed.empty()) {
    const std::string text = "Seen otherwise than known: " + executor::in_words(changed);
    if (Status kept = journal_->append(executor::observation(clock_->now(), changed, text)); !kept)
      return session_.fail(kept.error());
  }
  const std::string plan_text =
      model::to_plan_json(turn.value().plan, model::summary_of(turn.value().plan, order.value()));
  if (Status kept =
          journal_->append(executor::turned(clock_->now(), to, turn.value().goal, plan_text));
      !kept)
    return session_.fail(kept.error());
  const std::size_t count = turn.value().plan.steps.size();
  const std::string& words = turn.value().words;
  session_.console.note((to == "abort" ? "To the safe stop " + turn.value().goal : "Back") + ": " +
                        (count == 0 ? "no step is needed, it holds already: " + words
                                    : std::to_string(count) + " steps, proved in their order") +
                        "\n");
  OpenLeg leg{to,
              turn.value().goal,
              std::move(turn.value().plan),
              std::move(order).value(),
              std::move(turn.value().goals),
              state,
              {}};
  executor::History turned = history;
  turned.is_paused = false;  // it was the other plan that somebody held up
  return carry_out(std::move(leg), turned);
}

void LiveRun::tell_what_is_there(const OpenLeg& leg) {
  Result<executor::Survey> seen = survey(leg.state);
  if (!seen) return session_.console.warning(seen.error().message + "\n");
  executor::Surveyor surveyor(*model_, drivers_->ports(), *clock_, {});
  const std::vector<std::string> created = surveyor.created(model_->initial(), seen.value());
  std::string text;
  for (const std::string& each : created) text += "  " + each + "\n";
  if (!created.empty()) session_.console.note("Created by this run and still there:\n" + text);
  if (leg.to != "undo") return;
  const auto otherwise = surveyor.differences(seen.value(), model_->initial());
  if (!otherwise.empty())
    session_.console.note(
        "It serves as before, and yet not everything is where it was:" + listed(otherwise) +
        "\nBefore another plan: rehydrate discover, or mend the inventory\n");
}

ExitStatus LiveRun::ended(const OpenLeg& leg, const executor::RunResult& result) {
  const std::string location = journal_->location();
  if (result.done) tell_what_is_there(leg);
  if (parts_->telling) {
    parts_->telling->tell(
        {executor::RunEvent::Kind::kRunEnded, clock_->now(), executor::RunEvent::kNoStep,
         result.done ? "done"
                     : (result.interrupted ? "stopped: " : "failed: ") + result.error.message});
    parts_->telling->finish(session_.console);
  }
  if (!result.done) return say_stopped(session_, *model_, leg, result, *journal_);
  if (lease_)
    if (Status released = lease_->release(); !released)
      session_.console.warning(released.error().message + "\n");
  const std::size_t skipped = skipped_in(leg);
  const std::string count = std::to_string(leg.plan.steps.size() - skipped) + " steps" +
                            (skipped == 0 ? "" : ", and " + std::to_string(skipped) + " skipped");
  if (session_.json) {
    session_.console.result(
        nlohmann::ordered_json{{"schema", "rehydrate/run/1"},
                               {"verdict", "done"},
                               {"turned_to", leg.to == "plan" ? "" : leg.to},
                               {"goal", leg.goal},
                               {"steps", leg.plan.steps.size() - skipped},
                               {"skipped", skipped},
                               {"journal", location},
                               {"exit_status", static_cast<int>(ExitStatus::kDone)}}
            .dump(2) +
        "\n");
    return ExitStatus::kDone;
  }
  if (leg.to == "plan")
    session_.console.result("done: " + count + ", journal " + location + "\n");
  else
    session_.console.result(
        (leg.to == "abort" ? "aborted: in the safe stop " + leg.goal : std::string("undone")) +
        ": " + count + ", seen to be so: " + leg.goals.front().words + "; journal " + location +
        "\n");
  return ExitStatus::kDone;
}

}  // namespace wme::cli
