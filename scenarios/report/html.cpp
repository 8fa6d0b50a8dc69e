#include <algorithm>

#include "scenarios/report/html_parts.hpp"
#include "scenarios/report/render.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

using html::badge;
using html::element;

std::string origin_banner(Origin origin) {
  switch (origin) {
    case Origin::kSimulated:
      return "Every figure on this page is simulated. No production system was touched.";
    case Origin::kSandbox:
      return "Every figure on this page was measured in a sandbox.";
    case Origin::kProduction:
      return "Every figure on this page was measured in production.";
  }
  return "";
}

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
                 element("div", "origin " + std::string(to_string(report.origin)),
                         element("b", "", escaped(to_string(report.origin))) + " " +
                             escaped(origin_banner(report.origin))) +
                     element("h1", "", escaped(report.title)) + element("p", "subject", facts) +
                     verdict(report) + cards(report));
}

constexpr std::string_view kNavigation =
    "<nav><a href=\"#timeline\">Timeline</a><a href=\"#order\">Order</a><a "
    "href=\"#rules\">Rules</a>"
    "<a href=\"#violations\">Violations</a><a href=\"#inventory\">Inventory</a>"
    "<a href=\"#faults\">Faults</a><a href=\"#calls\">API calls</a>"
    "<a href=\"#exercise\">Exercise</a><a href=\"#evidence\">Evidence</a></nav>\n";

// Nothing may be loaded from anywhere: an auditor's copy must look the same in ten years.
constexpr std::string_view kPolicy =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'; script-src 'unsafe-inline'\">";

}  // namespace

std::string to_html(const RehearsalReport& report) {
  std::string page = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">" +
                     std::string(kPolicy) +
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                     "<meta name=\"color-scheme\" content=\"light dark\"><title>" +
                     escaped(std::string(report.passed ? "✓ " : "✕ ") + report.title) +
                     "</title>\n<style>" + std::string(html::style()) + "</style></head>\n<body>\n";
  page += header(report) + std::string(kNavigation) + "<main>\n";
  for (const auto part :
       {html::timeline, html::order, html::invariants, html::violations, html::inventory,
        html::faults, html::api_calls, html::exercise, html::evidence})
    page += part(report);
  return page + "</main>\n<footer>" + escaped(report.tool_version) + " · " +
         escaped(origin_banner(report.origin)) + "</footer>\n<script>" +
         std::string(html::script()) + "</script>\n</body></html>\n";
}

}  // namespace wme::scenarios
