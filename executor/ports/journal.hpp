#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "executor/ports/clock.hpp"
#include "executor/ports/system_port.hpp"
#include "model/result.hpp"

/// What the executor writes down: before each call what it is about to do, after it what came of
/// it. Whoever resumes, replays or audits a run reads nothing else.
namespace wme::executor {

enum class EntryKind {
  kRunStarted,      ///< details: plan, inventory, model, seed, versions (journal/entries.hpp)
  kObservation,     ///< `observed` holds what was read, outside of any call
  kIntent,          ///< about to send `action`; `observed` is what opened its guard
  kAccepted,        ///< the request was taken; details: receipt
  kRefused,         ///< it was not, and nothing changed; details: code, error
  kUnknownOutcome,  ///< it may have happened; details: code, error
  kWaiting,         ///< for what, since when, until when at the latest
  kOutcome,         ///< details: outcome; `observed` is what shows it
  kSurprise,        ///< details: expected, seen
  kRunEnded,        ///< details: verdict, reason
  kAttachment,      ///< what the run needs to be gone on with elsewhere; details: name, content
  kResumed,         ///< a process goes on with the run; details: by, host, process, fence, version
  kDecision,        ///< what a person decided; details: decision, by, reason, break-glass
  kGate,            ///< an approval is waited for; details: expires, on-expiry
  kTurned,          ///< from here on another plan: details: to, goal, plan
};

inline constexpr std::array<std::pair<EntryKind, std::string_view>, 15> kEntryKinds{{
    {EntryKind::kRunStarted, "run-started"},
    {EntryKind::kObservation, "observation"},
    {EntryKind::kIntent, "intent"},
    {EntryKind::kAccepted, "accepted"},
    {EntryKind::kRefused, "refused"},
    {EntryKind::kUnknownOutcome, "unknown-outcome"},
    {EntryKind::kWaiting, "waiting"},
    {EntryKind::kOutcome, "outcome"},
    {EntryKind::kSurprise, "surprise"},
    {EntryKind::kRunEnded, "run-ended"},
    {EntryKind::kAttachment, "attachment"},
    {EntryKind::kResumed, "resumed"},
    {EntryKind::kDecision, "decision"},
    {EntryKind::kGate, "gate"},
    {EntryKind::kTurned, "turned"},
}};

constexpr std::string_view to_string(EntryKind kind) {
  return kEntryKinds[static_cast<std::size_t>(kind)].second;
}

constexpr std::optional<EntryKind> entry_kind_from(std::string_view text) {
  for (const auto& [kind, name] : kEntryKinds)
    if (name == text) return kind;
  return std::nullopt;
}

/// One thing that the executor did or saw. The journal numbers the entries and adds the wall clock.
struct Entry {
  TimePoint at{};  ///< by the clock of the run, which is virtual in a rehearsal
  EntryKind kind = EntryKind::kObservation;
  std::string step;                    ///< id of the plan's step: "s12"; empty for the run itself
  std::string action;                  ///< "passivate-container"; empty for the run itself
  std::vector<std::string> arguments;  ///< of the action: {"c17"}
  std::string token;                   ///< idempotency token of the step in this run
  std::string text;                    ///< one sentence for the operator
  std::vector<Observation> observed;
  std::map<std::string, std::string> details;  ///< by kind, see above; never a secret
};
inline bool operator==(const Observation& a, const Observation& b) {
  return a.variable == b.variable && a.value == b.value && a.detail == b.detail;
}
inline bool operator==(const Entry& a, const Entry& b) {
  return a.at == b.at && a.kind == b.kind && a.step == b.step && a.action == b.action &&
         a.arguments == b.arguments && a.token == b.token && a.text == b.text &&
         a.observed == b.observed && a.details == b.details;
}

class JournalPort {
 public:
  virtual ~JournalPort() = default;
  /// When this returns, the entry outlives a crash (as far as the journal was asked to). Blocks for
  /// the disk. Errors: kFailed (disk full, I/O) and kRefused (open for reading only, or somebody
  /// else writes to the same journal): nothing was written; kUnknownOutcome: the database was lost
  /// meanwhile. In each case nothing more may be done to the installation, since it could not be
  /// accounted for.
  virtual Status append(const Entry& entry) = 0;
};

}  // namespace wme::executor
