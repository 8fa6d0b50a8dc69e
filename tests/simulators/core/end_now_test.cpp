#include <gtest/gtest.h>

#include "tests/simulators/core/small_world.hpp"

namespace wme::simulators {
namespace {

/// A recorded run is repeated in its own order, not in that of the durations.
TEST(EndNow, EndsTheOneThatIsMeantWhateverItsTime) {
  SmallWorld small;
  for (const char* container : {"c1", "c4"}) {
    const auto lock = small.world.enter();
    ASSERT_TRUE(small.world.request("hibernate-container", {container}, "test").accepted());
  }
  {
    const auto lock = small.world.enter();
    EXPECT_TRUE(small.world.end_now("hibernate-container", {"c4"}));
  }
  EXPECT_EQ(small.value("run", {"c4"}), "stopped");
  EXPECT_EQ(small.value("run", {"c1"}), "hibernating");
  const auto lock = small.world.enter();
  EXPECT_FALSE(small.world.end_now("hibernate-container", {"c4"})) << "it has ended";
  EXPECT_FALSE(small.world.end_now("passivate-container", {"c2"})) << "it was not requested";
  EXPECT_FALSE(small.world.due("hibernate-container", {"c4"}));
  EXPECT_TRUE(small.world.due("hibernate-container", {"c1"}));
}

TEST(EndNow, EndsBadlyWhatWasToFail) {
  SmallWorld small({{"hibernate-container", 1, Fault::kOutcomeFails}});
  {
    const auto lock = small.world.enter();
    ASSERT_TRUE(small.world.request("hibernate-container", {"c1"}, "test").accepted());
    EXPECT_TRUE(small.world.end_now("hibernate-container", {"c1"}));
  }
  EXPECT_EQ(small.value("run", {"c1"}), "failed");
}

}  // namespace
}  // namespace wme::simulators
