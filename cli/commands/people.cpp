#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/commands/commands.hpp"
#include "cli/production/journal_run.hpp"
#include "cli/production/live_run.hpp"
#include "executor/journal/location.hpp"
#include "executor/lease/process.hpp"

/// What people ask of a run that is under way, by way of the box beside its journal: pause,
/// continue, stop, gate.
namespace wme::cli {

namespace {

struct PeopleOptions {
  std::string journal;
  std::string answer;
  std::string step;
  std::string by;
  std::string reason;
};

bool is_gated(const JournalRun& run, const executor::StepHistory& known, const std::string& step) {
  if (!known.gate.empty()) return true;
  std::istringstream gates(run.history.attachments.contains(kGates)
                               ? run.history.attachments.at(kGates)
                               : std::string());
  for (std::string gate; std::getline(gates, gate);)
    if (gate.substr(0, gate.find(':')) == step) return true;
  return false;
}

/// Nobody waits for an answer about a step that the run does not have, or that has begun. What else
/// is to be known about it, for whoever answers.
Result<std::string> about_step(const PeopleOptions& options) {
  if (options.step.empty()) return std::string();
  const auto journal = executor::open_journal_read_only(options.journal);
  if (!journal) return journal.error();
  const Result<JournalRun> run = read_run(*journal.value(), journal.value()->location());
  if (!run) return run.error();
  for (const OpenLeg& leg : run.value().legs)
    for (std::size_t i = 0; i < leg.plan.steps.size(); ++i) {
      if (leg.plan.steps[i].id != options.step) continue;
      using Known = executor::StepHistory::Known;
      const executor::StepHistory& known = leg.steps[i];
      if (known.known == Known::kDone || known.known == Known::kSkipped)
        return Error{ErrorCode::kRefused, "step " + options.step +
                                              " is over: there is nothing to " + options.answer +
                                              "; nothing was asked"};
      if (known.known == Known::kAccepted || known.known == Known::kInDoubt)
        return Error{ErrorCode::kRefused, "step " + options.step +
                                              " has begun: it is too late to " + options.answer +
                                              " it; nothing was asked"};
      if (is_gated(run.value(), known, options.step)) return std::string();
      return " (the run was started without a gate there: the answer counts if rehydrate resume "
             "--gate " +
             options.step + " makes it one)";
    }
  return Error{ErrorCode::kInvalid, "the plan has no step " + options.step +
                                        "; nothing was asked; see which: rehydrate status " +
                                        run.value().location + " --json"};
}

/// An answer at a gate counts for whoever resumes the run; what is asked of a process that is not
/// there would be dropped, and who asked believe that it was heard.
Status is_heard(const PeopleOptions& options, const std::string& what) {
  if (what != "pause" && what != "stop") return Done{};
  const auto carrier = carrier_of(options.journal);
  if (!carrier) return carrier.error();
  if (carrier.value()) return Done{};
  return Error{ErrorCode::kRefused, "nobody carries this run out now: there is nothing to " + what +
                                        "; see how it ended: rehydrate status " + options.journal};
}

ExitStatus post(Session& session, const PeopleOptions& options, const std::string& what,
                const std::string& said) {
  const Result<std::string> about = about_step(options);
  if (!about) return session.fail(about.error());
  if (Status heard = is_heard(options, what); !heard) return session.fail(heard.error());
  auto journal = executor::open_journal(options.journal);
  if (!journal) return session.fail(journal.error());
  const std::string by = options.by.empty() ? executor::this_person() : options.by;
  const auto posted = journal.value()->post(
      {0, what, options.step, by, options.reason, executor::system_wall_clock()});
  if (!posted) return session.fail(posted.error());
  if (session.json) {
    session.console.result(nlohmann::ordered_json{{"schema", "rehydrate/request/1"},
                                                  {"request", posted.value()},
                                                  {"what", what},
                                                  {"step", options.step},
                                                  {"by", by},
                                                  {"journal", journal.value()->location()}}
                               .dump(2) +
                           "\n");
    return ExitStatus::kDone;
  }
  session.console.result(said + about.value() + "; what the run makes of it: rehydrate status " +
                         journal.value()->location() + "\n");
  return ExitStatus::kDone;
}

CLI::App* add_request(CLI::App& root, Session& session, const std::string& name,
                      const std::string& description, const std::string& said) {
  CLI::App* command = add_command(root, session, name, kRun, description,
                                  "  rehydrate " + name + " run.journal --reason 'on call'");
  const auto options = std::make_shared<PeopleOptions>();
  command->add_option("JOURNAL", options->journal, "Of the run: a file or postgresql://...#NAME")
      ->required();
  command->add_option("--reason", options->reason, "Why, for the journal")->type_name("TEXT");
  command->callback([&session, options, name, said] {
    session.run = [&session, options, name, said] { return post(session, *options, name, said); };
  });
  return command;
}

}  // namespace

void add_people(CLI::App& root, Session& session) {
  add_request(root, session, "pause",
              "Let a run begin nothing new until it is continued; what is under way goes on.",
              "asked to pause");
  add_request(root, session, "continue", "Let a paused run go on.", "asked to continue");
  add_request(root, session, "stop",
              "Let a run stop at the next safe point; it can be resumed (as SIGTERM does).",
              "asked to stop");
  CLI::App* command =
      add_command(root, session, "gate", kRun,
                  "Approve or reject a step that a run waits with (run --gate STEP).",
                  "  rehydrate gate run.journal approve s14 --reason 'seen with Ann'\n"
                  "  rehydrate gate run.journal reject s14");
  const auto options = std::make_shared<PeopleOptions>();
  command->add_option("JOURNAL", options->journal, "Of the run: a file or postgresql://...#NAME")
      ->required();
  command->add_option("ANSWER", options->answer, "approve or reject")
      ->required()
      ->check(CLI::IsMember({"approve", "reject"}));
  command->add_option("STEP", options->step, "The step's id")->required();
  command->add_option("--by", options->by, "Who decided, if not the user of this command");
  command->add_option("--reason", options->reason, "Why, for the journal")->type_name("TEXT");
  command->callback([&session, options] {
    session.run = [&session, options] {
      return post(session, *options, options->answer,
                  (options->answer == "approve" ? "approved " : "rejected ") + options->step);
    };
  });
}

}  // namespace wme::cli
