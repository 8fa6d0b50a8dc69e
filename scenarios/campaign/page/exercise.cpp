#include "scenarios/campaign/page/parts.hpp"
#include "scenarios/report/html_parts.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios::campaign_page {

namespace {

/// What no program can know; an empty line to write on when the page is printed.
std::string by_the_operator(std::string_view what) {
  return html::badge("warn", "for the operator to fill in") + " " +
         html::element("span", "note", escaped(what));
}

std::string or_by_the_operator(const std::string& text, std::string_view what) {
  return text.empty() ? by_the_operator(what) : escaped(text);
}

std::string duration(const CampaignResult& result) {
  if (result.took.total() == 0) return "Simulated: no run reached the goal";
  return "Simulated: a run took " + human(*result.took.percentile(50)) + " (P50), at most " +
         human(*result.took.percentile(100));
}

std::vector<std::string> objectives(const CampaignFacts& facts) {
  std::vector<std::string> all = {
      "Whatever goes wrong, every run ends in its goal or in a declared safe stop",
      "No rule of the runbook is broken on the way"};
  if (facts.rto_target) all.push_back("RTO of " + human(*facts.rto_target));
  if (facts.rpo_target) all.push_back("RPO of " + human(*facts.rpo_target));
  return all;
}

std::vector<std::string> deviations(const CampaignResult& result) {
  std::vector<std::string> all;
  if (result.failed > 0)
    all.push_back(runs_text(result.failed) + " of " + grouped(result.held) +
                  " did not end as they must: see Failures");
  if (!result.is_complete())
    all.push_back("Interrupted after " + grouped(result.held) + " of " +
                  runs_text(static_cast<std::int64_t>(result.planned())));
  for (const Distribution& each : distributions_of(result))
    if (each.target && each.kept() < each.histogram.total())
      all.push_back("The " + each.name + " objective of " + human(*each.target) +
                    " was missed in " + runs_text(each.histogram.total() - each.kept()) + " of " +
                    grouped(each.histogram.total()));
  if (const auto never = never_tried(result); !never.empty())
    all.push_back(grouped(static_cast<long long>(never.size())) +
                  " pairs of fault and step were never tried");
  if (all.empty()) all.push_back("None");
  return all;
}

std::string remediation(const CampaignResult& result) {
  if (result.failed == 0) return by_the_operator("actions, their owners, dates and tickets");
  return by_the_operator(
      "what is done about each failure, by whom, until when; then hold the campaign again");
}

}  // namespace

std::string exercise(const CampaignResult& result) {
  const CampaignFacts& facts = result.facts;
  return html::section(
      "exercise", "Exercise record",
      "What auditors ask of a documented exercise. All times are simulated; a campaign complements "
      "an exercise in a sandbox or in production, and replaces none.",
      html::facts(
          {{"Identifier",
            escaped("campaign-" + facts.scenario + "-" + facts.installation + "-seed-" +
                    std::to_string(facts.seed) + "-runs-" + std::to_string(facts.runs))},
           {"Type", "automated campaign of rehearsals with injected faults"},
           {"Scenario", escaped(facts.scenario + ": " + facts.title)},
           {"Origin of all figures", "simulated"},
           {"Environment",
            "simulated: the executor of production on the simulated world itself, without drivers "
            "and wires; nothing of the production installation is reached"},
           {"Date and time",
            by_the_operator("when it was held: the page has no clock, so that it can be "
                            "held again and compared byte for byte")},
           {"Duration", escaped(duration(result))},
           {"Business impact analysis",
            or_by_the_operator(facts.bia_reference,
                               "the function behind it; `audit: bia:` in the scenario")},
           {"Risk assessment",
            or_by_the_operator(facts.risk_reference,
                               "the risk behind it; `audit: risk:` in the scenario")},
           {"Objectives", html::bullet_list(objectives(facts))},
           {"Systems in scope",
            html::bullet_list({facts.installation + ": " + facts.fleet, "Launchpad", "ConfigWizard",
                               "cloud: " + facts.provider, "Linux hosts"})},
           {"Assumptions",
            html::bullet_list(
                {"The simulated systems behave as their documentation and the reference "
                 "contracts say",
                 (facts.durations_file.empty()
                      ? "Durations are typical, not measured at this installation"
                      : "Durations are those of " + facts.durations_file +
                            ", and for the rest typical"),
                 "Nobody but the executor changes the installation once logins are restricted"})},
           {"Preconditions",
            html::bullet_list({"Every plan was proved by the order proof before the first run",
                               "The inventory is the one of the digest above"})},
           {"Expected outcomes",
            html::bullet_list({"Every run has every property that it is judged by",
                               "Where every fault must be got over, the goal is reached"})},
           {"Step-by-step account",
            "Each run by itself: " + html::code(replay_of(facts, 1)) +
                " and so on; the faults that each step met stand under Coverage"},
           {"Result",
            escaped(std::string(headline(verdict_of(result))) + ": " + sentence_of(result))},
           {"Deviations", html::bullet_list(deviations(result))},
           {"Remediation", remediation(result)},
           {"Participants and roles", by_the_operator("who held it, who was told, who decided")},
           {"Reported to", by_the_operator("the management body, and when")},
           {"Sign-off", by_the_operator("name, role, date, signature")}}));
}

}  // namespace wme::scenarios::campaign_page
