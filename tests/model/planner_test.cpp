#include "model/planner/planner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/model/walks.hpp"

namespace wme::tests {
namespace {

using model::Plan;
using model::PlanOrder;
using model::Step;
using testing::HasSubstr;

class PlanFor : public testing::TestWithParam<std::tuple<model::Procedure, model::Provider>> {
 protected:
  /// Each choice of addresses and version.
  static std::vector<PlannedModel> all() {
    std::vector<PlannedModel> made;
    for (const Setting& setting : settings_of(std::get<0>(GetParam()), std::get<1>(GetParam())))
      made.push_back(planned(setting));
    return made;
  }
};

TEST_P(PlanFor, ReachesItsGoalsInItsOwnOrder) {
  for (const PlannedModel& plan : all()) {
    SCOPED_TRACE(plan.name);
    model::State state = plan.model->initial();
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const auto next = requested(*plan.model, plan.steps[i], state);
      ASSERT_TRUE(next) << plan.plan.steps[i].id << " " << next.error().message;
      state = model::applied(plan.steps[i].outcomes.front(), next.value());
      EXPECT_TRUE(evaluate(end_of(plan.steps[i]), state)) << plan.plan.steps[i].id;
    }
    for (const model::Goal& goal : model::goals_of(plan.model->installation().procedure))
      EXPECT_TRUE(evaluate(plan.model->ground(goal.formula), state)) << goal.words;
  }
}

TEST_P(PlanFor, MeetsNoClosedGuardAndBreaksNoInvariantInAnyOrderOfItsSteps) {
  constexpr unsigned kWalks =
      5;  // for each of 12 variants: 1 200 over all procedures and providers
  for (const PlannedModel& plan : all()) {
    const auto goals = model::goals_of(plan.model->installation().procedure);
    for (unsigned seed = 1; seed <= kWalks; ++seed) {
      SCOPED_TRACE(plan.name + ", seed " + std::to_string(seed));
      std::mt19937 random(seed);
      std::string broken;
      model::State last;
      const std::string stuck =
          walk_plan(plan, random, [&](const model::State& state, const std::string& after) {
            if (broken.empty()) broken = broken_invariants(plan.invariants, state);
            if (!broken.empty() && broken.find("after") == std::string::npos)
              broken += "after " + after;
            last = state;
          });
      ASSERT_EQ(stuck, "");
      ASSERT_EQ(broken, "");
      for (const model::Goal& goal : goals)
        EXPECT_TRUE(evaluate(plan.model->ground(goal.formula), last)) << goal.words;
    }
  }
}

TEST_P(PlanFor, HasNoEdgeThatOthersImply) {
  for (const PlannedModel& plan : all()) {
    const auto order = PlanOrder::of(plan.plan);
    ASSERT_TRUE(order) << order.error().message;
    for (std::size_t i = 0; i < plan.plan.steps.size(); ++i)
      for (const std::size_t direct : order.value().predecessors()[i])
        for (const std::size_t other : order.value().predecessors()[i])
          EXPECT_FALSE(order.value().before(direct, other))
              << plan.name << ": " << plan.plan.steps[i].id << " need not wait for "
              << plan.plan.steps[direct].id;
  }
}

/// Orders that only the edge from `first` to `second` forbids, `order` being without that edge:
/// `second` with no more before it than it needs, or with all that need not wait for `first`;
/// before `first`, or while `first` is still under way.
std::vector<std::vector<Moment>> orders_without(const PlanOrder& order, std::size_t first,
                                                std::size_t second) {
  std::vector<std::vector<Moment>> all;
  for (const bool alone : {true, false})
    for (const bool overlapping : {false, true}) {
      std::vector<Moment> moments;
      std::vector<bool> taken(order.size(), false);
      const auto whole = [&](std::size_t step) {
        moments.push_back({step, false});
        moments.push_back({step, true});
        taken[step] = true;
      };
      taken[first] = taken[second] = true;
      for (const std::size_t step : order.topological()) {
        const bool waits = order.before(first, step) || order.before(second, step);
        const bool needed =
            order.before(step, second) || (overlapping && order.before(step, first));
        if (!taken[step] && (needed || (!alone && !waits))) whole(step);
      }
      if (overlapping) moments.push_back({first, false});
      whole(second);
      if (overlapping) moments.push_back({first, true});
      if (!overlapping) taken[first] = false;
      for (const std::size_t step : order.topological())
        if (!taken[step]) whole(step);
      all.push_back(std::move(moments));
    }
  return all;
}

TEST_P(PlanFor, NeedsEachOfItsEdges) {
  for (const Setting& setting : settings_of(std::get<0>(GetParam()), std::get<1>(GetParam()))) {
    // The versions between differ in what a plan holds, not in how it is ordered.
    if (setting.shape.version == kEveryVersion[1] || setting.shape.version == kEveryVersion[2])
      continue;
    const PlannedModel plan = planned(setting);
    for (std::size_t i = 0; i < plan.plan.steps.size(); ++i)
      for (std::size_t e = 0; e < plan.plan.steps[i].after.size(); ++e) {
        // Given the plan with one edge taken away
        PlannedModel without = plan;
        const std::string edge = plan.plan.steps[i].after[e].step;
        auto& after = without.plan.steps[i].after;
        after.erase(after.begin() + static_cast<std::ptrdiff_t>(e));
        const auto order = PlanOrder::of(without.plan);
        ASSERT_TRUE(order);
        // When somebody makes use of it
        bool fails = false;
        for (const auto& moments : orders_without(order.value(), order.value().index_of(edge), i))
          fails = fails || !walk_moments(without, moments).empty();
        // Then some guard is closed, some property broken or some goal missed
        EXPECT_TRUE(fails) << plan.name << ": " << edge << " before " << plan.plan.steps[i].id
                           << " because " << plan.plan.steps[i].after[e].because;
      }
  }
}

TEST_P(PlanFor, IsTheSameEveryTime) {
  for (const Setting& setting : settings_of(std::get<0>(GetParam()), std::get<1>(GetParam()))) {
    const auto first = model::make_plan(*model_of(setting));
    const auto second = model::make_plan(*model_of(setting));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first.value(), second.value()) << name_of(setting);
  }
}

TEST_P(PlanFor, GivesEachStepWhatAnOperatorNeeds) {
  for (const PlannedModel& plan : all())
    for (const Step& step : plan.plan.steps) {
      SCOPED_TRACE(plan.name + " " + step.id + " " + step.action);
      EXPECT_FALSE(step.runbook.empty());
      EXPECT_FALSE(step.sentence.empty());
      EXPECT_EQ(step.sentence.find('{'), std::string::npos) << step.sentence;
      EXPECT_FALSE(step.wait.empty()) << "nobody could see that it has ended";
      EXPECT_GT(step.typical_s, 0);
      EXPECT_GT(step.deadline_s, step.typical_s);
      EXPECT_NE(step.door, "environment");
      for (const model::Edge& edge : step.after) EXPECT_FALSE(edge.because.empty());
    }
}

std::string plan_name(const testing::TestParamInfo<PlanFor::ParamType>& info) {
  std::string name = std::string(to_string(std::get<0>(info.param))) + "_" +
                     std::string(to_string(std::get<1>(info.param)));
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Model, PlanFor,
                         testing::Combine(testing::ValuesIn(kEveryProcedure),
                                          testing::ValuesIn(kEveryProvider)),
                         plan_name);

const Step* find_step(const Plan& plan, const std::string& action,
                      const std::vector<std::string>& arguments) {
  const auto at = std::ranges::find_if(plan.steps, [&](const Step& step) {
    return step.action == action && step.arguments == arguments;
  });
  return at == plan.steps.end() ? nullptr : &*at;
}

TEST(MakePlan, SaysWhyAStepWaits) {
  const PlannedModel plan = planned({model::Procedure::kDehydrate, {}});
  const Step* passivation = find_step(plan.plan, "passivate-container", {"c1"});
  const Step* check = find_step(plan.plan, "check-shard", {"studio"});
  ASSERT_TRUE(passivation != nullptr && check != nullptr);
  EXPECT_THAT(check->after,
              testing::Contains(model::Edge{passivation->id, "run(c1) = passivated"}));
}

TEST(MakePlan, WorksOnAllInstancesAtTheSameTime) {
  Setting setting{model::Procedure::kDehydrate, {}};
  setting.shape.instances = {{"studio", 3}, {"qa", 2}};
  const PlannedModel plan = planned(setting);
  const auto order = PlanOrder::of(plan.plan);
  ASSERT_TRUE(order);
  const auto& steps = plan.plan.steps;
  for (std::size_t a = 0; a < steps.size(); ++a)
    for (std::size_t b = 0; b < steps.size(); ++b)
      if (steps[a].action == "passivate-container" && steps[b].action == "passivate-container") {
        EXPECT_FALSE(order.value().before(a, b)) << steps[a].id << " before " << steps[b].id;
      }
  EXPECT_GE(summary_of(plan.plan, order.value()).width, 10U);
}

TEST(MakePlan, RewritesVcsAddressesOnlyWhenThePlatformGetsAnother) {
  for (const Addresses addresses : kEveryAddresses) {
    Setting setting{model::Procedure::kRestore, {}};
    setting.shape.addresses = addresses;
    const Plan plan = planned(setting).plan;
    const bool moved = addresses == Addresses::kNewPlatform;
    EXPECT_EQ(find_step(plan, "rewrite-vcs-database", {}) != nullptr, moved);
    EXPECT_EQ(find_step(plan, "rewrite-vcs-workspaces", {}) != nullptr, moved);
    EXPECT_EQ(find_step(plan, "point-domains", {}) != nullptr, moved);
    EXPECT_EQ(find_step(plan, "attach-address", {}) == nullptr, moved);
  }
}

TEST(MakePlan, MigratesOnlyInAnUpgrade) {
  for (const model::Procedure procedure : kEveryProcedure)
    EXPECT_EQ(find_step(planned({procedure, {}}).plan, "migrate", {"platform-new"}) != nullptr,
              procedure == model::Procedure::kUpgrade);
}

TEST(MakePlan, ArchivesWhereThereAreNoVolumes) {
  for (const model::Provider provider : kEveryProvider) {
    Setting setting{model::Procedure::kRotate, {}};
    setting.shape.provider = provider;
    const Plan plan = planned(setting).plan;
    const bool clouds = model::has_volumes(provider);
    for (const char* tree : {"wm-data", "wm-runtime"}) {
      const std::string name = tree;
      EXPECT_EQ(find_step(plan, "take-snapshot", {"snap-" + name}) != nullptr, clouds);
      EXPECT_EQ(find_step(plan, "write-archive", {"tar-" + name}) != nullptr, !clouds);
      EXPECT_EQ(find_step(plan, "unpack-archive", {"tar-" + name}) != nullptr, !clouds);
    }
  }
}

TEST(MakePlan, TakesNoInstanceNorContainerForGranted) {
  // Given a fleet whose containers are all parked, and one without any
  for (const int containers : {0, 3})
    for (const model::Procedure procedure : kEveryProcedure) {
      Setting setting{procedure, {}};
      setting.shape.containers_per_instance = containers;
      model::Inventory inventory = fleet(setting.shape);
      for (model::Container& each : inventory.containers)
        each.state = model::ContainerState::kPassivated;
      const model::GroundModel ground(model::installation_of(inventory, procedure));
      const auto plan = model::make_plan(ground);
      ASSERT_TRUE(plan) << plan.error().message;
      EXPECT_EQ(find_step(plan.value(), "passivate-container", {"c1"}), nullptr);
    }
}

TEST(MakePlan, SaysWhichGoalCannotBeReached) {
  // Given a container that failed to hibernate: no action of ours brings it back
  model::Installation installation =
      model::installation_of(xs_fleet(), model::Procedure::kDehydrate);
  installation.initial["run"]["c1"] = "failed";
  // When a plan is asked for
  const auto plan = model::make_plan(model::GroundModel(installation));
  // Then the error has the goal, the variable and its value
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(plan.error().message, HasSubstr("every container is parked"));
  EXPECT_THAT(plan.error().message, HasSubstr("run(c1)"));
  EXPECT_THAT(plan.error().message, HasSubstr("failed"));
}

/// s1 (10 s) → s2 (20 s) → s4 (5 s); s1 → s3 (40 s, irreversible) → s4; s5 (7 s, irreversible).
Plan by_hand() {
  const auto step = [](const char* id, long typical, const char* irreversible,
                       std::vector<std::string> after) {
    Step made;
    made.id = id;
    made.door = "cloud";
    made.typical_s = typical;
    made.irreversible = irreversible;
    for (std::string& before : after) made.after.push_back({std::move(before), "because"});
    return made;
  };
  Plan plan;
  plan.steps = {step("s1", 10, "", {}), step("s2", 20, "", {"s1"}),
                step("s3", 40, "the disk is gone", {"s1"}), step("s4", 5, "", {"s2", "s3"}),
                step("s5", 7, "too", {})};
  plan.steps[1].door = "operator";
  return plan;
}

TEST(PlanSummary, FindsCriticalPathAndPointOfNoReturn) {
  const Plan plan = by_hand();
  const auto order = PlanOrder::of(plan);
  ASSERT_TRUE(order);
  const model::PlanSummary summary = summary_of(plan, order.value());
  EXPECT_EQ(summary.steps, 5U);
  EXPECT_EQ(summary.edges, 4U);
  EXPECT_EQ(summary.operator_steps, 1U);
  EXPECT_EQ(summary.width, 2U);
  EXPECT_EQ(summary.critical_path_s, 55);
  EXPECT_THAT(summary.critical_path, testing::ElementsAre("s1", "s3", "s4"));
  EXPECT_EQ(summary.point_of_no_return, "s3");
}

TEST(PlanSummary, OfAPlanThatCanAlwaysGoBackHasNoPointOfNoReturn) {
  Plan plan = by_hand();
  for (Step& step : plan.steps) step.irreversible.clear();
  EXPECT_EQ(summary_of(plan, PlanOrder::of(plan).value()).point_of_no_return, "");
  EXPECT_EQ(summary_of({}, PlanOrder::of({}).value()).critical_path_s, 0);
}

TEST(PlanOrder, KnowsWhatComesBeforeWhat) {
  const Plan plan = by_hand();
  const auto order = PlanOrder::of(plan);
  ASSERT_TRUE(order);
  EXPECT_TRUE(order.value().before(0, 3));
  EXPECT_FALSE(order.value().before(3, 0));
  EXPECT_FALSE(order.value().before(1, 2));
  EXPECT_FALSE(order.value().before(0, 0));
  EXPECT_EQ(order.value().index_of("s4"), 3U);
}

TEST(PlanOrder, RefusesWhatIsNoOrder) {
  const auto error_of = [](const Plan& plan) {
    const auto order = PlanOrder::of(plan);
    return order ? "" : order.error().message;
  };
  Plan cyclic = by_hand();
  cyclic.steps[0].after.push_back({"s4", "x"});
  EXPECT_THAT(error_of(cyclic), HasSubstr("in a circle"));
  EXPECT_THAT(error_of(cyclic), HasSubstr("s1 after s4"));
  Plan loose = by_hand();
  loose.steps[1].after.push_back({"s9", "x"});
  EXPECT_THAT(error_of(loose), HasSubstr("s2 waits for s9"));
  Plan twice = by_hand();
  twice.steps[1].id = "s1";
  EXPECT_THAT(error_of(twice), HasSubstr("s1 stands in the plan twice"));
}

/// Found against EC2: a stopped machine keeps its private address there.
TEST(Planner, RefusesARotationInWhichACloudWouldHaveToGiveAnAddressTwice) {
  model::Inventory inventory = fleet({});
  for (model::Instance& each : inventory.instances) each.new_address.clear();
  const model::GroundModel rotation(model::installation_of(inventory, model::Procedure::kRotate));
  const Result<model::Plan> refused = model::make_plan(rotation);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("power(studio-1) = terminated"), std::string::npos)
      << refused.error().message;
  // After a loss the old machines are gone, and their addresses with them free.
  const model::GroundModel restore(model::installation_of(inventory, model::Procedure::kRestore));
  EXPECT_TRUE(model::make_plan(restore));
}

}  // namespace
}  // namespace wme::tests
