#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/certificate_gate.hpp"
#include "cli/exit_status.hpp"
#include "cli/production/journal_run.hpp"
#include "cli/session.hpp"
#include "cli/telling.hpp"
#include "executor/drivers/all/drivers.hpp"
#include "executor/engine/survey.hpp"
#include "executor/journal/location.hpp"
#include "executor/lease/lease_keeper.hpp"
#include "executor/transport/http_transport.hpp"
#include "executor/transport_ssh/ssh_transport.hpp"

namespace wme::cli {

/// How a plan is carried out, whichever command does it.
struct LiveOptions {
  std::size_t workers = 16;
  std::vector<std::string> gates;  ///< "s14", "s14:30m", "s14:30m:abort"
  std::string window;
  std::string operator_command;  ///< a program that tells a person what to do
  TellingOptions telling;
};
void add_live_options(CLI::App& command, LiveOptions& options);
/// The attachment of a journal with the gates that a run was started with, one on a line.
inline constexpr const char* kGates = "gates";
/// What whoever resumes the run has to keep to, for its journal: by name, as text.
std::vector<std::pair<std::string, std::string>> kept_with(const LiveOptions& options);

/// An installation that this process is connected to, has locked, and accounts for in a journal:
/// what run, resume, abort and undo have in common.
class LiveRun {
 public:
  explicit LiveRun(Session& session);
  ~LiveRun();
  LiveRun(const LiveRun&) = delete;
  LiveRun& operator=(const LiveRun&) = delete;

  /// Checks the options. Error kInvalid; kRefused outside of the change window.
  Status prepare(const LiveOptions& options);
  /// Error kInvalid for a gate at a step that the plan does not have: nobody would be asked.
  Status check_gates(const model::Plan& plan) const;
  /// Takes over the gates and the window that the run was started with, unless they were given
  /// anew. Error kRefused outside of that window.
  Status keep_to(const executor::History& history);
  /// The doors, wired; nothing is sent yet. `model` and `inventory` must outlive this.
  Status connect(const model::Inventory& inventory, const model::GroundModel& model);
  /// Takes the lock on the installation. Error kRefused: who has it.
  Status lock(const std::string& journal_location);
  /// Looks at everything. `known` is what the journal says, or the plan's beginning.
  Result<executor::Survey> survey(const model::State& known);

  /// What is not as the procedure's plan expects it at its beginning. Errors: those of the doors;
  /// kUnreachable when one of them shows nothing at all.
  Result<std::vector<executor::Difference>> drift_from_the_start();

  /// A new journal, with all that a resume on another machine needs.
  Status create_journal(const std::string& location, const std::string& proposed,
                        executor::RunFacts facts,
                        const std::vector<std::pair<std::string, std::string>>& attachments);
  /// One to go on with.
  Status open_journal(const std::string& location);

  /// Carries a leg out to its end, and what people turn it to on the way; says how it ended.
  ExitStatus carry_out(OpenLeg leg, const executor::History& history);
  /// Finds out what came of requests that are under way or in doubt, and asks for nothing. The leg
  /// afterwards, as the journal tells it.
  Result<OpenLeg> settle(const OpenLeg& leg, const executor::History& history);
  /// From the state of the leg to where `to` ("abort", "undo") leads.
  ExitStatus turn(const std::string& to, const OpenLeg& from, const executor::History& history);

  /// Says why the run was not turned, and ends it in the journal: it must not look as if somebody
  /// were still at it.
  ExitStatus not_turned(const Error& error, const executor::History& history);

  Session& session() { return session_; }
  executor::Clock& clock() { return *clock_; }
  executor::StoredJournal& journal() { return *journal_; }
  executor::Actor actor() const;

 private:
  struct Parts;
  executor::RunResult execute(const OpenLeg& leg, const executor::History& history,
                              bool settle_only);
  ExitStatus ended(const OpenLeg& leg, const executor::RunResult& result);
  /// What the run has made and is still there; after an undo, what is not as it was.
  void tell_what_is_there(const OpenLeg& leg);

  Session& session_;
  LiveOptions options_;
  const model::Inventory* inventory_ = nullptr;
  const model::GroundModel* model_ = nullptr;
  std::unique_ptr<Parts> parts_;
  executor::SocketHttpTransport http_;
  std::unique_ptr<executor::SshTransport> ssh_;
  std::unique_ptr<executor::Drivers> drivers_;
  std::unique_ptr<executor::Clock> clock_;
  bool is_virtual_ = false;
  std::unique_ptr<executor::StoredJournal> journal_;
  std::unique_ptr<executor::LeaseKeeper> lease_;
  int turns_ = 0;
};

std::optional<std::string> environment_variable(std::string_view name);
/// Why a difference between what was seen and what is known stops a run: the differences, a line
/// each, cut where there are many.
std::string listed(const std::vector<executor::Difference>& differences);

}  // namespace wme::cli
