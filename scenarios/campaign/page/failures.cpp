#include <algorithm>

#include "scenarios/campaign/page/parts.hpp"
#include "scenarios/report/html_parts.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios::campaign_page {

namespace {

using html::element;

std::string article(const CampaignResult& result, const CampaignFailure& failure,
                    const std::vector<ShrunkFailure>& shrunk) {
  std::string breaches;
  for (const Breach& each : failure.breaches)
    breaches += element("li", "",
                        element("b", "", escaped(each.property) + ":") + " " + escaped(each.text));
  const auto smaller = std::ranges::find(shrunk, failure.run, &ShrunkFailure::run);
  return element(
      "article", "failure",
      element("h3", "", "Run " + std::to_string(failure.run)) +
          html::facts({{"What went wrong in it", escaped(text_of(failure.schedule))},
                       {"It ended in", escaped(failure.end)},
                       {"What it broke", element("ul", "", breaches)},
                       {"Replay", html::code(replay_of(result.facts, failure.run))},
                       {"Smaller", smaller == shrunk.end() ? "" : html::code(text_of(*smaller))}}));
}

}  // namespace

std::string properties(const CampaignResult& result) {
  html::Table table{"properties-table",
                    {"Property", "What every run must have", "Broken in runs", ""},
                    {"mono", "wide", "num", ""},
                    {}};
  for (const auto& [property, says] : campaign_properties()) {
    const auto broken = result.breaches.find(property);
    const std::int64_t count = broken == result.breaches.end() ? 0 : broken->second;
    table.rows.push_back(
        {{escaped(property), escaped(says), grouped(count),
          count == 0 ? html::badge("good", "✓ held") : html::badge("bad", "✕ broken")},
         count > 0});
  }
  return html::section("properties", "What every run was judged by",
                       grouped(static_cast<long long>(campaign_properties().size())) +
                           " properties, in each of " + runs_text(result.held) + ".",
                       html::table(table));
}

std::string failures(const CampaignResult& result, const std::vector<ShrunkFailure>& shrunk) {
  if (result.failed == 0)
    return html::section(
        "failures", "Failures", "",
        element("p", "",
                html::badge("good", "✓ none") + " Every run that was held has every property."));
  std::string all;
  for (const CampaignFailure& each : result.failures) all += article(result, each, shrunk);
  const auto more = result.failed - static_cast<std::int64_t>(result.failures.size());
  if (more > 0)
    all += element("p", "note",
                   "And " + runs_text(more) + " more: the first " +
                       grouped(static_cast<long long>(kFailuresMax)) + " are kept.");
  return html::section(
      "failures", "Failures",
      runs_text(result.failed) +
          " did not end as they must. Each replay is exact: "
          "the same faults at the same places. It also writes a smaller scenario that "
          "fails alike.",
      all);
}

}  // namespace wme::scenarios::campaign_page
