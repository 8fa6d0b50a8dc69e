#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/checker/counterexample.hpp"
#include "model/checker/ground_plan.hpp"
#include "model/result.hpp"

/// Counterexamples as files: what happened, event by event, and what the last one breaks. Schema
/// "rehydrate/trace/1" (docs/schemas/trace.schema.json).
namespace wme::model {

inline constexpr std::string_view kTraceSchema = "rehydrate/trace/1";
inline constexpr std::size_t kTraceBytesMax = 64U << 20U;

/// "request", "outcome", "environment", "found-done", "lost-request", "lost-answer", "stale-read".
std::string_view to_string(Happening::Kind kind);
/// "start", "guard", "invariant", "goal", "masked-end".
std::string_view to_string(PropertyKind kind);

struct TraceEvent {
  Happening::Kind kind = Happening::Kind::kRequest;
  std::string step;    ///< "s10"; empty for the environment
  std::string action;  ///< "passivate-container"
  std::vector<std::string> arguments;
  std::string outcome;  ///< "done", "failed"; empty unless it is an outcome, or the environment's
  bool operator==(const TraceEvent&) const = default;
};

/// What is broken once the last event has happened.
struct TraceBreak {
  PropertyKind kind = PropertyKind::kGuard;
  std::string property;  ///< "INV-05"
  std::string step;      ///< at whose request or end; empty for goals and the environment
  bool at_request = true;
  std::string sentence;  ///< "a container is not parked: … (run(c3) is stopped, not passivated)"
  std::string loss;      ///< what is lost with the rule; may be empty
  bool operator==(const TraceBreak&) const = default;
};

struct TraceFile {
  std::string plan_sha256;  ///< of the plan's canonical JSON: the digest that certificates have
  std::string procedure;
  std::string installation;
  std::string headline;  ///< "take-snapshot snap-wm-data (s20) can be requested too early"
  std::vector<TraceEvent> events;
  TraceBreak breaks;
  bool operator==(const TraceFile&) const = default;
};

/// `plan` is the very plan that the counterexample is of; with its environment, where an event of
/// the trace is one of it.
TraceFile trace_file_of(const GroundPlan& plan, const Counterexample& told);

/// Equal traces give equal bytes.
std::string to_trace_json(const TraceFile& trace);
/// Error kInvalid: everything that is wrong, one a line, each with its place. `file` is how
/// messages call it.
Result<TraceFile> parse_trace(std::string_view text, std::string_view file);

/// A trace whose every event has found its step in a plan, and can happen when it does.
struct BoundTrace {
  Trace trace;
  ReplayEnd end;
  /// What the last event breaks in the model and the file speaks of; none: it ends in something
  /// else, or in nothing.
  std::vector<Obligation> broken;
};
/// Adds the environment to `plan` where the trace has events of it. Error kInvalid: the first place
/// in which the trace is no run of this plan, and why.
Result<BoundTrace> bind_trace(const TraceFile& trace, GroundPlan& plan, std::string_view file);

/// One event as somebody watches it.
struct TimelineRow {
  std::string step;      ///< "s10"; empty for the environment
  std::string happens;   ///< "is requested", "ends", "fails", ...
  std::string action;    ///< "passivate-container c3"
  std::string sentence;  ///< from the model
  struct Change {
    std::string variable;
    std::string from;
    std::string to;
    bool bears = false;  ///< what is broken in the end speaks of it
  };
  std::vector<Change> changes;
};
std::vector<TimelineRow> timeline_of(const GroundPlan& plan, const BoundTrace& trace);

}  // namespace wme::model
