#include "scenarios/report/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sstream>

#include "tests/scenarios/report/sample_report.hpp"
#include "tests/support/parsed_page.hpp"

namespace wme::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::parsed_page;

const char* const kHostile = "<script>alert('x')</script>\" onload=\"y\x01\xFF";

/// A report in which every text that comes from outside is hostile.
RehearsalReport hostile_report() {
  RehearsalReport report = failed_report();
  for (std::string* text : {&report.title,
                            &report.scenario,
                            &report.installation,
                            &report.provider,
                            &report.fleet,
                            &report.seed,
                            &report.recovery_point_text,
                            &report.rto.how,
                            &report.rpo.how,
                            &report.exercise.id,
                            &report.exercise.environment,
                            &report.tool_version,
                            &report.plan_digest,
                            &report.replay_command,
                            &report.real_started,
                            &report.reasons[0],
                            &report.milestones[0].text,
                            &report.invariants[0].statement,
                            &report.invariants[0].id,
                            &report.violations[0].sentence,
                            &report.violations[0].action,
                            &report.api_calls[0].operation,
                            &report.api_calls[0].target,
                            &report.api_calls[5].status,
                            &report.inventory[0].owner,
                            &report.inventory[0].note,
                            &report.journals[0].path,
                            &report.phases[0].name,
                            &report.phases[0].title,
                            &report.phases[0].summary,
                            &report.phases[0].steps[0].text,
                            &report.phases[0].steps[0].action,
                            &report.phases[0].steps[0].reason,
                            &report.phases[0].steps[0].door,
                            &report.phases[0].steps[1].id,
                            &report.phases[0].steps[1].waited_for,
                            &report.phases[0].steps[5].after[0].because})
    *text = kHostile;
  report.exercise.objectives = {kHostile, kHostile};
  report.faults = {{kHostile, 1, kHostile, {}, kHostile}};
  return report;
}

TEST(HtmlReport, IsWellFormedForEverySample) {
  for (const RehearsalReport& report :
       {xs_report(), big_report(), failed_report(), hostile_report(), RehearsalReport{}})
    EXPECT_FALSE(parsed_page(to_html(report)).select_node("//main").node().empty());
}

TEST(HtmlReport, EscapesWhateverComesFromOutside) {
  const std::string page = to_html(hostile_report());
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("\" onload=\"")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; onload="));
  EXPECT_THAT(page, Not(HasSubstr("\x01")));
  EXPECT_THAT(page, Not(HasSubstr("\xFF")));
  // Tables are found by their identifiers: those must not come from outside.
  EXPECT_THAT(page, Not(HasSubstr("id=\"steps-&")));
}

TEST(HtmlReport, FetchesNothing) {
  const std::string page = to_html(big_report());
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  for (const char* reference : {"src=\"", "<link", "@import", "url(", "https://"})
    EXPECT_THAT(page, Not(HasSubstr(reference)));
  // The only address is the name of SVG's namespace.
  std::size_t addresses = 0;
  for (auto at = page.find("http://"); at != std::string::npos; at = page.find("http://", at + 1)) {
    EXPECT_EQ(page.compare(at, 27, "http://www.w3.org/2000/svg\""), 0);
    ++addresses;
  }
  EXPECT_GT(addresses, 0U);
}

TEST(HtmlReport, LabelsItsFiguresWithTheirOrigin) {
  RehearsalReport report = xs_report();
  const std::string claim = "Every figure on this page is simulated.";
  EXPECT_THAT(to_html(report), HasSubstr(claim));
  report.origin = Origin::kProduction;
  const std::string page = to_html(report);
  EXPECT_EQ(page.find(claim), std::string::npos);
  EXPECT_NE(page.find("measured in production"), std::string::npos);
}

TEST(HtmlReport, TellsVerdictFiguresAndTables) {
  const auto page = parsed_page(to_html(xs_report()));
  const auto text_of = [&](const char* path) {
    std::string text;
    for (const auto& node : page.select_nodes(path))
      text += std::string(node.node().text().get()) + "|";
    return text;
  };
  EXPECT_THAT(text_of("//strong"), HasSubstr("✓ Passed"));
  EXPECT_THAT(text_of("//div[@class='value']"),
              HasSubstr("48 min 43 s|55 min 24 s|2026-11-22 02:12:23 UTC|72 of 72"));
  EXPECT_EQ(page.select_nodes("//table[@id='steps-1']/tbody/tr").size(), 29U);
  EXPECT_EQ(page.select_nodes("//table[@id='api-calls']/tbody/tr").size(), 277U);
  EXPECT_EQ(page.select_nodes("//svg[@class='gantt']").size(), 3U);
  EXPECT_EQ(page.select_nodes("//svg[@class='dag']").size(), 2U);  // the loss has no order to draw
}

TEST(HtmlReport, ShowsWhereItFailed) {
  const std::string page = to_html(failed_report());
  EXPECT_THAT(page, HasSubstr("✕ Failed"));
  EXPECT_THAT(page, HasSubstr("No space left on device"));
  EXPECT_THAT(page, HasSubstr("18 steps of this phase never started"));
  EXPECT_THAT(page, HasSubstr("Misses the target of 2 h"));
}

TEST(HtmlReport, StaysUsableWithThousandsOfRequests) {
  RehearsalReport report = xs_report();
  report.api_calls.resize(20'000, report.api_calls[0]);
  const std::string page = to_html(report);
  EXPECT_THAT(page, HasSubstr("The first 5000 of 20\u202F000 rows"));
  EXPECT_LT(page.size(), 3'000'000U);
}

TEST(Renderers, GiveTheSameBytesForTheSameReport) {
  EXPECT_EQ(to_html(big_report()), to_html(big_report()));
  EXPECT_EQ(to_json(big_report()), to_json(big_report()));
  EXPECT_EQ(to_junit(big_report()), to_junit(big_report()));
}

TEST(JunitReport, CountsItsCasesAndIsNeverGreenOverAFailure) {
  for (const RehearsalReport& report : {xs_report(), failed_report(), hostile_report()}) {
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(to_junit(report).c_str()));
    const pugi::xml_node root = document.child("testsuites");
    for (const auto& [attribute, path] :
         {std::pair("tests", "//testcase"), std::pair("failures", "//failure"),
          std::pair("errors", "//error"), std::pair("skipped", "//skipped")}) {
      int sum = 0;
      for (const pugi::xml_node suite : root.children("testsuite"))
        sum += suite.attribute(attribute).as_int();
      EXPECT_EQ(root.attribute(attribute).as_int(), sum);
      EXPECT_EQ(static_cast<int>(document.select_nodes(path).size()), sum) << path;
    }
    EXPECT_EQ(root.attribute("failures").as_int() == 0, report.passed);
  }
}

TEST(JunitReport, FailsEvenIfOnlyTheVerdictFailed) {
  RehearsalReport report = xs_report();
  report.passed = false;
  report.reasons = {"RTO of 2 h missed"};
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(to_junit(report).c_str()));
  EXPECT_EQ(std::string(document.select_node("//failure").node().attribute("message").value()),
            "RTO of 2 h missed");
}

TEST(JunitReport, FailsForAViolationWithoutARuleOfItsOwn) {
  RehearsalReport report = xs_report();
  report.violations = {{TimePoint{}, "", "unmount-store wm-data", "ssh platform", "docker runs"}};
  EXPECT_THAT(to_junit(report), HasSubstr("docker runs"));
  EXPECT_THAT(to_junit(report), HasSubstr("failures=\"1\""));
}

TEST(JunitReport, HasASuiteForEachPhaseWithItsTimes) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(to_junit(xs_report()).c_str()));
  const auto suite = document.select_node("//testsuite[@name='restore']").node();
  EXPECT_EQ(std::string(suite.attribute("time").value()), "2543.000");
  EXPECT_EQ(std::string(suite.attribute("timestamp").value()), "2026-11-22T03:14:07Z");
  const auto test = suite.find_child_by_attribute("name", "Sync setup platform-new");
  EXPECT_EQ(std::string(test.attribute("classname").value()), "rehydrate.restore.sync-setup");
  EXPECT_EQ(std::string(test.attribute("time").value()), "1104.000");
  EXPECT_EQ(std::string(
                document.select_node("//property[@name='seed']").node().attribute("value").value()),
            "20261122");
}

class ReportFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "report-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  static std::string content(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  std::filesystem::path folder_;
};

TEST_F(ReportFolder, GetsThreeFilesAndNothingElse) {
  const auto written = write_report(folder_ / "new" / "deep", xs_report());
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(content(written.value().html), to_html(xs_report()));
  EXPECT_EQ(content(written.value().json), to_json(xs_report()));
  EXPECT_EQ(content(written.value().junit), to_junit(xs_report()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "new" / "deep"), {}), 3);
}

TEST_F(ReportFolder, IsWrittenAnew) {
  ASSERT_TRUE(write_report(folder_, big_report()));
  ASSERT_TRUE(write_report(folder_, xs_report()));
  EXPECT_EQ(content(folder_ / "report.json"), to_json(xs_report()));
}

TEST_F(ReportFolder, SaysWhatCouldNotBeWritten) {
  std::ofstream(folder_ / "file") << "in the way";
  const auto below_a_file = write_report(folder_ / "file" / "report", xs_report());
  ASSERT_FALSE(below_a_file);
  EXPECT_EQ(below_a_file.error().code, ErrorCode::kFailed);
  EXPECT_THAT(below_a_file.error().message, HasSubstr((folder_ / "file" / "report").string()));
  // A folder stands where a file should be: the temporary file goes away again.
  std::filesystem::create_directories(folder_ / "other" / "report.html" / "x");
  const auto taken = write_report(folder_ / "other", xs_report());
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("report.html"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "other"), {}), 3);
}

TEST_F(ReportFolder, HoldsJsonOfThePublishedSchema) {
  const auto valid = [&](const std::string& json) {
    std::ofstream(folder_ / "report.json", std::ios::trunc) << json;
    const std::string command =
        "python3 -c 'import json, sys, jsonschema\n"
        "jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' " +
        (folder_ / "report.json").string() +
        " " WME_SOURCE_DIR "/docs/schemas/report.schema.json 2>" + (folder_ / "errors").string();
    return std::system(command.c_str()) == 0;
  };
  for (const RehearsalReport& report :
       {xs_report(), failed_report(), hostile_report(), RehearsalReport{}})
    EXPECT_TRUE(valid(to_json(report))) << content(folder_ / "errors");
  auto broken = nlohmann::json::parse(to_json(xs_report()));
  broken["phases"][0]["steps"][0]["status"] = "somehow";
  EXPECT_FALSE(valid(broken.dump()));
  EXPECT_THAT(content(folder_ / "errors"), HasSubstr("somehow"));
}

}  // namespace
}  // namespace wme::scenarios
