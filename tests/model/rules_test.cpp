#include "model/wme/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "model/english/invariants.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rule_tests.hpp"
#include "tests/model/walks.hpp"
#include "tests/support/golden.hpp"

namespace wme::tests {
namespace {

using model::Rule;
using model::RuleTest;

std::string text_of(const std::string& file) {
  std::ifstream in(std::string(WME_SOURCE_DIR) + "/" + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// "Suite.Name/Parameter" stands in the file's text as a test, and its parameter as a word.
bool has_test(const std::string& text, const std::string& name) {
  const std::size_t dot = name.find('.');
  const std::size_t slash = std::min(name.find('/'), name.size());
  const std::regex test("(TEST(_F|_P)?|RC_GTEST(_FIXTURE)?_PROP)\\(\\s*" + name.substr(0, dot) +
                        ",\\s*" + name.substr(dot + 1, slash - dot - 1) + "\\s*[,)]");
  const bool has_parameter =
      slash == name.size() || text.find('"' + name.substr(slash + 1) + '"') != std::string::npos;
  return has_parameter && std::regex_search(text, test);
}

TEST(Rules, AreTheSixtyFourOfTheFactSheetInOrderAndThenOurOwn) {
  const std::vector<Rule>& rules = model::all_rules();
  ASSERT_GE(rules.size(), 64U);
  for (std::size_t i = 0; i < 64; ++i)
    EXPECT_EQ(rules[i].id, (i < 9 ? "INV-0" : "INV-") + std::to_string(i + 1));
  for (std::size_t i = 64; i < rules.size(); ++i)
    EXPECT_THAT(rules[i].id, testing::StartsWith("WORK-"));
}

TEST(Rules, EachHaveAVerdictThatIsKeptSomewhere) {
  for (const Rule& rule : model::all_rules()) {
    SCOPED_TRACE(rule.id);
    for (const model::Enforcement way : enforcements_of(rule)) {
      if (way == model::Enforcement::kOrdering) {
        EXPECT_FALSE(model::actions_guarded_by(rule.id).empty());
      } else if (way != model::Enforcement::kStateProperty) {
        EXPECT_FALSE(rule.how.empty()) << "nobody says where and how it is kept";
      }
    }
  }
}

/// None. A rule that comes without a test may stand here until its first line in
/// model/wme/rule_tests.cpp.
const std::set<std::string> kWithoutTestYet = {};

TEST(Rules, EachHaveATestThatExists) {
  for (const Rule& rule : model::all_rules()) {
    const std::vector<RuleTest> tests = model::tests_of(rule.id);
    EXPECT_EQ(tests.empty(), kWithoutTestYet.contains(rule.id))
        << rule.id << " has no test: add one to model/wme/rule_tests.cpp";
    for (const RuleTest& test : tests)
      EXPECT_TRUE(has_test(text_of(test.file), test.name))
          << rule.id << ": there is no test " << test.name << " in " << test.file;
  }
}

TEST(Rules, WouldMissATestThatDoesNotExist) {
  const std::string text = "TEST_P(Suite, Name) {}\nDefect{\"Parameter\"}";
  EXPECT_TRUE(has_test(text, "Suite.Name"));
  EXPECT_TRUE(has_test(text, "Suite.Name/Parameter"));
  EXPECT_FALSE(has_test(text, "Suite.Name/Other"));
  EXPECT_FALSE(has_test(text, "Suite.Nam"));
  EXPECT_FALSE(has_test(text, "Uite.Name"));
  EXPECT_FALSE(has_test("", "Suite.Name"));
}

TEST(Rules, StandInTheDocumentationAsTheyStandInTheData) {
  EXPECT_EQ(golden("docs/INVARIANTS.md", model::invariants_markdown()), "");
}

TEST(Rules, DoNotLetTheVcsAddressBeRewrittenWhenItStays) {
  for (const Addresses addresses : kEveryAddresses) {
    Setting setting{model::Procedure::kRestore, {}};
    setting.shape.addresses = addresses;
    for (const char* name : {"rewrite-vcs-database", "rewrite-vcs-workspaces"})
      EXPECT_EQ(model_of(setting)->choices(*model::find_action(name)).size(),
                addresses == Addresses::kNewPlatform ? 1U : 0U);
  }
}

TEST(Rules, ThatDoNotApplySpeakOfProceduresThatNoActionBelongsTo) {
  // Given the rows of the procedures that no plan contains: in-place patch but for its ports (3d),
  // unplanned (3e), operating system, docker and proxy in place (3f)
  const std::regex absent("E0[2-9]|[ROKP][0-9][0-9]");
  for (const model::Action& action : model::all_actions())
    EXPECT_FALSE(std::regex_search(action.runbook, absent)) << action.name << " " << action.runbook;
  // Then nothing guards anything by these rules, and each says why
  for (const Rule& rule : model::all_rules())
    if (rule.otherwise == model::Enforcement::kNotApplicable) {
      EXPECT_THAT(model::actions_guarded_by(rule.id), testing::IsEmpty()) << rule.id;
      EXPECT_FALSE(rule.how.empty()) << rule.id;
    }
}

}  // namespace
}  // namespace wme::tests
