#include <nlohmann/json.hpp>

#include "scenarios/report/prediction.hpp"
#include "scenarios/report/render.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

// Keys in the order in which a reader wants them.
using json = nlohmann::ordered_json;

json time_or_null(const std::optional<TimePoint>& time) {
  return time ? json(utc(*time)) : json(nullptr);
}

json duration_or_null(const std::optional<Duration>& time) {
  return time ? json(iso_duration(*time)) : json(nullptr);
}

json seconds_or_null(const std::optional<Duration>& time) {
  return time ? json(static_cast<double>(time->count()) / 1000.0) : json(nullptr);
}

json measure(const Measure& measure) {
  return {{"duration", duration_or_null(measure.value)},
          {"seconds", seconds_or_null(measure.value)},
          {"target", duration_or_null(measure.target)},
          {"how", measure.how}};
}

json step(const ReportStep& step) {
  json after = json::array();
  for (const Dependency& dependency : step.after)
    after.push_back({{"step", dependency.step}, {"because", dependency.because}});
  return {{"id", step.id},
          {"runbook", step.runbook},
          {"action", step.action},
          {"arguments", step.arguments},
          {"text", step.text},
          {"door", step.door},
          {"start", time_or_null(step.start)},
          {"end", time_or_null(step.end)},
          {"status", to_string(step.status)},
          {"predicted", duration_or_null(step.predicted)},
          {"waited_for", step.waited_for},
          {"retries", step.retries},
          {"reason", step.reason},
          {"after", std::move(after)}};
}

json phase(const Phase& phase) {
  json steps = json::array();
  for (const ReportStep& one : phase.steps) steps.push_back(step(one));
  json predicted = json::array();
  for (const ActionPrediction& each : predictions(phase))
    predicted.push_back({{"action", each.action},
                         {"steps", each.steps},
                         {"predicted", iso_duration(each.predicted)},
                         {"actual_p50", iso_duration(each.actual)}});
  return {{"name", phase.name},
          {"title", phase.title},
          {"summary", phase.summary},
          {"start", utc(phase.start)},
          {"end", utc(phase.end)},
          {"duration", iso_duration(phase.end - phase.start)},
          {"predicted", duration_or_null(predicted_length(phase))},
          {"predictions", std::move(predicted)},
          {"steps", std::move(steps)}};
}

/// An array with one value for each item.
template <class Items, class Write>
json array(const Items& items, Write write) {
  json values = json::array();
  for (const auto& item : items) values.push_back(write(item));
  return values;
}

json exercise(const Exercise& record) {
  return {{"id", record.id},
          {"type", record.type},
          {"environment", record.environment},
          {"bia_reference", record.bia_reference},
          {"risk_reference", record.risk_reference},
          {"objectives", record.objectives},
          {"assumptions", record.assumptions},
          {"preconditions", record.preconditions},
          {"systems_in_scope", record.systems_in_scope},
          {"expected_outcomes", record.expected_outcomes},
          {"deviations", record.deviations},
          {"remediation", record.remediation},
          {"participants", record.participants}};
}

json evidence(const RehearsalReport& report) {
  json journals = array(report.journals, [](const JournalReference& journal) -> json {
    return {{"phase", journal.phase},
            {"path", journal.path},
            {"entries", journal.entries},
            {"hash", journal.hash}};
  });
  return {{"tool_version", report.tool_version},
          {"plan_digest", report.plan_digest},
          {"inventory_digest", report.inventory_digest},
          {"model_fingerprint", report.model_fingerprint},
          {"durations", report.durations},
          {"durations_digest", report.durations_digest},
          {"replay_command", report.replay_command},
          {"real_started", report.real_started},
          {"real_elapsed", duration_or_null(report.real_elapsed)},
          {"journals", std::move(journals)}};
}

json invariant(const InvariantResult& result) {
  return {{"id", result.id},
          {"statement", result.statement},
          {"enforcement", result.enforcement},
          {"checks", result.checks},
          {"violations", result.violations}};
}

json violation(const RuleViolation& violation) {
  return {{"at", utc(violation.at)},
          {"rule", violation.rule},
          {"action", violation.action},
          {"door", violation.door},
          {"sentence", violation.sentence}};
}

json container(const ContainerComparison& one) {
  return {{"container", one.container},
          {"owner", one.owner},
          {"shard", one.shard},
          {"before", one.before},
          {"after", one.after},
          {"as_expected", one.as_expected},
          {"note", one.note}};
}

json fault(const InjectedFault& fault) {
  return {{"operation", fault.operation},
          {"occurrence", fault.occurrence},
          {"fault", fault.fault},
          {"at", time_or_null(fault.at)},
          {"reaction", fault.reaction}};
}

json api_call(const ApiCall& call) {
  return {{"at", utc(call.at)},
          {"door", call.door},
          {"operation", call.operation},
          {"target", call.target},
          {"status", call.status},
          {"failed", call.failed},
          {"duration", iso_duration(call.took)}};
}

}  // namespace

std::string to_json(const RehearsalReport& report) {
  const json document = {
      {"schema", "rehydrate/report/1"},
      {"title", report.title},
      {"origin", to_string(report.origin)},
      {"verdict", report.passed ? "passed" : "failed"},
      {"reasons", report.reasons},
      {"scenario", report.scenario},
      {"installation", report.installation},
      {"provider", report.provider},
      {"fleet", report.fleet},
      {"seed", report.seed},
      {"rto", measure(report.rto)},
      {"rpo", measure(report.rpo)},
      {"recovery_point",
       {{"at", time_or_null(report.recovery_point)}, {"what", report.recovery_point_text}}},
      {"milestones", array(report.milestones,
                           [](const Milestone& milestone) -> json {
                             return {{"at", utc(milestone.at)}, {"text", milestone.text}};
                           })},
      {"phases", array(report.phases, phase)},
      {"invariants", array(report.invariants, invariant)},
      {"violations", array(report.violations, violation)},
      {"inventory", array(report.inventory, container)},
      {"faults", array(report.faults, fault)},
      {"api_calls", array(report.api_calls, api_call)},
      {"exercise", exercise(report.exercise)},
      {"evidence", evidence(report)}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace wme::scenarios
