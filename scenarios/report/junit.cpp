#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "scenarios/report/render.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

constexpr std::size_t kOutputCharactersMax = 4000;

std::string in_seconds(Duration time) {
  return fixed(static_cast<double>(time.count()) / 1000.0, 3);
}

/// A <testsuite> that counts its cases as they come.
class Suite {
 public:
  Suite(pugi::xml_node parent, const std::string& name, TimePoint start, Duration time)
      : node_(parent.append_child("testsuite")) {
    set("name", name);
    for (const char* counter : {"tests", "failures", "errors", "skipped"}) set(counter, "0");
    set("timestamp", utc(start));
    set("time", in_seconds(time));
  }

  pugi::xml_node add_case(const std::string& class_name, const std::string& name, Duration time) {
    pugi::xml_node test = node_.append_child("testcase");
    test.append_attribute("classname") = printable(class_name).c_str();
    test.append_attribute("name") = printable(name).c_str();
    test.append_attribute("time") = in_seconds(time).c_str();
    count("tests");
    return test;
  }
  void fail(pugi::xml_node test, const std::string& type, const std::string& message,
            const std::string& text) {
    pugi::xml_node failure = test.append_child("failure");
    failure.append_attribute("type") = type.c_str();
    failure.append_attribute("message") = printable(message).c_str();
    failure.text() = printable(shortened(text, kOutputCharactersMax)).c_str();
    count("failures");
  }
  void skip(pugi::xml_node test, const std::string& message) {
    test.append_child("skipped").append_attribute("message") = printable(message).c_str();
    count("skipped");
  }
  int counted(const char* counter) const { return node_.attribute(counter).as_int(); }

 private:
  void set(const char* name, const std::string& value) {
    node_.append_attribute(name) = printable(value).c_str();
  }
  void count(const char* counter) { node_.attribute(counter) = counted(counter) + 1; }

  pugi::xml_node node_;
};

void add_step(Suite& suite, const Phase& phase, const ReportStep& step) {
  const Duration took = step.start && step.end ? *step.end - *step.start : Duration::zero();
  // Names without the step's number: an inserted step must not break the history of the others.
  pugi::xml_node test =
      suite.add_case("rehydrate." + phase.name + "." + step.action, name_of(step), took);
  const std::string reason =
      step.reason.empty() ? std::string(to_string(step.status)) : step.reason;
  switch (step.status) {
    case StepStatus::kDone:
      break;
    case StepStatus::kFailed:
    case StepStatus::kRefused:
      suite.fail(test, std::string(to_string(step.status)), reason,
                 step.id + " " + step.text + "\n" + reason +
                     (step.waited_for.empty() ? "" : "\nWaited for " + step.waited_for));
      break;
    case StepStatus::kSkipped:
    case StepStatus::kNotReached:
      suite.skip(test, reason);
      break;
  }
}

std::string violations_of(const RehearsalReport& report, const std::string& rule) {
  std::string text;
  for (const RuleViolation& violation : report.violations)
    if (violation.rule == rule)
      text += utc(violation.at) + " " + violation.action + " through " + violation.door + ": " +
              violation.sentence + "\n";
  return text;
}

void add_invariant(Suite& suite, const RehearsalReport& report, const InvariantResult& result) {
  pugi::xml_node test =
      suite.add_case("rehydrate.rules", result.id + " " + result.statement, Duration::zero());
  if (result.violations > 0)
    suite.fail(test, "violated", result.statement, violations_of(report, result.id));
  else if (result.checks == 0)
    suite.skip(test, "not applicable to this rehearsal");
}

void add_verdict(Suite& suite, const RehearsalReport& report) {
  pugi::xml_node verdict = suite.add_case("rehydrate.verdict", "The rehearsal passes", Duration{0});
  if (!report.passed) {
    std::string reasons;
    for (const std::string& reason : report.reasons) reasons += reason + "\n";
    suite.fail(verdict, "failed", report.reasons.empty() ? "failed" : report.reasons.front(),
               reasons);
  }
  pugi::xml_node broken =
      suite.add_case("rehydrate.verdict", "No rule is broken through any door", Duration{0});
  std::string sentences;
  for (const RuleViolation& violation : report.violations)
    sentences += violation.rule + " " + violation.action + ": " + violation.sentence + "\n";
  if (!sentences.empty()) suite.fail(broken, "violated", "rules were broken", sentences);
  pugi::xml_node inventory =
      suite.add_case("rehydrate.verdict", "The inventory is as before (INV-61)", Duration{0});
  std::string differences;
  for (const ContainerComparison& one : report.inventory)
    if (!one.as_expected)
      differences += one.container + ": " + one.before + " before, " + one.after + " after. " +
                     one.note + "\n";
  if (!differences.empty())
    suite.fail(inventory, "differs", "containers differ", differences);
  else if (report.inventory.empty())
    suite.skip(inventory, "no inventory was compared");
}

void add_properties(pugi::xml_node node, const RehearsalReport& report) {
  pugi::xml_node properties = node.append_child("properties");
  const auto add = [&](const char* name, const std::string& value) {
    if (value.empty()) return;
    pugi::xml_node property = properties.append_child("property");
    property.append_attribute("name") = name;
    property.append_attribute("value") = printable(value).c_str();
  };
  add("origin", std::string(to_string(report.origin)));
  add("time", "time attributes are " + std::string(to_string(report.origin)) + " seconds");
  add("scenario", report.scenario);
  add("seed", report.seed);
  add("plan", report.plan_digest);
  add("inventory", report.inventory_digest);
  add("model", report.model_fingerprint);
  add("tool", report.tool_version);
  add("rto", report.rto.value ? iso_duration(*report.rto.value) : "");
  add("rpo", report.rpo.value ? iso_duration(*report.rpo.value) : "");
  add("real-elapsed", report.real_elapsed ? iso_duration(*report.real_elapsed) : "");
  add("replay", report.replay_command);
  for (const JournalReference& journal : report.journals) add("journal", journal.path);
}

}  // namespace

std::string to_junit(const RehearsalReport& report) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("testsuites");
  const bool has_phases = !report.phases.empty();
  const TimePoint start = has_phases ? report.phases.front().start : TimePoint{};
  const Duration time = has_phases ? report.phases.back().end - start : Duration::zero();
  std::vector<Suite> suites;
  suites.emplace_back(root, "verdict", start, time);
  add_verdict(suites.back(), report);
  for (const Phase& phase : report.phases) {
    suites.emplace_back(root, phase.name, phase.start, phase.end - phase.start);
    for (const ReportStep& step : phase.steps) add_step(suites.back(), phase, step);
  }
  suites.emplace_back(root, "rules", start, time);
  for (const InvariantResult& result : report.invariants)
    add_invariant(suites.back(), report, result);
  // The first suite carries what describes them all: <testsuites> may hold no properties.
  pugi::xml_node first = root.first_child();
  add_properties(first, report);
  first.prepend_move(first.child("properties"));

  root.append_attribute("name") = printable(report.title).c_str();
  for (const char* counter : {"tests", "failures", "errors", "skipped"}) {
    int sum = 0;
    for (const Suite& suite : suites) sum += suite.counted(counter);
    root.append_attribute(counter) = sum;
  }
  root.append_attribute("time") = in_seconds(time).c_str();
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace wme::scenarios
