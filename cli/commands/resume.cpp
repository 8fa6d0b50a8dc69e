#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/production/live_run.hpp"
#include "executor/engine/choices.hpp"
#include "executor/lease/lease_stores.hpp"
#include "executor/lease/process.hpp"

/// The commands that go on with a journal: resume, abort, undo.
namespace wme::cli {

namespace {

using Known = executor::StepHistory::Known;

struct ResumeOptions {
  std::string journal;
  std::vector<std::string> skip;
  std::string break_glass;
  std::string reason;
  LiveOptions live;
};

/// Everything that the three have in common, made in this order.
struct Taken {
  explicit Taken(Session& session) : live(session) {}
  LiveRun live;
  JournalRun run;
};

/// What people asked for while nobody carried the run out. Gates stay answered; who wanted it to
/// stop or to be held up before this command was given has got that already.
Status answer_box(Taken& taken, executor::TimePoint since) {
  const auto asked = taken.live.journal().requests_after(taken.run.history.last_request);
  if (!asked) return asked.error();
  for (const executor::PersonRequest& each : asked.value()) {
    const bool is_answer = each.what == "approve" || each.what == "reject";
    if (each.at >= since || each.what == "abort") break;  // for the run itself
    const bool counts = is_answer || each.what == "continue";
    const std::string reason = counts ? each.reason : each.what + ": " + each.reason;
    if (Status kept = taken.live.journal().append(executor::decision(
            taken.live.clock().now(),
            {counts ? each.what : "overtaken", each.step, each.by, reason, {}, each.id}));
        !kept)
      return kept;
    taken.run.history.last_request = each.id;
    if (each.what == "continue") taken.run.history.is_paused = false;
    if (!counts)
      taken.live.session().console.note("Overtaken: " + each.by + " asked to " + each.what +
                                        " while nobody carried the run out\n");
    for (OpenLeg& leg : taken.run.legs)
      for (std::size_t i = 0; i < leg.steps.size(); ++i)
        if (is_answer && leg.plan.steps[i].id == each.step)
          leg.steps[i].is_approved = each.what == "approve";
  }
  return Done{};
}

Status take(Taken& taken, const ResumeOptions& options) {
  const executor::TimePoint since = executor::system_wall_clock();
  if (Status ready = taken.live.prepare(options.live); !ready) return ready;
  const auto looked = executor::open_journal_read_only(options.journal);
  if (!looked) return looked.error();
  const std::string location = looked.value()->location();
  Result<JournalRun> first = read_run(*looked.value(), location);
  if (!first) return first.error();
  taken.run = std::move(first).value();
  if (Status connected = taken.live.connect(taken.run.inventory, *taken.run.model); !connected)
    return connected;
  if (Status locked = taken.live.lock(location); !locked) return locked;
  if (Status opened = taken.live.open_journal(options.journal); !opened) return opened;
  // Whoever had the lock may have written on until it was taken over.
  Result<JournalRun> now = read_run(taken.live.journal(), location);
  if (!now) return now.error();
  taken.run.history = std::move(now.value().history);
  taken.run.legs = std::move(now.value().legs);
  return answer_box(taken, since);
}

Status write_resumed(Taken& taken) {
  ++taken.run.history.resumed;
  return taken.live.journal().append(
      executor::resumed(taken.live.clock().now(), taken.live.actor(), WME_VERSION));
}

std::string known_text(const OpenLeg& leg) {
  std::size_t done = 0;
  std::size_t skipped = 0;
  std::size_t doubtful = 0;
  std::size_t under_way = 0;
  for (const executor::StepHistory& each : leg.steps) {
    done += each.known == Known::kDone ? 1 : 0;
    skipped += each.known == Known::kSkipped ? 1 : 0;
    doubtful += each.known == Known::kInDoubt ? 1 : 0;
    under_way += each.known == Known::kAccepted ? 1 : 0;
  }
  return std::to_string(done) + " of " + std::to_string(leg.plan.steps.size()) + " steps done, " +
         (skipped == 0 ? "" : std::to_string(skipped) + " skipped, ") + std::to_string(under_way) +
         " under way, " + std::to_string(doubtful) +
         " in doubt (looked at before anything is asked for again)";
}

/// Steps that a person leaves out: each judged by the model, or on his own word. Nothing is written
/// down before it is known that the run goes on.
Result<std::vector<executor::Decision>> skip_steps(Taken& taken, const ResumeOptions& options) {
  std::vector<executor::Decision> all;
  OpenLeg& leg = taken.run.legs.back();
  for (const std::string& id : options.skip) {
    const auto step = std::ranges::find(leg.plan.steps, id, &model::Step::id);
    if (step == leg.plan.steps.end())
      return Error{ErrorCode::kInvalid, "--skip " + id + ": the plan has no such step"};
    const auto i = static_cast<std::size_t>(step - leg.plan.steps.begin());
    if (leg.steps[i].known == Known::kDone || leg.steps[i].known == Known::kSkipped)
      return Error{ErrorCode::kInvalid, "--skip " + id + ": it is over already"};
    const std::string why_not = executor::why_not_on(
        leg.leg(*taken.run.model), at_rest(*taken.run.model, leg), leg.steps, {i});
    if (!why_not.empty() && options.break_glass.empty())
      return Error{ErrorCode::kRefused, "--skip " + id + ": " + why_not +
                                            "; nothing was done; mend it and resume, go back with "
                                            "rehydrate undo, or break the glass with a reason"};
    leg.steps[i].known = Known::kSkipped;
    leg.steps[i].break_glass = why_not.empty() ? "" : options.break_glass;
    all.push_back({"skip", id, executor::this_person(), options.reason, leg.steps[i].break_glass});
  }
  return all;
}

/// What was seen must lead to the goals still; what merely differs is written down by the run.
Status check_drift(Taken& taken) {
  const OpenLeg& leg = taken.run.now();
  const Result<executor::Survey> seen = taken.live.survey(leg.state);
  if (!seen) return seen.error();
  const std::string why_not =
      executor::why_not_on(leg.leg(*taken.run.model), seen.value().state, leg.steps);
  if (why_not.empty()) return Done{};
  // Somebody knows: each call is guarded all the same, and what is missed at the end is said then.
  const auto broken =
      std::ranges::find_if(leg.steps, [](const auto& step) { return !step.break_glass.empty(); });
  if (broken != leg.steps.end()) {
    taken.live.session().console.warning(
        "THE GLASS IS BROKEN (" + broken->break_glass +
        "): the rest of the plan does not lead to its goals: " + why_not + "\n");
    return Done{};
  }
  return Error{ErrorCode::kRefused,
               "the rest of the plan does not lead to its goals from what is seen now: " + why_not +
                   "\nnothing was done; mend it and resume, or: rehydrate undo " +
                   taken.run.location + ", rehydrate abort " + taken.run.location};
}

/// abort, when nobody runs it, and undo.
ExitStatus turn(Session& session, Taken& taken, const ResumeOptions& options,
                const std::string& to) {
  const executor::Decision decided{to, "", executor::this_person(), options.reason};
  if (Status written = write_resumed(taken); !written) return session.fail(written.error());
  if (Status kept =
          taken.live.journal().append(executor::decision(taken.live.clock().now(), decided));
      !kept)
    return session.fail(kept.error());
  Result<OpenLeg> settled = taken.live.settle(taken.run.now(), taken.run.history);
  if (!settled) return taken.live.not_turned(settled.error(), taken.run.history);
  return taken.live.turn(to, settled.value(), taken.run.history);
}

ExitStatus take_and_turn(Session& session, const ResumeOptions& options, const std::string& to) {
  Taken taken(session);
  if (Status ready = take(taken, options); !ready) return session.fail(ready.error());
  return turn(session, taken, options, to);
}

ExitStatus resume(Session& session, const ResumeOptions& options) {
  Taken taken(session);
  if (Status ready = take(taken, options); !ready) return session.fail(ready.error());
  if (taken.run.history.verdict == "done") {
    session.console.result("nothing is left to do: the run came to its end; journal " +
                           taken.run.location + "\n");
    return ExitStatus::kDone;
  }
  if (taken.run.history.wants_abort) {
    session.console.warning("an abort was asked for, and the run ended before it came to it\n");
    return turn(session, taken, options, "abort");
  }
  if (Status known = taken.live.check_gates(taken.run.now().plan); !known)
    return session.fail(known.error());
  const auto skipped = skip_steps(taken, options);
  if (!skipped) return session.fail(skipped.error());
  if (Status kept = taken.live.keep_to(taken.run.history); !kept) return session.fail(kept.error());
  if (Status goes_on = check_drift(taken); !goes_on) return session.fail(goes_on.error());
  for (const executor::Decision& each : skipped.value())
    if (Status kept =
            taken.live.journal().append(executor::decision(taken.live.clock().now(), each));
        !kept)
      return session.fail(kept.error());
  if (Status written = write_resumed(taken); !written) return session.fail(written.error());
  session.console.note("Resuming " + taken.run.history.facts.run_id + ": " +
                       known_text(taken.run.now()) + "\n");
  return taken.live.carry_out(std::move(taken.run.legs.back()), taken.run.history);
}

/// Whether a process carries the run out now; then it is asked, and does it itself.
ExitStatus abort(Session& session, const ResumeOptions& options) {
  const auto carrier = carrier_of(options.journal);
  if (!carrier) return session.fail(carrier.error());
  if (!carrier.value()) return take_and_turn(session, options, "abort");
  auto writable = executor::open_journal(options.journal);
  if (!writable) return session.fail(writable.error());
  const auto posted = writable.value()->post(
      {0, "abort", "", executor::this_person(), options.reason, executor::system_wall_clock()});
  if (!posted) return session.fail(posted.error());
  session.console.result(
      "asked " + executor::in_words(*carrier.value()) +
      " to abort; it goes to the nearest safe stop and says so: rehydrate status " +
      writable.value()->location() + "\n");
  return ExitStatus::kDone;
}

void add_journal(CLI::App& command, ResumeOptions& options) {
  command.add_option("JOURNAL", options.journal, "Of the run: a file or postgresql://...#NAME")
      ->required();
  add_live_options(command, options.live);
}

}  // namespace

void add_resume(CLI::App& root, Session& session) {
  CLI::App* command =
      add_command(root, session, "resume", kRun,
                  "Go on with a run that stopped or was killed, on this machine or another.\n"
                  "Nothing is done twice: what may have happened is looked at first.",
                  "  rehydrate resume run.journal\n"
                  "  rehydrate resume run.journal --skip s14 --reason 'the shard is empty'");
  const auto options = std::make_shared<ResumeOptions>();
  add_journal(*command, *options);
  command->add_option("--skip", options->skip, "Leave a step out, if the model finds it safe")
      ->type_name("STEP");
  command->add_option("--reason", options->reason, "Why, for the journal")->type_name("TEXT");
  command
      ->add_option("--break-glass", options->break_glass,
                   "Skip against the model; the reason stays in the journal, for ever")
      ->type_name("REASON")
      ->check([](const std::string& text) {
        return text.size() < 10 ? std::string("say why in 10 bytes or more") : std::string();
      });
  command->callback([&session, options] {
    session.run = [&session, options] { return resume(session, *options); };
  });
}

void add_abort(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "abort", kRun,
      "Bring the installation of a run to the nearest safe stop, and see that it got there.\n"
      "A run that is under way is asked to do it; else it is done here.",
      "  rehydrate abort run.journal --reason 'the change window closes'");
  const auto options = std::make_shared<ResumeOptions>();
  add_journal(*command, *options);
  command->add_option("--reason", options->reason, "Why, for the journal")->type_name("TEXT");
  command->callback([&session, options] {
    session.run = [&session, options] { return abort(session, *options); };
  });
}

void add_undo(CLI::App& root, Session& session) {
  CLI::App* command =
      add_command(root, session, "undo", kRun,
                  "Bring the installation of a stopped run back to where it was before.\n"
                  "Refused after the point of no return, with what cannot come again.",
                  "  rehydrate undo run.journal --reason 'new image is broken'");
  const auto options = std::make_shared<ResumeOptions>();
  add_journal(*command, *options);
  command->add_option("--reason", options->reason, "Why, for the journal")->type_name("TEXT");
  command->callback([&session, options] {
    session.run = [&session, options] { return take_and_turn(session, *options, "undo"); };
  });
}

}  // namespace wme::cli
