#include "scenarios/campaign/page/page.hpp"

#include "scenarios/campaign/page/parts.hpp"
#include "scenarios/report/html_parts.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {

namespace {

using html::element;

constexpr std::string_view kNavigation =
    "<nav><a href=\"#ends\">Ends</a><a href=\"#times\">Times</a><a href=\"#critical\">Critical "
    "path</a><a href=\"#coverage\">Coverage</a><a href=\"#properties\">Properties</a>"
    "<a href=\"#failures\">Failures</a><a href=\"#exercise\">Exercise</a></nav>\n";

std::string_view tone_of(CampaignVerdict verdict) {
  switch (verdict) {
    case CampaignVerdict::kHolds:
      return "good";
    case CampaignVerdict::kInterrupted:
      return "warn";
    case CampaignVerdict::kFailed:
      return "bad";
  }
  return "bad";
}

std::string verdict(const CampaignResult& result) {
  const CampaignVerdict verdict = verdict_of(result);
  return element("div", "verdict " + std::string(tone_of(verdict)),
                 element("strong", "", escaped(headline(verdict))) +
                     element("p", "", escaped(sentence_of(result))));
}

std::string facts(const CampaignResult& result) {
  const CampaignFacts& facts = result.facts;
  std::string plans;
  for (const std::string& each : facts.plan_digests) plans += element("div", "", html::code(each));
  const bool is_part = result.shard.count > 1;
  return html::facts(
      {{"Scenario", escaped(facts.scenario)},
       {"Installation", escaped(facts.installation)},
       {"Provider", escaped(facts.provider)},
       {"Fleet", escaped(facts.fleet)},
       {"Runs", grouped(static_cast<long long>(facts.runs)) +
                    (is_part ? ", of which this part has " +
                                   grouped(static_cast<long long>(result.planned()))
                             : "")},
       {"Seed", std::to_string(facts.seed)},
       {"Hold it again",
        html::code(repeat_of(facts) + (is_part ? " --shard " + std::to_string(result.shard.index) +
                                                     "/" + std::to_string(result.shard.count)
                                               : ""))},
       {"Plans, SHA-256", plans},
       {"Inventory, SHA-256", html::code(facts.inventory_digest)},
       {"Durations, SHA-256", html::code(facts.durations_digest)},
       {"Model, SHA-256", html::code(facts.model_fingerprint)},
       {"Tool", escaped("rehydrate " + facts.tool_version)}});
}

}  // namespace

std::string campaign_html(const CampaignResult& result, const std::vector<ShrunkFailure>& shrunk) {
  std::string body = element("header", "",
                             html::origin_banner(Origin::kSimulated) +
                                 element("h1", "", escaped("Campaign: " + result.facts.title)) +
                                 verdict(result) + facts(result)) +
                     std::string(kNavigation) + "<main>\n";
  for (const auto part : {campaign_page::ends, campaign_page::times, campaign_page::critical,
                          campaign_page::coverage, campaign_page::properties})
    body += part(result);
  body += campaign_page::failures(result, shrunk) + campaign_page::exercise(result);
  body += "</main>\n<footer>rehydrate " + escaped(result.facts.tool_version) + " · " +
          escaped(html::origin_sentence(Origin::kSimulated)) + "</footer>\n";
  return html::page(std::string(headline(verdict_of(result))) + " " + result.facts.title,
                    campaign_page::style(), body, "");
}

}  // namespace wme::scenarios
