#include "model/english/english.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "model/english/explain.hpp"
#include "model/english/words.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/actions/groups.hpp"
#include "tests/support/golden.hpp"

namespace wme::tests {
namespace {

using model::english;
using model::Formula;
using model::kContainer;
using model::kInstance;
using testing::HasSubstr;

TEST(English, SaysWhatAFormulaSays) {
  using namespace std::string_literals;
  const Formula parked = model::run(kContainer) == "passivated";
  const Formula closed = model::gate() == "restricted";
  EXPECT_EQ(english(parked), "run(c) is passivated");
  EXPECT_EQ(english(closed), "gate is restricted");
  EXPECT_EQ(english(model::always()), "always");
  EXPECT_EQ(english(model::any_of({})), "never");
  EXPECT_EQ(english(model::negation(parked)), "run(c) is not passivated");
  EXPECT_EQ(english(model::in(model::run(kContainer), {"stopped", "failed", "running"})),
            "run(c) is stopped, failed or running");
  EXPECT_EQ(english(model::negation(model::in(model::run(kContainer), {"stopped", "failed"}))),
            "run(c) is neither stopped nor failed");
  EXPECT_EQ(english(model::all_of({parked, closed})),
            "run(c) is passivated and gate is restricted");
  EXPECT_EQ(english(model::any_of({parked, model::all_of({closed, parked})})),
            "run(c) is passivated or (gate is restricted and run(c) is passivated)");
  EXPECT_EQ(english(model::implies(parked, closed)),
            "if run(c) is passivated then gate is restricted");
  EXPECT_EQ(english(model::negation(model::all_of({parked, closed}))),
            "not (run(c) is passivated and gate is restricted)");
  EXPECT_EQ(english(model::health(model::successor(model::home(kContainer))) == "green"),
            "health(successor(home(c))) is green");
}

TEST(English, SaysWhichEntitiesAQuantifierMeans) {
  const Formula parked = model::run(kContainer) == "passivated";
  EXPECT_EQ(english(model::for_all(kContainer, parked)),
            "for every container c: run(c) is passivated");
  EXPECT_EQ(
      english(model::for_all(kContainer, model::same(model::home(kContainer), kInstance), parked)),
      "for every container c whose home is i: run(c) is passivated");
  EXPECT_EQ(
      english(model::for_all(
          kContainer, model::same(model::successor(model::home(kContainer)), kInstance), parked)),
      "for every container c whose home's successor is i: run(c) is passivated");
  EXPECT_EQ(english(model::for_all(model::kStore,
                                   model::all_of({model::volumes(), model::new_one(model::kStore),
                                                  model::has_role(model::kStore, "wm-data")}),
                                   model::mounted(model::kStore) == "yes")),
            "if storage is volumes, for every store st whose generation is new and whose role is "
            "wm-data: mounted(st) is yes");
  EXPECT_EQ(english(model::exists(kContainer, model::always(), parked)),
            "there is some container c with run(c) is passivated");
}

TEST(English, SaysWhatAnEffectDoes) {
  const auto gone = model::set(model::newest(kContainer), "gone");
  EXPECT_EQ(english(gone), "newest(c) becomes gone");
  EXPECT_EQ(
      english(model::set_if(model::place(kContainer) == "home", model::newest(kContainer), "gone")),
      "if place(c) is home, newest(c) becomes gone");
  EXPECT_EQ(
      english(model::for_each(kContainer, model::same(model::home(kContainer), kInstance), gone)),
      "for every container c whose home is i: newest(c) becomes gone");
}

TEST(EditDistance, CountsWhatTurnsOneWordIntoTheOther) {
  EXPECT_EQ(model::edit_distance("", "abc"), 3U);
  EXPECT_EQ(model::edit_distance("same", "same"), 0U);
  EXPECT_EQ(model::edit_distance("snapsht", "snapshot"), 1U);
  EXPECT_EQ(model::edit_distance("ab", "ba"), 1U);
  EXPECT_EQ(model::edit_distance("stop", "start"), 3U);
}

TEST(Wrapped, NeverExceedsTheWidthButForAWordThatDoes) {
  EXPECT_EQ(model::wrapped("- ", 2, "one two three", 9), "- one two\n  three\n");
  EXPECT_EQ(model::wrapped("", 0, "unbreakable word", 5), "unbreakable\nword\n");
  EXPECT_EQ(model::wrapped("Label ", 6, ""), "Label \n");
}

TEST(Explain, TellsEverythingAboutAnAction) {
  EXPECT_EQ(golden("tests/golden/explain-passivate-container.txt",
                   model::explain("passivate-container").value()),
            "");
}

TEST(Explain, TellsEverythingAboutARule) {
  EXPECT_EQ(golden("tests/golden/explain-INV-05.txt", model::explain("INV-05").value()), "");
}

TEST(Explain, FindsWhatIsMeant) {
  const std::string rule = model::explain("INV-05").value();
  for (const char* spelling : {"inv-05", "INV-5", "inv5"})
    EXPECT_EQ(model::explain(spelling).value(), rule) << spelling;
  EXPECT_THAT(model::explain("D02").value(), HasSubstr("download-artefact"));
  EXPECT_THAT(model::explain("a06").value(), testing::StartsWith("passivate-container\n"));
  EXPECT_THAT(model::explain("run").value(), HasSubstr("state of container X in Launchpad"));
}

TEST(Explain, NamesTheNearestWordsForOneThatItDoesNotKnow) {
  const auto error_of = [](const char* word) {
    const auto text = model::explain(word);
    return text ? "" : text.error().message;
  };
  EXPECT_THAT(error_of("pasivate-container"), HasSubstr("did you mean passivate-container"));
  EXPECT_THAT(error_of("stop-servces"), HasSubstr("did you mean stop-services or start-services?"));
  EXPECT_THAT(error_of("container"), HasSubstr("hibernate-container"));
  EXPECT_THAT(error_of("park-container"), HasSubstr("passivate-container"));
  EXPECT_EQ(error_of("INV-99"),
            "explain: there is no rule 'INV-99'; the rules are INV-01 to INV-64 and WORK-1 to "
            "WORK-2; the nearest is INV-64");
  EXPECT_THAT(error_of("inv0"), HasSubstr("the nearest is INV-01"));
  EXPECT_THAT(error_of("WORK-7"), HasSubstr("the nearest is WORK-2"));
  EXPECT_THAT(error_of("zzzzzzzzzz"), HasSubstr("without a word lists them all"));
  EXPECT_THAT(error_of(""), HasSubstr("no action, rule, row or word ''"));
}

TEST(Explain, KnowsEveryWordThatItLists) {
  const std::string all = model::explain_all();
  for (const model::Action& action : model::all_actions()) {
    EXPECT_THAT(all, HasSubstr("  " + action.name + " "));
    EXPECT_TRUE(model::explain(action.name));
  }
  for (const model::Rule& rule : model::all_rules()) {
    EXPECT_THAT(all, HasSubstr("  " + rule.id + " "));
    EXPECT_TRUE(model::explain(rule.id));
  }
}

TEST(Explain, FitsOnATerminalAndLeavesNoPlaceholder) {
  std::vector<std::string> texts = {model::explain_all()};
  for (const model::Action& action : model::all_actions())
    texts.push_back(model::explain_action(action));
  for (const model::Rule& rule : model::all_rules()) texts.push_back(model::explain_rule(rule));
  for (const std::string& text : texts) {
    EXPECT_EQ(text.find('{'), std::string::npos) << text;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 96U) << line;
  }
}

}  // namespace
}  // namespace wme::tests
