#include "scenarios/campaign/page/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/campaign/figures.hpp"
#include "scenarios/report/text.hpp"
#include "tests/support/parsed_page.hpp"

namespace wme::scenarios {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::parsed_page;

const char* const kHostile = "<script>alert('x')</script>\" onload=\"y\x01\xFF";

StepCoverage step(const std::string& name, std::map<std::string, std::int64_t> met,
                  std::int64_t critical = 0) {
  return {name, std::move(met), critical};
}

/// Ten runs, every one of which was as it must be.
CampaignResult sound() {
  CampaignResult result;
  result.facts.tool_version = "0.1.0";
  result.facts.scenario = "dr-small";
  result.facts.title = "All is lost";
  result.facts.installation = "acme";
  result.facts.provider = "aws";
  result.facts.fleet = "1 Platform, 2 containers";
  result.facts.plan_digests = {"1111", "2222"};
  result.facts.inventory_digest = "3333";
  result.facts.model_fingerprint = "4444";
  result.facts.rto_target = hours(2);
  result.facts.command = "rehydrate campaign dr-small";
  result.facts.seed = 7;
  result.facts.runs = 10;
  result.held = 10;
  result.goals = 8;
  result.stops = {{"as-before", 2}};
  for (const int took : {60, 61, 62, 62, 62, 63, 119, 121}) {
    result.took.add(minutes(took + 10));
    result.rto.add(minutes(took));
  }
  result.steps = {step("1-restore s1 launch-machine platform-new", {{"answer-lost", 3}}, 8),
                  step("1-restore s2 check-health studio-1", {{"answer-lost", 1}, {"slow", 2}}, 2),
                  step("1-restore s3 check-health qa-1", {{"answer-lost", 1}, {"slow", 1}})};
  return result;
}

/// The same, but the last run broke what it must not break, and one pair was never tried.
CampaignResult failing() {
  CampaignResult result = sound();
  result.failed = 1;
  result.goals = 7;
  result.stops[std::string(kNoSafeStop)] = 1;
  result.breaches = {{"rules", 1}};
  result.steps[2].met["slow"] = 0;
  result.failures = {{10,
                      {{FaultKind::kAnswerLost, "launch-machine", 2, {}}},
                      std::string(kNoSafeStop),
                      {{"rules", "INV-05 was broken through the cloud"}}}};
  return result;
}

/// What nobody would write, but a file of a result may hold.
CampaignResult hostile() {
  CampaignResult result = failing();
  for (std::string* text :
       {&result.facts.tool_version, &result.facts.scenario, &result.facts.title,
        &result.facts.installation, &result.facts.provider, &result.facts.fleet,
        &result.facts.plan_digests[0], &result.facts.inventory_digest,
        &result.facts.model_fingerprint, &result.facts.bia_reference, &result.facts.risk_reference,
        &result.facts.command, &result.steps[0].step, &result.steps[2].step,
        &result.failures[0].schedule[0].action, &result.failures[0].end,
        &result.failures[0].breaches[0].property, &result.failures[0].breaches[0].text})
    *text = kHostile;
  result.stops[kHostile] = 1;
  return result;
}

CampaignResult interrupted() {
  CampaignResult result = sound();
  result.held = 4;
  return result;
}

/// Stopped before the first run; nothing was measured.
CampaignResult nothing_held() {
  CampaignResult result;
  result.facts = sound().facts;
  return result;
}

/// All text below the section, one piece after the other.
std::string text_of_section(const std::string& html, const std::string& id) {
  std::string text;
  for (const auto& node :
       parsed_page(html).select_nodes(("//section[@id='" + id + "']//text()").c_str()))
    text += std::string(node.node().value()) + "|";
  return text;
}

TEST(CampaignPage, IsWellFormedForEverySample) {
  for (const CampaignResult& result :
       {sound(), failing(), hostile(), interrupted(), nothing_held()}) {
    const auto page = parsed_page(campaign_html(result, {{10, kHostile, 1, 1}}));
    std::vector<std::string> ids;
    for (const auto& each : page.select_nodes("//main/section"))
      ids.emplace_back(each.node().attribute("id").value());
    EXPECT_THAT(ids, ::testing::ElementsAre("ends", "times", "critical", "coverage", "properties",
                                            "failures", "exercise"));
  }
}

TEST(Shares, AreNeverRoundedToAllOrNothing) {
  EXPECT_EQ(share_text(0, 0), "0 %");
  EXPECT_EQ(share_text(0, 10'000), "0 %");
  EXPECT_EQ(share_text(1, 10'000), "under 0.1 %");
  EXPECT_EQ(share_text(10, 10'000), "0.1 %");
  EXPECT_EQ(share_text(9'990, 10'000), "99.9 %");
  EXPECT_EQ(share_text(9'999, 10'000), "over 99.9 %");
  EXPECT_EQ(share_text(10'000, 10'000), "100 %");
}

TEST(CampaignPage, EscapesWhateverComesFromAFile) {
  const std::string page = campaign_html(hostile(), {{10, kHostile, 1, 1}});
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("\" onload=\"")),
                          Not(HasSubstr("\x01")), Not(HasSubstr("\xFF")),
                          HasSubstr("Campaign: &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")));
}

TEST(CampaignPage, FetchesNothingAndRunsNoScript) {
  const std::string page = campaign_html(failing(), {});
  EXPECT_THAT(page, HasSubstr("default-src 'none'; style-src 'unsafe-inline'\">"));
  for (const char* reference : {"src=\"", "<link", "@import", "url(", "https://", "<script"})
    EXPECT_THAT(page, Not(HasSubstr(reference)));
}

TEST(CampaignPage, SaysInTheTerminalsWordsWhetherItHolds) {
  for (const CampaignResult& result : {sound(), failing(), interrupted()}) {
    const std::string html = campaign_html(result, {});
    const auto page = parsed_page(html);
    EXPECT_EQ(std::string(page.select_node("//header//strong").node().text().get()),
              headline(verdict_of(result)));
    EXPECT_THAT(html, HasSubstr(escaped(sentence_of(result))));
    EXPECT_THAT(html, HasSubstr("Every figure on this page is simulated."));
  }
}

TEST(CampaignPage, NamesWhatWasHeldAndHowToHoldItAgain) {
  const std::string page = campaign_html(sound(), {});
  for (const char* fact : {"dr-small", "acme", "1 Platform, 2 containers", "1111", "2222", "3333",
                           "4444", "<code>rehydrate campaign dr-small --seed 7 --runs 10</code>"})
    EXPECT_THAT(page, HasSubstr(fact));
  CampaignResult part = sound();
  part.shard = {2, 4};
  part.held = 3;
  EXPECT_THAT(campaign_html(part, {}), AllOf(HasSubstr("--seed 7 --runs 10 --shard 2/4</code>"),
                                             HasSubstr("part 2 of 4: 3 runs")));
}

TEST(CampaignPage, CountsEveryEnd) {
  const std::string html = campaign_html(failing(), {});
  EXPECT_THAT(text_of_section(html, "ends"),
              AllOf(HasSubstr("goal|7|70.0 %|"), HasSubstr("as-before|2|20.0 %|"),
                    HasSubstr("no safe stop|1|10.0 %|")));
  EXPECT_EQ(parsed_page(html).select_nodes("//svg[@class='stack']//rect").size(), 3U);
}

TEST(CampaignPage, DrawsTimesWithTheirPercentilesAndObjective) {
  const std::string html = campaign_html(sound(), {});
  const std::string times = text_of_section(html, "times");
  EXPECT_THAT(times,
              AllOf(HasSubstr("RTO|1 h 02 min|2 h 01 min|2 h 01 min|2 h 01 min|8|2 h|87.5 %|"),
                    HasSubstr("P90, P95, max 2 h 01 min|"), HasSubstr("|objective 2 h|"),
                    HasSubstr("not measured: nothing is backed up and lost here")));
  const auto page = parsed_page(html);
  const auto charts = page.select_nodes("//svg[@class='histogram']");
  ASSERT_EQ(charts.size(), 2U);
  for (const auto& chart : charts) EXPECT_STRNE(chart.node().child("desc").text().get(), "");
  // One run took longer than the objective.
  EXPECT_EQ(charts[1].node().select_nodes(".//rect[@class='missed']").size(), 1U);
}

/// Every shape stands inside its picture, whatever was measured.
TEST(CampaignPage, DrawsNothingBesideItsPictures) {
  for (const auto& seconds : std::vector<std::vector<long long>>{
           {0}, {3600}, {1, 1'000'000}, {3600, 3601, 3602}, {60, 86'400, 864'000}}) {
    CampaignResult result = sound();
    result.rto = {};
    for (const long long each : seconds) result.rto.add(std::chrono::seconds(each));
    const auto page = parsed_page(campaign_html(result, {}));
    for (const auto& each : page.select_nodes("//svg//rect")) {
      const pugi::xml_node svg = each.node().parent().parent();
      const double left = each.node().attribute("x").as_double();
      const double top = each.node().attribute("y").as_double();
      EXPECT_GE(left, 0);
      EXPECT_GE(top, 0);
      EXPECT_LE(left + each.node().attribute("width").as_double(),
                svg.attribute("width").as_double());
      EXPECT_LE(top + each.node().attribute("height").as_double(),
                svg.attribute("height").as_double());
    }
    EXPECT_LE(page.select_nodes("(//svg[@class='histogram'])[2]//rect").size(), 45U);
  }
}

TEST(CampaignPage, ShowsWhatTheEndHadToWaitFor) {
  EXPECT_THAT(text_of_section(campaign_html(sound(), {}), "critical"),
              AllOf(HasSubstr("1-restore s1 launch-machine platform-new|8|100 %"),
                    HasSubstr("s2 check-health studio-1|2|25.0 %"), Not(HasSubstr("qa-1"))));
}

TEST(CampaignPage, MapsEachFaultToEachStep) {
  const auto page = parsed_page(campaign_html(failing(), {}));
  const auto rows = page.select_nodes("//table[@id='coverage-map']/tbody/tr");
  ASSERT_EQ(rows.size(), 3U);
  const auto cell = [&](std::size_t row, const std::string& kind) {
    const auto& kinds = all_fault_kinds();
    const auto column = std::ranges::find(kinds, kind, &FaultKindFacts::name) - kinds.begin();
    return rows[row].node().select_node(("td[" + std::to_string(column + 1) + "]").c_str()).node();
  };
  EXPECT_STREQ(cell(0, "answer-lost").text().get(), "3");
  EXPECT_STREQ(cell(0, "answer-lost").attribute("class").value(), "h5");
  EXPECT_STREQ(cell(1, "answer-lost").attribute("class").value(), "h2");
  EXPECT_STREQ(cell(0, "slow").text().get(), "");  // the model does not allow it
  EXPECT_STREQ(cell(2, "slow").attribute("class").value(), "never");
}

TEST(CampaignPage, ListsWhatWasNeverTried) {
  EXPECT_THAT(text_of_section(campaign_html(failing(), {}), "coverage"),
              AllOf(HasSubstr("4 of 5 pairs"), HasSubstr("slow at 1-restore s3 check-health qa-1"),
                    Not(HasSubstr("complete"))));
  EXPECT_THAT(text_of_section(campaign_html(sound(), {}), "coverage"),
              AllOf(HasSubstr("5 of 5 pairs"), Not(HasSubstr("never")),
                    HasSubstr("Every pair that the model allows was tried.")));
}

TEST(CampaignPage, PutsManyStepsOfOneActionIntoOneRow) {
  CampaignResult result = sound();
  for (int i = 0; i < 500; ++i)
    result.steps.push_back(step("2-dehydrate s" + std::to_string(i) + " park c" + std::to_string(i),
                                {{"slow", i < 3 ? 0 : 1}}));
  const std::string html = campaign_html(result, {});
  EXPECT_EQ(parsed_page(html).select_nodes("//table[@id='coverage-map']/tbody/tr").size(), 3U);
  EXPECT_THAT(text_of_section(html, "coverage"), AllOf(HasSubstr("1-restore check-health ×2|2|3|"),
                                                       HasSubstr("2-dehydrate park ×500|497/500|"),
                                                       HasSubstr("slow at 2-dehydrate s2")));
}

TEST(CampaignPage, TellsEveryPropertyAndHowOftenItWasBroken) {
  const std::string judged = text_of_section(campaign_html(failing(), {}), "properties");
  for (const auto& [property, says] : campaign_properties()) EXPECT_THAT(judged, HasSubstr(says));
  EXPECT_THAT(judged, AllOf(HasSubstr("|1|✕ broken|"), HasSubstr("|0|✓ held|")));
}

TEST(CampaignPage, ShowsEachFailureWithItsReplay) {
  const std::string failure =
      text_of_section(campaign_html(failing(), {{10, "campaign/run-10.yaml", 1, 2}}), "failures");
  EXPECT_THAT(
      failure,
      AllOf(HasSubstr("Run 10|"), HasSubstr("answer-lost at the 2nd launch-machine|"),
            HasSubstr("INV-05 was broken through the cloud|"),
            HasSubstr("rehydrate campaign dr-small --seed 7 --run 10|"),
            HasSubstr("rehydrate rehearse campaign/run-10.yaml  (1 container, 2 faults)|")));
  EXPECT_THAT(text_of_section(campaign_html(failing(), {}), "failures"),
              Not(HasSubstr("rehydrate rehearse")));
  CampaignResult many = failing();
  many.failed = 9;
  EXPECT_THAT(text_of_section(campaign_html(many, {}), "failures"), HasSubstr("And 8 runs more"));
  EXPECT_THAT(text_of_section(campaign_html(sound(), {}), "failures"), HasSubstr("✓ none"));
}

TEST(CampaignPage, LeavesToTheOperatorWhatItCannotKnow) {
  const auto blanks = [](const CampaignResult& result) {
    return parsed_page(campaign_html(result, {}))
        .select_nodes("//section[@id='exercise']//span[text()='for the operator to fill in']")
        .size();
  };
  CampaignResult referring = sound();
  referring.facts.bia_reference = "BF-01";
  referring.facts.risk_reference = "R-07";
  EXPECT_EQ(blanks(sound()), blanks(referring) + 2);
  const std::string record = text_of_section(campaign_html(referring, {}), "exercise");
  EXPECT_THAT(record, AllOf(HasSubstr("campaign-dr-small-acme-seed-7-runs-10|"),
                            HasSubstr("BF-01|"), HasSubstr("R-07|"), HasSubstr("HOLDS: "),
                            HasSubstr("The RTO objective of 2 h was missed in 1 run of 8|")));
}

}  // namespace
}  // namespace wme::scenarios
