#include "scenarios/inventory/fleet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "scenarios/inventory/inventory_file.hpp"

namespace wme::scenarios {
namespace {

using model::ContainerState;
using model::Inventory;
using model::Provider;

struct Size {
  Fleet fleet;
  std::size_t instances;
  std::size_t users;
  std::size_t apps;
};
std::ostream& operator<<(std::ostream& out, const Size& size) {
  return out << to_string(size.fleet);
}

class FleetOf : public testing::TestWithParam<Size> {};

TEST_P(FleetOf, HasTheSizeOfTheFactSheet) {
  const Inventory fleet = generate_fleet(GetParam().fleet, Provider::kAws);
  const auto users = std::count_if(fleet.containers.begin(), fleet.containers.end(),
                                   [](const auto& one) { return one.shard == "studio"; });
  EXPECT_EQ(fleet.instances.size(), GetParam().instances);
  EXPECT_EQ(static_cast<std::size_t>(users), GetParam().users);
  EXPECT_EQ(fleet.containers.size(), GetParam().users + GetParam().apps);
}

TEST_P(FleetOf, IsTheSameEveryTime) {
  EXPECT_EQ(generate_fleet(GetParam().fleet, Provider::kGcp),
            generate_fleet(GetParam().fleet, Provider::kGcp));
}

TEST_P(FleetOf, HasNoMoreAwakeContainersThanSlots) {
  const Inventory fleet = generate_fleet(GetParam().fleet, Provider::kAws);
  std::map<std::string, int> awake;
  for (const auto& one : fleet.containers)
    if (one.state != ContainerState::kPassivated) ++awake[one.instance];
  for (const auto& one : fleet.instances) EXPECT_LE(awake[one.name], one.slots) << one.name;
}

TEST_P(FleetOf, HasRunningAndParkedContainersInEachShard) {
  const Inventory fleet = generate_fleet(GetParam().fleet, Provider::kAws);
  std::map<std::string, std::set<ContainerState>> states;
  for (const auto& one : fleet.containers) states[one.shard].insert(one.state);
  ASSERT_EQ(states.size(), fleet.shards.size());
  for (const auto& [shard, seen] : states) {
    EXPECT_TRUE(seen.contains(ContainerState::kRunning)) << shard;
    EXPECT_TRUE(seen.contains(ContainerState::kPassivated)) << shard;
  }
  EXPECT_TRUE(states["studio"].contains(ContainerState::kStopped));
}

void expect_read_back(const Inventory& fleet) {
  const std::string text = to_yaml(fleet);
  const auto read = parse_inventory(text, "fleet.yaml");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read.value() == fleet) << fleet.name;
  EXPECT_LT(text.size(), 200'000U) << "ranges keep even an XL fleet readable";
}

TEST_P(FleetOf, IsReadBackAsItWasWritten) {
  expect_read_back(generate_fleet(GetParam().fleet, Provider::kAws));
}

INSTANTIATE_TEST_SUITE_P(Sizes, FleetOf,
                         testing::Values(Size{Fleet::kXs, 2, 4, 2}, Size{Fleet::kS, 2, 24, 6},
                                         Size{Fleet::kM, 9, 480, 40},
                                         Size{Fleet::kL, 50, 4500, 500},
                                         Size{Fleet::kXl, 200, 46'000, 4000}),
                         [](const auto& one) { return std::string(to_string(one.param.fleet)); });

TEST(Fleet, IsNamedByItsSize) {
  for (const Fleet fleet : {Fleet::kXs, Fleet::kS, Fleet::kM, Fleet::kL, Fleet::kXl})
    EXPECT_EQ(fleet_from(to_string(fleet)), fleet);
  EXPECT_EQ(fleet_from("xl"), Fleet::kXl);
  EXPECT_EQ(fleet_from("XXL"), std::nullopt);
}

TEST(Fleet, IsReadBackOnEveryProviderBeforeAndAfterAnUpgrade) {
  for (const Provider provider :
       {Provider::kAws, Provider::kAzure, Provider::kGcp, Provider::kEsxi, Provider::kHyperV}) {
    const Inventory fleet = generate_fleet(Fleet::kM, provider);
    expect_read_back(fleet);
    expect_read_back(as_upgrade(fleet));
  }
}

TEST(Fleet, HasIdsOfTheirProvidersShape) {
  const Inventory fleet = generate_fleet(Fleet::kM, Provider::kAws);
  EXPECT_THAT(fleet.platform.cloud_id, testing::MatchesRegex("i-0[0-9a-f]{16}"));
  EXPECT_THAT(fleet.platform.interface, testing::MatchesRegex("eni-0[0-9a-f]{16}"));
  EXPECT_THAT(fleet.platform.wm_data.cloud_id, testing::MatchesRegex("vol-0[0-9a-f]{16}"));
  EXPECT_THAT(fleet.launch.subnet, testing::MatchesRegex("subnet-0[0-9a-f]{16}"));
  EXPECT_THAT(fleet.containers.back().id,
              testing::MatchesRegex("ccc-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                    "[0-9a-f]{12}"));
}

}  // namespace
}  // namespace wme::scenarios
