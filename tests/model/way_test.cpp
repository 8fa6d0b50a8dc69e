#include "model/planner/way.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/wme/actions.hpp"
#include "model/wme/safe_stops.hpp"
#include "model/wme/vocabulary.hpp"
#include "tests/model/walks.hpp"

/// Planning from any state to any goals: back to the start, on from the middle, or not at all.
namespace wme::tests {
namespace {

using model::GroundAction;
using model::GroundModel;
using model::Repertoire;
using model::State;
using model::Way;
using model::WaySearch;
using testing::HasSubstr;
using testing::IsEmpty;

class WayFor : public testing::TestWithParam<std::tuple<model::Procedure, model::Provider>> {
 protected:
  /// Each choice of addresses, one version before and one after the gate and the count came.
  static std::vector<PlannedModel> all() {
    std::vector<PlannedModel> made;
    for (const Setting& setting : settings_of(std::get<0>(GetParam()), std::get<1>(GetParam())))
      if (setting.shape.version == kEveryVersion.front() ||
          setting.shape.version == kEveryVersion.back())
        made.push_back(planned(setting));
    return made;
  }
};

/// The states between the plan's steps, in its own order.
std::vector<State> states_between(const PlannedModel& plan) {
  std::vector<State> states{plan.model->initial()};
  for (const GroundAction& step : plan.steps) states.push_back(state_after(step, states.back()));
  return states;
}

/// The plan, carried out from the state in an order that `last_first` turns round where it can be.
State after_plan(const GroundModel& model, const State& from, const model::Plan& plan,
                 bool last_first) {
  const auto order = model::PlanOrder::of(plan);
  EXPECT_TRUE(order) << order.error().message;
  State state = from;
  std::vector<bool> done(plan.steps.size(), false);
  for (std::size_t count = 0; count < plan.steps.size(); ++count) {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
      if (!done[i] && std::ranges::all_of(order.value().predecessors()[i],
                                          [&](std::size_t before) { return done[before]; }))
        ready.push_back(i);
    const std::size_t next = last_first ? ready.back() : ready.front();
    const model::Step& step = plan.steps[next];
    const auto action = model.ground(*model::find_action(step.action), step.arguments);
    const auto requested = model::requested(model, *action, state);
    EXPECT_TRUE(requested) << requested.error().message;
    if (!requested) return state;
    state = model::applied(action->outcomes.front(), requested.value());
    done[next] = true;
  }
  return state;
}

TEST_P(WayFor, LeadsBackFromBeforeThePointOfNoReturnInAnyOrder) {
  for (const PlannedModel& plan : all()) {
    SCOPED_TRACE(plan.name);
    const std::vector<model::Goal> goals = where_it_was(*plan.model);
    ASSERT_FALSE(goals.empty());
    WaySearch back(*plan.model, goals, Repertoire::kWaysBack);
    for (const State& state : states_between(plan)) {
      const auto made = make_plan(*plan.model, state, goals, {});
      if (!made) {
        EXPECT_EQ(back.from(state).answer, Way::Answer::kNone) << made.error().message;
        continue;
      }
      EXPECT_EQ(made.value(), make_plan(*plan.model, state, goals, {}).value());
      for (const bool last_first : {false, true})
        EXPECT_EQ(back.what_is_missing(after_plan(*plan.model, state, made.value(), last_first)),
                  "");
    }
  }
}

/// Whoever is after the point of no return stays there: with a way back from later on, going on
/// and then back would be one from here.
TEST_P(WayFor, ThatIsLostIsNotFoundAgain) {
  for (const PlannedModel& plan : all()) {
    SCOPED_TRACE(plan.name);
    WaySearch back(*plan.model, where_it_was(*plan.model), Repertoire::kWaysBack);
    bool lost = false;
    for (const State& state : states_between(plan)) {
      const Way way = back.from(state);
      ASSERT_NE(way.answer, Way::Answer::kUndecided) << way.why;
      EXPECT_FALSE(lost && way.answer == Way::Answer::kThere);
      lost = way.answer == Way::Answer::kNone;
      EXPECT_EQ(lost, !way.why.empty());
    }
  }
}

/// A random interruption: some steps have ended, in any order that the edges allow.
State interrupted(const PlannedModel& plan, std::mt19937& random) {
  const auto order = model::PlanOrder::of(plan.plan);
  State state = plan.model->initial();
  std::vector<bool> done(plan.steps.size(), false);
  for (std::size_t count = any_below(random, plan.steps.size() + 1); count > 0; --count) {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
      if (!done[i] && std::ranges::all_of(order.value().predecessors()[i],
                                          [&](std::size_t before) { return done[before]; }))
        ready.push_back(i);
    const std::size_t next = ready[any_below(random, ready.size())];
    state = state_after(plan.steps[next], std::move(state));
    done[next] = true;
  }
  return state;
}

TEST_P(WayFor, GoesOnFromWhereverARunWasInterrupted) {
  constexpr unsigned kRuns = 10;
  for (const PlannedModel& plan : all()) {
    WaySearch on(*plan.model, goals_of(plan.model->installation().procedure),
                 Repertoire::kWaysBack);
    for (unsigned seed = 1; seed <= kRuns; ++seed) {
      SCOPED_TRACE(plan.name + ", seed " + std::to_string(seed));
      std::mt19937 random(seed);
      const Way way = on.from(interrupted(plan, random));
      EXPECT_EQ(way.answer, Way::Answer::kThere) << way.why;
    }
  }
}

/// Deeds that no plan asked for, after an interruption: "there is none" must stay true when one
/// goes on, since whoever finds a way later has had it all the time.
TEST_P(WayFor, SaysThatThereIsNoneOnlyWhenNothingThatCanBeDoneOpensOne) {
  constexpr unsigned kRuns = 5;
  constexpr int kDeeds = 10;
  for (const PlannedModel& plan : all()) {
    model::Actions actions(*plan.model, Repertoire::kWaysBack);
    const model::Procedure procedure = plan.model->installation().procedure;
    WaySearch on(*plan.model, goals_of(procedure), Repertoire::kWaysBack);
    WaySearch back(*plan.model, where_it_was(*plan.model), Repertoire::kWaysBack);
    for (unsigned seed = 1; seed <= kRuns; ++seed) {
      SCOPED_TRACE(plan.name + ", seed " + std::to_string(seed));
      std::mt19937 random(seed);
      State state = interrupted(plan, random);
      for (WaySearch* search : {&on, &back}) {
        bool none = false;
        State at = state;
        for (int deed = 0; deed < kDeeds; ++deed) {
          const Way way = search->from(at);
          EXPECT_FALSE(none && way.answer == Way::Answer::kThere);
          none = none || way.answer == Way::Answer::kNone;
          std::vector<const GroundAction*> open;
          for (const GroundAction* each : actions.all())
            if (model::requested(*plan.model, *each, at)) open.push_back(each);
          if (open.empty()) break;
          at = state_after(*open[any_below(random, open.size())], std::move(at));
        }
      }
    }
  }
}

std::string way_name(const testing::TestParamInfo<WayFor::ParamType>& info) {
  std::string name = std::string(to_string(std::get<0>(info.param))) + "_" +
                     std::string(to_string(std::get<1>(info.param)));
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Model, WayFor,
                         testing::Combine(testing::ValuesIn(kEveryProcedure),
                                          testing::Values(model::Provider::kAws,
                                                          model::Provider::kEsxi)),
                         way_name);

std::vector<std::string> names_of(const GroundModel& model, const Way& way) {
  std::vector<std::string> names;
  for (const GroundAction& each : way.actions) names.push_back(name_of(model, each));
  return names;
}

TEST(Way, BackFromAStoppedPlatformIsItsAddressAndABoot) {
  // Given an XS rotation on AWS with the new Platform launched and nothing written (INV-63)
  const PlannedModel plan = planned({model::Procedure::kRotate, {}});
  const std::vector<State> states = states_between(plan);
  std::size_t launched = 0;
  while (plan.plan.steps[launched].action != "launch-machine" ||
         plan.plan.steps[launched].arguments.front() != "platform-new")
    ++launched;
  // When it is planned back
  WaySearch back(*plan.model, where_it_was(*plan.model), Repertoire::kWaysBack);
  const Way way = back.from(states[launched + 1]);
  // Then the new one goes, the old one gets its address and is booted, people are let in
  const std::vector<std::string> names = names_of(*plan.model, way);
  EXPECT_EQ(names.front(), "terminate-machine platform-new");
  EXPECT_THAT(names, testing::Contains("return-address"));
  EXPECT_THAT(names, testing::Contains("start-machine platform"));
  EXPECT_EQ(names.back(), "lift-restriction");
}

TEST(Way, BackFromHalfABackupCompletesItFirst) {
  // INV-11: WME is not started between the two snapshots of one set.
  const PlannedModel plan = planned({model::Procedure::kDehydrate, {}});
  const std::vector<State> states = states_between(plan);
  std::size_t first = 0;
  while (plan.plan.steps[first].action != "take-snapshot") ++first;
  WaySearch back(*plan.model, where_it_was(*plan.model), Repertoire::kWaysBack);
  const std::vector<std::string> names = names_of(*plan.model, back.from(states[first + 1]));
  const auto second = std::ranges::find(names, "take-snapshot snap-wm-runtime");
  ASSERT_NE(second, names.end());
  EXPECT_GT(std::ranges::find(names, "start-services platform"), second);
  EXPECT_EQ(std::ranges::count(names, "start-docker platform"), 1) << "started to be stopped again";
}

TEST(Way, IsEmptyWhereTheGoalsHold) {
  const PlannedModel plan = planned({model::Procedure::kDehydrate, {}});
  WaySearch back(*plan.model, where_it_was(*plan.model), Repertoire::kWaysBack);
  const Way way = back.from(plan.model->initial());
  EXPECT_EQ(way.answer, Way::Answer::kThere);
  EXPECT_THAT(way.actions, IsEmpty());
}

TEST(Way, SaysWhatStandsInIt) {
  const PlannedModel plan = planned({model::Procedure::kUpgrade, {}});
  const auto none =
      make_plan(*plan.model, states_between(plan).back(), where_it_was(*plan.model), {});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message,
              HasSubstr("there is no way: WME serves on the Platform of today, under its address: "
                        "power(platform) never becomes running again"));
}

TEST(Way, IsUndecidedWhenABoundIsMet) {
  // Given goals that exclude each other, which the relaxation cannot see
  const PlannedModel plan = planned({model::Procedure::kDehydrate, {}});
  const std::vector<model::Goal> goals = {{model::setup("platform") == "stopped", "WME is down"},
                                          {model::gate() == "restricted", "nobody logs in"},
                                          {model::baseline() == "yes", "there is a baseline"},
                                          {model::setup("platform") == "running", "WME is up"}};
  WaySearch search(*plan.model, goals, Repertoire::kWaysBack, {200, 50});
  const Way way = search.from(plan.model->initial());
  EXPECT_EQ(way.answer, Way::Answer::kUndecided);
  EXPECT_NE(way.why, "");
}

TEST(Way, LooksAtEveryStateWhereThatIsFew) {
  // Given a lost installation, of which nothing can be brought back that is not in the backup
  FleetShape shape;
  shape.instances = {{"studio", 1}};
  shape.containers_per_instance = 1;
  const PlannedModel plan = planned({model::Procedure::kRestore, shape});
  // When goals are asked for that exclude each other
  const std::vector<model::Goal> goals = {
      {model::all_of(
           {model::power("platform-new") == "running", model::power("platform-new") == "absent"}),
       "a machine that is there and is not"}};
  WaySearch search(*plan.model, goals, Repertoire::kWaysBack, {200, 200'000});
  const Way way = search.from(plan.model->initial());
  EXPECT_EQ(way.answer, Way::Answer::kNone) << way.why;
}

TEST(SafeStops, SayWhatAnOperatorNeeds) {
  std::vector<std::string> names;
  for (const model::SafeStop& each : model::safe_stops()) {
    for (const std::string* text :
         {&each.words, &each.safe, &each.closed, &each.next, &each.source})
      EXPECT_NE(*text, "") << each.name;
    EXPECT_EQ(std::ranges::count(names, each.name), 0) << each.name;
    names.push_back(each.name);
  }
}

TEST(SafeStops, HoldWhereTheProceduresBeginAndEnd) {
  const std::map<model::Procedure, std::pair<std::string, std::string>> stops = {
      {model::Procedure::kDehydrate, {"as-before", "old-platform-intact"}},
      {model::Procedure::kRestore, {"backup-holds-all", "new-platform-serves"}},
      {model::Procedure::kRotate, {"as-before", "new-platform-serves"}},
      {model::Procedure::kUpgrade, {"as-before", "new-platform-serves"}}};
  for (const model::Provider provider : kEveryProvider)
    for (const auto& [procedure, expected] : stops) {
      Setting setting{procedure, {}};
      setting.shape.provider = provider;
      const PlannedModel plan = planned(setting);
      SCOPED_TRACE(plan.name);
      const auto first = [&](const State& state) -> std::string {
        for (const model::SafeStop& each : model::safe_stops())
          if (evaluate(plan.model->ground(each.formula), state)) return each.name;
        return "";
      };
      EXPECT_EQ(first(plan.model->initial()), expected.first);
      EXPECT_EQ(first(states_between(plan).back()), expected.second);
    }
}

/// But for the last, which takes a Platform that is lost between the two parts of a backup.
TEST(SafeStops, AreAllMetOnTheWay) {
  std::set<std::string> met;
  for (const model::Procedure procedure : kEveryProcedure) {
    const PlannedModel plan = planned({procedure, {}});
    for (const State& state : states_between(plan))
      for (const model::SafeStop& each : model::safe_stops())
        if (evaluate(plan.model->ground(each.formula), state)) met.insert(each.name);
  }
  met.insert("work-is-saved");
  EXPECT_EQ(met.size(), model::safe_stops().size());
}

TEST(WaysBack, DestroyNothingThatCannotBeMadeAgain) {
  for (const std::string& name : model::actions_of_ways_back()) {
    const model::Action* action = model::find_action(name);
    ASSERT_NE(action, nullptr) << name;
    EXPECT_TRUE(action->runbook.empty()) << name << " is in the procedures already";
    // What is launched beside the old machines may go again, and nothing else.
    EXPECT_EQ(action->irreversible.empty(), name != "terminate-machine") << name;
  }
}

}  // namespace
}  // namespace wme::tests
