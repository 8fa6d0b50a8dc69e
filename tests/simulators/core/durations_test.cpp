#include <gtest/gtest.h>

#include "model/wme/actions.hpp"
#include "tests/simulators/core/small_world.hpp"

namespace wme::simulators {
namespace {

using std::chrono::milliseconds;

const milliseconds kMeasured{12345};

class MeasuredDurations : public testing::Test {
 protected:
  /// How long the world takes from the request to the outcome.
  milliseconds taken(const char* action, const std::vector<std::string>& arguments) {
    const auto lock = world_.enter();
    const TimePoint asked = world_.now();
    EXPECT_TRUE(world_.request(action, arguments, "test").accepted());
    return world_.due(action, arguments).value() - asked;
  }

  ManualClock clock_;
  World world_{model::installation_of(small_inventory(), model::Procedure::kDehydrate), clock_,
               FaultSchedule({{"hibernate-container", 2, Fault::kSlow}}),
               model::Durations({{"hibernate-container", kMeasured}})};
};

TEST_F(MeasuredDurations, CountInsteadOfTheModels) {
  EXPECT_EQ(taken("hibernate-container", {"c1"}), kMeasured);
}

TEST_F(MeasuredDurations, LeaveEveryOtherActionAsTheModelHasIt) {
  EXPECT_EQ(taken("restrict-login", {}), model::find_action("restrict-login")->typical);
}

TEST_F(MeasuredDurations, AreWhatSlowIsSlowerThan) {
  EXPECT_EQ(taken("hibernate-container", {"c1"}), kMeasured);
  EXPECT_GE(taken("hibernate-container", {"c4"}), 2 * kMeasured);
}

}  // namespace
}  // namespace wme::simulators
