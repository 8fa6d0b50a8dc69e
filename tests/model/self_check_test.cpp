#include "model/wme/self_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/planner/planner.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"
#include "tests/model/walks.hpp"

namespace wme::tests {
namespace {

using model::Action;
using model::ModelData;
using model::Rule;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

ModelData the_model() {
  ModelData data{model::all_actions(), model::all_rules(), {}};
  for (const model::Procedure procedure : kEveryProcedure)
    for (const model::Goal& goal : model::goals_of(procedure)) data.goals.push_back(goal.formula);
  return data;
}

TEST(SelfCheck, FindsNothingWrongWithTheModel) {
  EXPECT_THAT(model::mistakes_of(the_model()), testing::IsEmpty());
}

TEST(SelfCheck, NamesEachWordThatDoesNotExist) {
  struct Planted {
    model::Formula formula;
    std::string complaint;
  };
  const model::Term c("c");
  const model::Var i{"i", "instance"};
  const std::vector<Planted> all = {
      {model::FluentTerm{"rum", {c}} == "stopped", "unknown fluent rum"},
      {model::run(c) == "sleeping", "run is never 'sleeping'"},
      {model::in(model::run(c), {}), "run is asked for no value at all"},
      {model::FluentTerm{"run", {}} == "stopped", "run takes 1 arguments"},
      {model::run("x") == "stopped", "'x' is no variable here, and no entity"},
      {model::run(model::home(c)) == "stopped", "run is of a container, not of a instance"},
      {model::record(model::apply("hose", c)) == "started", "unknown function hose"},
      {model::record(model::store(c)) == "started", "store is of a backup, not of a container"},
      {model::attribute("colour", {c}, {"red"}), "unknown attribute colour"},
      {model::attribute("provider", {}, {"ibm"}), "provider is never 'ibm'"},
      {model::attribute("provider", {c}, {"aws"}), "provider takes no argument"},
      {model::attribute("entity", {c}, {"{z}"}), "'z' is no variable here, and no entity"},
      {model::for_all({"y", "planet"}, model::always()), "y is of the unknown sort planet"},
      {model::for_all(i, model::record(i) == "started", model::always()),
       "a quantifier chooses by a fluent"},
  };
  for (const Planted& planted : all) {
    // Given the model with one such word in one guard
    ModelData data = the_model();
    Action& action = *std::ranges::find(data.actions, "passivate-container", &Action::name);
    action.guard.push_back({planted.formula, "a sentence"});
    // Then exactly that is complained about, and where it stands
    EXPECT_THAT(model::mistakes_of(data),
                Contains(testing::AllOf(HasSubstr("action passivate-container: "),
                                        HasSubstr(planted.complaint))));
  }
}

TEST(SelfCheck, LooksAtEffectsSentencesRulesAndTimes) {
  ModelData data = the_model();
  Action& action = *std::ranges::find(data.actions, "passivate-container", &Action::name);
  action.outcomes.front().effects.push_back(model::set(model::run("c"), "asleep"));
  action.imperative = "Park {d}";
  action.guard.front().rule = "INV-99";
  action.deadline = action.typical;
  data.actions.push_back(action);
  EXPECT_THAT(model::mistakes_of(data),
              testing::IsSupersetOf(
                  {"action passivate-container: run is never 'asleep'",
                   "action passivate-container: 'd' is no variable here, and no entity",
                   "action passivate-container: unknown rule INV-99",
                   "action passivate-container: its deadline is not after its typical end",
                   "action passivate-container: stands there twice"}));
}

TEST(SelfCheck, LooksAtRulesAndGoals) {
  ModelData data = the_model();
  data.rules.front().before.front().actions.push_back("hibernate-everything");
  data.rules.front().state = model::run("c") == "stopped";
  data.goals.push_back(model::run("c") == "stopped");
  EXPECT_THAT(model::mistakes_of(data),
              ElementsAre("rule INV-01: 'c' is no variable here, and no entity",
                          "rule INV-01: a state property and its sentence go together",
                          "rule INV-01: unknown action hibernate-everything",
                          "a goal: 'c' is no variable here, and no entity"));
}

}  // namespace
}  // namespace wme::tests
