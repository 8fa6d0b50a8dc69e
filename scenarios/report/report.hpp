#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a rehearsal has to show for itself, as plain values. Whoever runs it fills them in; the
/// renderers beside this file turn them into a page, JSON and JUnit, and compute nothing that an
/// auditor could not recompute from the same values.
namespace wme::scenarios {

/// UTC. In a rehearsal the time of the simulated world, else the wall clock: see `Origin`.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

/// Where the figures come from. Stands beside each of them.
enum class Origin { kSimulated, kSandbox, kProduction };
std::string_view to_string(Origin origin);  ///< "simulated", "sandbox", "production"

enum class StepStatus {
  kDone,
  kFailed,      ///< the other side tried and failed, or its deadline passed
  kRefused,     ///< a guard of ours or of the system said no
  kSkipped,     ///< declared not needed
  kNotReached,  ///< the run stopped before it
};
std::string_view to_string(StepStatus status);  ///< "done", …, "not reached"

/// The plan's reason for an edge: "s12, because run(c17) = passivated".
struct Dependency {
  std::string step;
  std::string because;
};

struct ReportStep {
  std::string id;                      ///< of the plan: "s12"; unique within its phase
  std::string runbook;                 ///< "A06"
  std::string action;                  ///< "passivate-container"
  std::vector<std::string> arguments;  ///< {"c17"}
  std::string text;                    ///< "Park container c17 on the Platform"
  std::string door;                    ///< "launchpad", "config-wizard", "cloud", "host", …
  std::optional<TimePoint> start;      ///< none: never started
  std::optional<TimePoint> end;        ///< none: never ended
  StepStatus status = StepStatus::kDone;
  std::optional<Duration> predicted;  ///< how long it was expected to take
  std::string waited_for;             ///< what showed that it was done: "run(c17) = passivated"
  int retries = 0;
  std::string reason;  ///< why it is not done; empty if it is
  std::vector<Dependency> after;
};

/// A part of the rehearsal with steps of its own: "dehydrate", "loss", "restore".
struct Phase {
  std::string name;     ///< stable, lower case: suite of the JUnit report
  std::string title;    ///< "Dehydrate"
  std::string summary;  ///< one sentence: what happens in it
  TimePoint start{};
  TimePoint end{};
  std::vector<ReportStep> steps;
};

struct Milestone {
  TimePoint at{};
  std::string text;  ///< "The Platform and every instance are lost"
};

/// A figure and how it came about. `target` is what the organisation asks for, if it said so.
struct Measure {
  std::optional<Duration> value;  ///< none: could not be measured, `how` says why
  std::string how;
  std::optional<Duration> target;
};

struct InvariantResult {
  std::string id;  ///< "INV-05"
  std::string statement;
  std::string enforcement;  ///< "state property", "ordering rule", "inventory check", …
  long long checks = 0;     ///< 0: it did not apply to this rehearsal
  long long violations = 0;
};

struct RuleViolation {
  TimePoint at{};
  std::string rule;    ///< "INV-05", or empty for a documented order without a number
  std::string action;  ///< "take-snapshot snap-wm-data"
  std::string door;    ///< "ec2 CreateSnapshot"
  std::string sentence;
};

struct ApiCall {
  TimePoint at{};
  std::string door;
  std::string operation;  ///< "CreateSnapshot", "PUT /studio/…", "ssh mount"
  std::string target;
  std::string status;  ///< "200", "exit 0", "connection lost"
  bool failed = false;
  Duration took{0};
};

/// One container before the dehydration and after the restore (INV-61).
struct ContainerComparison {
  std::string container;
  std::string owner;
  std::string shard;
  std::string before;
  std::string after;
  bool as_expected = true;
  std::string note;  ///< what differs, and why that is right or wrong
};

struct InjectedFault {
  std::string operation;
  int occurrence = 1;
  std::string fault;            ///< "answer-lost"
  std::optional<TimePoint> at;  ///< none: the operation never came to that occurrence
  std::string reaction;         ///< how the executor got over it
};

/// What an auditor asks of a documented exercise.
struct Exercise {
  std::string id;  ///< unique, stable
  std::string type;
  std::string environment;  ///< where it took place, and what separates it from production
  std::string bia_reference;
  std::string risk_reference;
  std::vector<std::string> objectives;
  std::vector<std::string> assumptions;
  std::vector<std::string> preconditions;
  std::vector<std::string> systems_in_scope;
  std::vector<std::string> expected_outcomes;
  std::vector<std::string> deviations;
  std::vector<std::string> remediation;
  std::vector<std::string> participants;
};

struct JournalReference {
  std::string phase;
  std::string path;
  long long entries = 0;
  std::string hash;  ///< the chain's end: pins every entry before it
};

struct RehearsalReport {
  std::string title;
  std::string scenario;
  std::string installation;
  std::string provider;
  std::string fleet;  ///< "1 Platform, 1 StudioWorkspace, 1 AppDeployment, 6 containers"
  std::string seed;
  Origin origin = Origin::kSimulated;
  bool passed = false;
  std::vector<std::string> reasons;  ///< why it failed, or what the success rests on
  std::vector<Phase> phases;         ///< in order of time
  std::vector<Milestone> milestones;
  Measure rto;
  Measure rpo;
  std::optional<TimePoint> recovery_point;
  std::string recovery_point_text;  ///< "snapshots snap-wm-data, snap-wm-runtime"
  std::vector<InvariantResult> invariants;
  std::vector<RuleViolation> violations;
  std::vector<ApiCall> api_calls;
  std::vector<ContainerComparison> inventory;
  std::vector<InjectedFault> faults;
  Exercise exercise;
  std::string real_started;  ///< RFC 3339, as the caller wants it shown; empty keeps files equal
  std::optional<Duration> real_elapsed;
  std::string tool_version;
  std::string plan_digest;
  std::string inventory_digest;
  std::string durations;         ///< "the model's durations", "durations of measured.yaml"
  std::string durations_digest;  ///< empty: they are the model's
  std::string model_fingerprint;
  std::vector<JournalReference> journals;
  std::string replay_command;
};

}  // namespace wme::scenarios
