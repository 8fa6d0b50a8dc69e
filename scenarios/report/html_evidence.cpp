#include <algorithm>

#include "scenarios/report/html_parts.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios::html {
namespace {

std::string invariant_state(const InvariantResult& result) {
  if (result.violations > 0) return badge("bad", "✕ violated");
  if (result.checks == 0) return badge("plain", "– not applicable");
  return badge("good", "✓ held");
}

}  // namespace

std::string invariants(const RehearsalReport& report) {
  Table rules{"invariants",
              {"Rule", "Statement", "Enforced as", "Checks", "Violations", ""},
              {"mono", "wide", "", "num", "num", ""},
              {},
              true,
              true};
  long long checks = 0;
  long long held = 0;
  for (const InvariantResult& result : report.invariants) {
    checks += result.checks;
    held += result.checks > 0 && result.violations == 0 ? 1 : 0;
    rules.rows.push_back(
        {{escaped(result.id), escaped(result.statement), escaped(result.enforcement),
          grouped(result.checks), grouped(result.violations), invariant_state(result)},
         result.violations > 0});
  }
  return section("rules", "Rules",
                 grouped(held) + " of " +
                     grouped(static_cast<long long>(report.invariants.size())) +
                     " rules were checked and held, " + grouped(checks) + " checks in all.",
                 table(rules));
}

std::string violations(const RehearsalReport& report) {
  if (report.violations.empty())
    return section(
        "violations", "Violations", "",
        element("p", "",
                badge("good", "✓ none") + " No rule was broken through any door of the world."));
  Table broken{"violations-table",
               {"Time", "Rule", "What did not hold", "Action", "Door"},
               {"num", "mono", "wide", "mono", ""},
               {}};
  for (const RuleViolation& violation : report.violations)
    broken.rows.push_back(
        {{clock_time(violation.at), escaped(violation.rule.empty() ? "–" : violation.rule),
          escaped(violation.sentence), escaped(violation.action), escaped(violation.door)},
         true});
  return section(
      "violations", "Violations",
      "Done all the same, although a rule forbids it: the world recorded it, whoever did "
      "it.",
      table(broken));
}

std::string inventory(const RehearsalReport& report) {
  if (report.inventory.empty()) return "";
  const auto wrong = std::count_if(report.inventory.begin(), report.inventory.end(),
                                   [](const auto& one) { return !one.as_expected; });
  Table rows{"inventory-table",
             {"Container", "Owner", "Shard", "Before", "After", ""},
             {"mono", "", "", "", "", ""},
             {},
             true,
             true};
  for (const ContainerComparison& one : report.inventory)
    rows.rows.push_back(
        {{escaped(one.container), escaped(one.owner), escaped(one.shard), escaped(one.before),
          escaped(one.after),
          badge(one.as_expected ? "good" : "bad", one.as_expected ? "✓ as before" : "✕ differs") +
              (one.note.empty() ? "" : element("div", "note", escaped(one.note)))},
         !one.as_expected});
  const std::string all = grouped(static_cast<long long>(report.inventory.size()));
  return section("inventory", "Inventory before and after",
                 wrong == 0
                     ? "All " + all + " containers are there with their last saved work (INV-61)."
                     : grouped(wrong) + " of " + all + " containers differ (INV-61).",
                 folded("All " + all + " containers", table(rows), wrong > 0));
}

std::string faults(const RehearsalReport& report) {
  if (report.faults.empty())
    return section("faults", "Faults injected", "",
                   element("p", "", "None: this rehearsal shows the undisturbed course."));
  Table rows{"faults-table",
             {"Operation", "Occurrence", "Fault", "Time", "What the executor did"},
             {"mono", "num", "", "num", "wide"},
             {}};
  for (const InjectedFault& fault : report.faults)
    rows.rows.push_back(
        {{escaped(fault.operation), std::to_string(fault.occurrence), escaped(fault.fault),
          fault.at ? clock_time(*fault.at) : "never met", escaped(fault.reaction)}});
  return section("faults", "Faults injected",
                 "By operation and occurrence, so that each run of this seed meets the same ones.",
                 table(rows));
}

std::string api_calls(const RehearsalReport& report) {
  Table rows{"api-calls",
             {"Time", "Door", "Operation", "Target", "Answer", "Took"},
             {"num", "", "mono", "mono wide", "", "num"},
             {},
             true,
             true};
  for (const ApiCall& call : report.api_calls)
    rows.rows.push_back(
        {{clock_time(call.at), escaped(call.door), escaped(call.operation), escaped(call.target),
          call.failed ? badge("bad", call.status) : escaped(call.status),
          call.took == Duration::zero() ? "" : human(call.took)},
         call.failed});
  const auto failed = std::count_if(report.api_calls.begin(), report.api_calls.end(),
                                    [](const ApiCall& call) { return call.failed; });
  const std::string all = grouped(static_cast<long long>(report.api_calls.size()));
  return section("calls", "API calls",
                 all + " requests over the wire, " + grouped(failed) + " of them without success.",
                 folded("All " + all + " requests", table(rows)));
}

std::string exercise(const RehearsalReport& report) {
  const Exercise& record = report.exercise;
  return section("exercise", "Exercise record", "",
                 facts({{"Identifier", escaped(record.id)},
                        {"Type", escaped(record.type)},
                        {"Scenario", escaped(report.scenario)},
                        {"Origin of all figures", escaped(to_string(report.origin))},
                        {"Environment", escaped(record.environment)},
                        {"Business impact analysis", escaped(record.bia_reference)},
                        {"Risk assessment", escaped(record.risk_reference)},
                        {"Objectives", bullet_list(record.objectives)},
                        {"Systems in scope", bullet_list(record.systems_in_scope)},
                        {"Assumptions", bullet_list(record.assumptions)},
                        {"Preconditions", bullet_list(record.preconditions)},
                        {"Expected outcomes", bullet_list(record.expected_outcomes)},
                        {"Deviations", bullet_list(record.deviations)},
                        {"Remediation", bullet_list(record.remediation)},
                        {"Participants", bullet_list(record.participants)}}));
}

std::string evidence(const RehearsalReport& report) {
  Table journals{"journals",
                 {"Phase", "Journal", "Entries", "Last hash of its chain"},
                 {"", "mono wide", "num", "mono wide"},
                 {}};
  for (const JournalReference& journal : report.journals)
    journals.rows.push_back({{escaped(journal.phase), escaped(journal.path),
                              grouped(journal.entries), escaped(journal.hash)}});
  return section(
      "evidence", "Evidence", "The same scenario and seed give the same journal, byte for byte.",
      facts({{"Replay", code(report.replay_command)},
             {"Seed", code(report.seed)},
             {"Tool", escaped(report.tool_version)},
             {"Plan", code(report.plan_digest)},
             {"Inventory", code(report.inventory_digest)},
             {"Model", code(report.model_fingerprint)},
             {"Times", report.durations.empty()
                           ? ""
                           : escaped(report.durations) + " " + code(report.durations_digest)},
             {"Started", escaped(report.real_started)},
             {"Real time", report.real_elapsed ? human(*report.real_elapsed) : ""}}) +
          (report.journals.empty() ? "" : table(journals)));
}

}  // namespace wme::scenarios::html
