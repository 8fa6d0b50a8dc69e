#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "executor/journal/timestamp.hpp"
#include "executor/lease/lease_stores.hpp"
#include "executor/lease/process.hpp"

/// The locks on installations: who has them, and how one is taken away by hand.
namespace wme::cli {

namespace {

using executor::Lease;
using executor::LeaseEvent;
using executor::LeaseNow;
using executor::LeaseState;
using executor::LeaseStore;
using executor::rfc3339;

struct LockOptions {
  std::string installation;
  std::string journal;
  std::string reason;
  std::string confirm;
};

std::string in_text(const LeaseNow& now) {
  const Lease& lease = now.lease;
  std::string text = lease.installation + ": " + std::string(to_string(now.state)) + ", ";
  text += (now.state == LeaseState::kHeld ? "by " : "last by ") + in_words(lease.holder);
  text += " since " + rfc3339(lease.since);
  if (now.state == LeaseState::kHeld || now.state == LeaseState::kExpired)
    text += ", until " + rfc3339(lease.until) + " unless it is renewed";
  return text + "\n  fence " + std::to_string(lease.fence) + ", journal " + lease.holder.journal +
         "\n";
}

std::string in_text(const LeaseEvent& event) {
  return "  " + rfc3339(event.at) + "  fence " + std::to_string(event.fence) + " " + event.what +
         " by " + event.by + (event.reason.empty() ? "" : ": " + event.reason) + "\n";
}

nlohmann::ordered_json in_json(const Lease& lease) {
  return {{"installation", lease.installation}, {"fence", lease.fence},
          {"user", lease.holder.user},          {"host", lease.holder.host},
          {"process", lease.holder.pid},        {"journal", lease.holder.journal},
          {"since", rfc3339(lease.since)},      {"until", rfc3339(lease.until)}};
}

ExitStatus show_locks(Session& session, const LockOptions& options) {
  const auto store = executor::lease_store_for(options.journal);
  if (!store) return session.fail(store.error());
  const auto all = store.value()->all();
  if (!all) return session.fail(all.error());
  nlohmann::ordered_json locks = nlohmann::ordered_json::array();
  std::string text;
  for (const LeaseNow& now : all.value()) {
    if (!options.installation.empty() && now.lease.installation != options.installation) continue;
    text += in_text(now);
    locks.push_back(in_json(now.lease));
    locks.back()["state"] = to_string(now.state);
    if (options.installation.empty()) continue;
    const auto history = store.value()->history(options.installation);
    if (!history) return session.fail(history.error());
    locks.back()["history"] = nlohmann::ordered_json::array();
    for (const LeaseEvent& event : history.value()) {
      text += in_text(event);
      locks.back()["history"].push_back({{"at", rfc3339(event.at)},
                                         {"fence", event.fence},
                                         {"what", event.what},
                                         {"by", event.by},
                                         {"reason", event.reason}});
    }
  }
  if (text.empty())
    text = (options.installation.empty() ? "no installation" : options.installation) +
           std::string(options.installation.empty() ? " was ever locked here\n"
                                                    : ": never locked here\n");
  session.console.result(
      session.json
          ? nlohmann::ordered_json{{"schema", "rehydrate/locks/1"}, {"locks", locks}}.dump(2) + "\n"
          : text);
  return ExitStatus::kDone;
}

/// Only by its name, and knowing whose it is.
Status confirmed(LeaseStore& store, const LockOptions& options) {
  if (options.confirm == options.installation) return Done{};
  const auto now = store.current(options.installation);
  if (!now) return now.error();
  std::string whose = now.value() ? in_text(*now.value()) : "";
  if (!whose.empty()) whose.pop_back();
  return Error{ErrorCode::kRefused,
               "the lock was not broken: confirm it with --confirm " + options.installation +
                   ", when you know that nothing of its run is alive any more" +
                   (whose.empty() ? "" : "\n  " + whose)};
}

ExitStatus break_lock(Session& session, const LockOptions& options) {
  const auto store = executor::lease_store_for(options.journal);
  if (!store) return session.fail(store.error());
  if (Status sure = confirmed(*store.value(), options); !sure) return session.fail(sure.error());
  const auto broken =
      store.value()->break_lease(options.installation, executor::this_person(), options.reason);
  if (!broken) return session.fail(broken.error());
  const Lease& lease = broken.value();
  session.console.result(session.json
                             ? nlohmann::ordered_json{{"schema", "rehydrate/lock-broken/1"},
                                                      {"lock", in_json(lease)},
                                                      {"by", executor::this_person()},
                                                      {"reason", options.reason}}
                                       .dump(2) +
                                   "\n"
                             : lease.installation + ": the lock of " + in_words(lease.holder) +
                                   " (fence " + std::to_string(lease.fence) + ") is broken\n");
  session.console.note(
      "Its run, should it be alive after all, can send nothing more. Go on with it: "
      "rehydrate resume " +
      lease.holder.journal + "\n");
  return ExitStatus::kDone;
}

void add_journal(CLI::App& command, LockOptions& options) {
  command
      .add_option("--journal", options.journal,
                  "Of a run that keeps its journal in a database, postgresql://...: its locks are "
                  "there. Without: this user's on this machine")
      ->type_name("LOCATION");
}

void add_show_locks(CLI::App& family, Session& session) {
  CLI::App* command =
      add_command(family, session, "show", "Commands", "Show who has which installation locked.",
                  "  rehydrate lock show\n"
                  "  rehydrate lock show --installation acme\n"
                  "  rehydrate lock show --journal postgresql://ops@db/rehydrate");
  const auto options = std::make_shared<LockOptions>();
  command
      ->add_option("--installation", options->installation,
                   "Only this one, with the history of its lock")
      ->type_name("NAME");
  add_journal(*command, *options);
  command->callback([&session, options] {
    session.run = [&session, options] { return show_locks(session, *options); };
  });
}

void add_break_lock(CLI::App& family, Session& session) {
  CLI::App* command = add_command(
      family, session, "break", "Commands",
      "Take the lock on an installation away from a run that is dead. A run that was killed on "
      "this "
      "machine needs none of that, and a lock that nobody renews ends by itself.",
      "  rehydrate lock break --installation acme --reason 'ops-1 burnt down' --confirm acme");
  const auto options = std::make_shared<LockOptions>();
  command->add_option("--installation", options->installation, "Whose lock")
      ->type_name("NAME")
      ->required();
  command->add_option("--reason", options->reason, "Why; stays in the history of the lock")
      ->type_name("TEXT")
      ->required();
  command->add_option("--confirm", options->confirm, "The installation's name, once more")
      ->type_name("NAME");
  add_journal(*command, *options);
  command->callback([&session, options] {
    session.run = [&session, options] { return break_lock(session, *options); };
  });
}

}  // namespace

void add_lock(CLI::App& root, Session& session) {
  CLI::App* family =
      add_family(root, "lock", kRun, "Show the locks on installations, or break one.",
                 "  rehydrate lock show\n"
                 "  rehydrate lock break --installation acme --reason 'ops-1 burnt down' "
                 "--confirm acme");
  add_show_locks(*family, session);
  add_break_lock(*family, session);
}

}  // namespace wme::cli
