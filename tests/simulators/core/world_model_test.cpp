#include "simulators/core/world_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/wme/vocabulary.hpp"
#include "tests/simulators/core/small_world.hpp"

namespace wme::simulators {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::shared_ptr<const WorldModel> small_model() {
  return std::make_shared<const WorldModel>(
      model::installation_of(small_inventory(), model::Procedure::kDehydrate));
}

TEST(WorldModel, LetsNoWorldSeeWhatHappensInAnother) {
  const auto model = small_model();
  ManualClock clock;
  World one(model, clock, FaultSchedule());
  World other(model, clock, FaultSchedule());
  ASSERT_TRUE(one.perform("stop-machine", {"platform"}, "test").accepted());  // against the rules
  EXPECT_TRUE(one.is("power", {"platform"}, "stopped"));
  EXPECT_TRUE(other.is("power", {"platform"}, "running"));
  EXPECT_THAT(one.violations(), ::testing::Not(IsEmpty()));
  EXPECT_THAT(other.violations(), IsEmpty());
  EXPECT_THAT(other.events(), IsEmpty());
  EXPECT_THAT(other.checks(), IsEmpty());
}

TEST(WorldModel, HasEachActionOnceHoweverOftenItIsAskedFor) {
  const auto model = small_model();
  const auto first = model->action("hibernate-container", {"c1"});
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->name, "hibernate-container c1");
  EXPECT_EQ(model->action("hibernate-container", {"c1"}), first);
  EXPECT_NE(model->action("hibernate-container", {"c2"}), first);
}

TEST(WorldModel, HasNoActionOnWhatTheInstallationLacks) {
  const auto model = small_model();
  EXPECT_EQ(model->action("hibernate-container", {"c99"}), nullptr);
  EXPECT_EQ(model->action("hibernate-container", {"studio-1"}), nullptr);
  EXPECT_EQ(model->action("hibernate-container", {}), nullptr);
}

TEST(WorldModel, SharesTheNumbersOfAModelThatOthersHave) {
  const model::GroundModel ground(
      model::installation_of(small_inventory(), model::Procedure::kDehydrate));
  ManualClock clock;
  World world(std::make_shared<const WorldModel>(ground), clock, FaultSchedule());
  ASSERT_EQ(&world.model(), &ground);
  ASSERT_THAT(world.state(), SizeIs(ground.variable_count()));
  ASSERT_TRUE(world.perform("stop-docker", {"platform"}, "test").accepted());
  for (model::Variable each = 0; each < ground.variable_count(); ++each)
    EXPECT_EQ(
        ground.value_text(each, world.state()[each]),
        world.value(model::fluents()[ground.fluent_index(each)].name, ground.arguments_of(each)));
}

}  // namespace
}  // namespace wme::simulators
