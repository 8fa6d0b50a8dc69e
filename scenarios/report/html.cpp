#include <algorithm>

#include "scenarios/report/html_parts.hpp"
#include "scenarios/report/render.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

using html::badge;
using html::element;

std::string card(std::string_view name, std::string_view value, std::string_view note,
                 std::string_view kind = "") {
  return element("div", "card " + std::string(kind),
                 element("div", "name", escaped(name)) + element("div", "value", escaped(value)) +
                     element("div", "note", escaped(note)));
}

std::string measure_card(std::string_view name, const Measure& measure) {
  std::string note = measure.how;
  bool missed = false;
  if (measure.target) {
    missed = !measure.value || *measure.value > *measure.target;
    note = std::string(missed ? "Misses" : "Meets") + " the target of " + human(*measure.target) +
           "; " + note;
  }
  return card(name, measure.value ? human(*measure.value) : "not measured", note,
              missed ? "missed" : "key");
}

std::string step_card(const RehearsalReport& report) {
  long long all = 0;
  long long done = 0;
  for (const Phase& phase : report.phases)
    for (const ReportStep& step : phase.steps) {
      ++all;
      done += step.status == StepStatus::kDone || step.status == StepStatus::kSkipped ? 1 : 0;
    }
  return card(
      "Steps", grouped(done) + " of " + grouped(all),
      std::to_string(report.phases.size()) + (report.phases.size() == 1 ? " phase" : " phases"),
      done == all ? "" : "missed");
}

std::string rule_card(const RehearsalReport& report) {
  long long checks = 0;
  long long broken = static_cast<long long>(report.violations.size());
  for (const InvariantResult& result : report.invariants) checks += result.checks;
  return card("Rules", broken == 0 ? "all held" : grouped(broken) + " broken",
              grouped(checks) + " checks of " +
                  grouped(static_cast<long long>(report.invariants.size())) + " rules",
              broken == 0 ? "" : "missed");
}

std::string recovery_point_card(const RehearsalReport& report) {
  return card("Recovery point", report.recovery_point ? spoken(*report.recovery_point) : "none",
              report.recovery_point_text, report.recovery_point ? "small" : "small missed");
}

std::string cards(const RehearsalReport& report) {
  const auto failed = std::count_if(report.api_calls.begin(), report.api_calls.end(),
                                    [](const ApiCall& call) { return call.failed; });
  return element("div", "cards",
                 measure_card("RTO", report.rto) + measure_card("RPO", report.rpo) +
                     recovery_point_card(report) + step_card(report) + rule_card(report) +
                     card("API calls", grouped(static_cast<long long>(report.api_calls.size())),
                          grouped(failed) + " without success") +
                     card("Faults injected", grouped(static_cast<long long>(report.faults.size())),
                          report.faults.empty() ? "undisturbed course" : "all by schedule") +
                     (report.real_elapsed ? card("Real time", human(*report.real_elapsed),
                                                 "what the rehearsal itself took")
                                          : std::string()));
}

std::string verdict(const RehearsalReport& report) {
  std::string reasons;
  for (const std::string& reason : report.reasons) reasons += element("li", "", escaped(reason));
  return element("div", report.passed ? "verdict good" : "verdict bad",
                 element("strong", "", report.passed ? "✓ Passed" : "✕ Failed") +
                     (reasons.empty() ? "" : element("ul", "", reasons)));
}

std::string header(const RehearsalReport& report) {
  std::string facts;
  const auto fact = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) facts += "<span><b>" + escaped(name) + "</b> " + escaped(value) + "</span>";
  };
  fact("Installation", report.installation);
  fact("Provider", report.provider);
  fact("Fleet", report.fleet);
  fact("Scenario", report.scenario);
  fact("Seed", report.seed);
  return element("header", "",
                 html::origin_banner(report.origin) + element("h1", "", escaped(report.title)) +
                     element("p", "subject", facts) + verdict(report) + cards(report));
}

constexpr std::string_view kNavigation =
    "<nav><a href=\"#timeline\">Timeline</a><a href=\"#order\">Order</a><a "
    "href=\"#rules\">Rules</a>"
    "<a href=\"#violations\">Violations</a><a href=\"#inventory\">Inventory</a>"
    "<a href=\"#faults\">Faults</a><a href=\"#calls\">API calls</a>"
    "<a href=\"#exercise\">Exercise</a><a href=\"#evidence\">Evidence</a></nav>\n";

}  // namespace

std::string to_html(const RehearsalReport& report) {
  std::string body = header(report) + std::string(kNavigation) + "<main>\n";
  for (const auto part :
       {html::timeline, html::order, html::invariants, html::violations, html::inventory,
        html::faults, html::api_calls, html::exercise, html::evidence})
    body += part(report);
  body += "</main>\n<footer>" + escaped(report.tool_version) + " · " +
          escaped(html::origin_sentence(report.origin)) + "</footer>\n";
  return html::page((report.passed ? "✓ " : "✕ ") + report.title, "", body, html::script());
}

}  // namespace wme::scenarios
