#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "executor/ports/journal.hpp"

/// One builder for each kind of entry, so that the names of the details stand in one place.
namespace wme::executor {

/// The process that acts, for whoever asks later who did it.
struct Actor {
  std::string by;       ///< user name
  std::string host;     ///< empty in rehearsals
  std::string process;  ///< its id there
  std::string fence;    ///< number of the lease that it holds on the installation
};

/// What must be the same for two runs to be comparable.
struct RunFacts {
  std::string plan_digest;
  std::string inventory_name;
  std::string inventory_digest;
  std::string model_fingerprint;
  std::string tool_version;
  std::string seed;  ///< empty outside of rehearsals
  /// On whose word it runs: "certificate", "author", "approvers", or "break-glass" with the reason;
  /// empty in rehearsals.
  std::map<std::string, std::string> authority = {};
  std::string run_id = {};  ///< part of each idempotency token
  Actor actor = {};
};

/// The step that an entry is about, and the call that carries it out.
struct StepCall {
  std::string step;
  Call call;
};

Entry run_started(TimePoint at, const RunFacts& facts);
/// Texts that whoever goes on with the run needs: "plan.json", "inventory.yaml", ...
Entry attachment(TimePoint at, const std::string& name, const std::string& content);
Entry resumed(TimePoint at, const Actor& actor, const std::string& version);
Entry observation(TimePoint at, std::vector<Observation> observed, std::string text);
/// `opened_by`: the fresh observation on which the guard held.
Entry intent(TimePoint at, const StepCall& of, std::vector<Observation> opened_by,
             std::string text);
Entry accepted(TimePoint at, const StepCall& of, const std::string& receipt);
/// kRefused, or kUnknownOutcome when that is the error's code.
Entry not_accepted(TimePoint at, const StepCall& of, const Error& error);
Entry waiting(TimePoint at, const StepCall& of, const std::string& what, TimePoint deadline);
/// `name` is the outcome in the model's words: "done", "failed".
Entry outcome(TimePoint at, const StepCall& of, const std::string& name,
              std::vector<Observation> shown_by);
Entry surprise(TimePoint at, const StepCall& of, const std::string& expected,
               std::vector<Observation> seen);
/// What a person decided about the run or one of its steps.
struct Decision {
  std::string what;  ///< "pause", "continue", "approve", "reject", "retry", "skip", "stop", "abort"
  std::string step;  ///< empty for the run itself
  std::string by;
  std::string reason;
  std::string break_glass = {};  ///< why a rule is broken knowingly; empty: none is
  long long request = 0;         ///< the number of the request that asked for it; 0: none did
};
/// `by` where a gate that expired has decided, as it was declared to.
inline constexpr std::string_view kGateItself = "the gate";
/// `by` where a signal or the end of the change window stops the run.
inline constexpr std::string_view kProgramItself = "the program";
Entry decision(TimePoint at, const Decision& decision);
/// An approval is waited for; `on_expiry` is what happens without one: "stop", "abort", "continue".
Entry gate(TimePoint at, const StepCall& of, TimePoint expires, const std::string& on_expiry);
/// What follows carries out another plan: `to` is "abort" or "undo", `goal` says where it leads,
/// `plan` is its JSON.
Entry turned(TimePoint at, const std::string& to, const std::string& goal, const std::string& plan);
/// `verdict`: "done", "failed", "stopped"; `reason` may be empty when it is done.
Entry run_ended(TimePoint at, const std::string& verdict, const std::string& reason);

/// "invalid", "blocked", …, "unknown-outcome": how error codes stand in journals.
std::string_view to_string(ErrorCode code);
/// "run(c17) = stopped, intake(studio-2) = ?": a question mark for what could not be seen.
std::string in_words(const std::vector<Observation>& observed);

}  // namespace wme::executor
