#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"
#include "tests/model/walks.hpp"

/// Each state property is broken by somebody who ignores our rules, and by nobody who keeps them.
namespace wme::tests {
namespace {

using model::GroundAction;
using model::GroundInvariant;
using model::State;

/// What the systems themselves would let happen.
bool systems_allow(const GroundAction& action, const State& state) {
  return std::ranges::all_of(action.guard, [&](const model::GroundCondition& each) {
    return each.condition->enforcer == model::Enforcer::kRule || evaluate(each.formula, state);
  });
}

/// The first deed that broke each rule, by its id.
using Culprits = std::map<std::string, std::string>;

/// One installation on which everybody does what the systems let them do.
class Anarchy {
 public:
  explicit Anarchy(const PlannedModel& planned)
      : planned_(planned), deeds_(everything_possible(*planned.model)) {}

  /// From a state of the plan, some deeds in a row.
  void wander(std::mt19937& random, const std::vector<State>& starts, Culprits& culprits) const {
    constexpr int kDeedsMax = 12;
    State state = starts[any_below(random, starts.size())];
    for (int deed = 0; deed < kDeedsMax; ++deed) {
      std::vector<const GroundAction*> possible;
      for (const GroundAction& each : deeds_)
        if (systems_allow(each, state)) possible.push_back(&each);
      if (possible.empty()) return;
      const GroundAction& chosen = *possible[any_below(random, possible.size())];
      const std::string before = broken(state);
      apply(chosen.request, state);
      note(chosen, before, state, culprits);
      apply(chosen.outcomes.front(), state);
      note(chosen, before, state, culprits);
    }
  }

 private:
  std::string broken(const State& state) const {
    return broken_invariants(planned_.invariants, state);
  }

  void note(const GroundAction& deed, const std::string& before, const State& state,
            Culprits& culprits) const {
    for (const GroundInvariant& each : planned_.invariants) {
      if (evaluate(each.formula, state)) continue;
      const std::string line = each.rule + " " + each.about + ": " + each.sentence;
      if (before.find(line) == std::string::npos)
        culprits.emplace(each.rule, planned_.name + ": " + name_of(*planned_.model, deed));
    }
  }

  const PlannedModel& planned_;
  std::vector<GroundAction> deeds_;
};

const Culprits& culprits() {
  static const Culprits found = [] {
    Culprits all;
    constexpr int kWalks = 150;
    for (const model::Procedure procedure : kEveryProcedure)
      for (const model::Provider provider : {model::Provider::kAws, model::Provider::kEsxi}) {
        Setting setting{procedure, {}};
        setting.shape.provider = provider;
        const PlannedModel plan = planned(setting);
        const std::vector<State> starts = states_of(plan);
        const Anarchy anarchy(plan);
        std::mt19937 random(7);
        for (int walk = 0; walk < kWalks; ++walk) anarchy.wander(random, starts, all);
      }
    return all;
  }();
  return found;
}

std::vector<std::string> rules_with_state_property() {
  std::vector<std::string> ids;
  for (const model::Rule& rule : model::all_rules())
    if (rule.state.kind != model::Formula::Kind::kTrue) ids.push_back(rule.id);
  return ids;
}

class StateProperty : public testing::TestWithParam<std::string> {};

TEST_P(StateProperty, IsBrokenWhereNobodyKeepsTheRules) {
  const auto culprit = culprits().find(GetParam());
  ASSERT_NE(culprit, culprits().end()) << "nothing that the systems allow breaks " << GetParam();
  RecordProperty("broken by", culprit->second);
}

std::string rule_test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Model, StateProperty, testing::ValuesIn(rules_with_state_property()),
                         rule_test_name);

/// One for each, told as a story: what a walk found must not depend on luck alone.
struct Story {
  std::string rule;
  Setting setting;
  std::string until;  ///< the plan's own steps go well up to (not with) this one
  std::vector<std::vector<std::string>> deeds;
  bool goes_on = false;  ///< the rest of the plan is done after them all the same
};

Setting with_provider(model::Procedure procedure, model::Provider provider) {
  Setting setting{procedure, {}};
  setting.shape.provider = provider;
  return setting;
}

std::vector<Story> stories() {
  using model::Procedure;
  using model::Provider;
  const Setting dehydrate = with_provider(Procedure::kDehydrate, Provider::kAws);
  const Setting rotate = with_provider(Procedure::kRotate, Provider::kAws);
  const Setting on_esxi = with_provider(Procedure::kRestore, Provider::kEsxi);
  const Setting restore = with_provider(Procedure::kRestore, Provider::kAws);
  return {
      {"INV-05", dehydrate, "hibernate-container", {{"stop-services", "platform"}}},
      {"INV-12", dehydrate, "stop-services", {{"take-snapshot", "snap-wm-data"}}},
      {"INV-22", rotate, "lift-restriction", {{"start-machine", "platform"}}},
      {"INV-25",
       dehydrate,
       "unmount-store",
       {{"unmount-store", "wm-data"},
        {"unmount-store", "wm-runtime"},
        {"mount-by-letter", "wm-data"}}},
      {"INV-27",
       restore,
       "initialize",
       {{"unmount-store", "wm-data-new"}, {"initialize", "platform-new"}}},
      {"INV-29",
       on_esxi,
       "unpack-archive",
       {{"initialize", "platform-new"}, {"unpack-archive", "tar-wm-data"}}},
      {"WORK-1", dehydrate, "hibernate-container", {{"terminate-machine", "studio-1"}}},
      {"WORK-2", restore, "mount-store", {{"format-store", "wm-data-new"}}, true},
  };
}

TEST(StateProperties, AreEachBrokenByAStoryThatEveryOperatorKnows) {
  std::set<std::string> told;
  for (const Story& story : stories()) {
    SCOPED_TRACE(story.rule);
    // Given a plan that went well until some point
    const PlannedModel plan = planned(story.setting);
    State state = plan.model->initial();
    std::size_t next = 0;
    for (; plan.steps[next].action->name != story.until; ++next) {
      const GroundAction& step = plan.steps[next];
      state = model::applied(step.outcomes.front(), model::applied(step.request, state));
    }
    ASSERT_EQ(broken_invariants(plan.invariants, state), "");
    // When somebody does what only our rules forbid
    for (const std::vector<std::string>& deed : story.deeds) {
      const std::vector<std::string> arguments(deed.begin() + 1, deed.end());
      const auto action = plan.model->ground(*model::find_action(deed.front()), arguments);
      ASSERT_TRUE(action) << deed.front();
      ASSERT_TRUE(systems_allow(*action, state)) << deed.front();
      state = model::applied(action->outcomes.front(), model::applied(action->request, state));
    }
    for (; story.goes_on && next < plan.steps.size(); ++next) {
      const GroundAction& step = plan.steps[next];
      ASSERT_TRUE(systems_allow(step, state)) << plan.plan.steps[next].id;
      state = model::applied(step.outcomes.front(), model::applied(step.request, state));
    }
    // Then the property is broken
    EXPECT_THAT(broken_invariants(plan.invariants, state), testing::HasSubstr(story.rule + " "));
    told.insert(story.rule);
  }
  const std::vector<std::string> all = rules_with_state_property();
  EXPECT_EQ(told, std::set<std::string>(all.begin(), all.end()));
}

}  // namespace
}  // namespace wme::tests
