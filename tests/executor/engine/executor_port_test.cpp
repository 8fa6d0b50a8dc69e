#include "executor/engine/executor_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fleets.hpp"

namespace wme::executor {
namespace {

using ::testing::HasSubstr;

class FakeLister : public ContainerLister {
 public:
  Result<std::vector<ContainerIdentity>> containers() override { return listed; }
  std::vector<ContainerIdentity> listed;
};

class ComparesContainers : public ::testing::Test {
 protected:
  ComparesContainers() : inventory_(tests::fleet({})), port_(inventory_, lister_) {
    for (const model::Container& each : inventory_.containers)
      lister_.listed.push_back(
          {each.id.empty() ? each.name : each.id, each.shard, each.owner, "passivated"});
  }
  Result<std::string> compare() { return port_.perform({"compare-inventory", {}, "t"}); }

  model::Inventory inventory_;
  FakeLister lister_;
  ExecutorPort port_;
};

TEST_F(ComparesContainers, AndAgreesWhenNothingChanged) { EXPECT_TRUE(compare()); }

TEST_F(ComparesContainers, AndMissesOne) {
  lister_.listed.pop_back();
  const auto answer = compare();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kBlocked);
  EXPECT_THAT(answer.error().message, HasSubstr("is missing"));
}

TEST_F(ComparesContainers, AndFindsADoubledOne) {
  lister_.listed.push_back(lister_.listed.front());
  ASSERT_FALSE(compare());
  EXPECT_THAT(compare().error().message, HasSubstr("listed twice"));
}

TEST_F(ComparesContainers, AndFindsAStranger) {
  lister_.listed.push_back({"ccc-x", "studio", "mallory@example", "running"});
  ASSERT_FALSE(compare());
  EXPECT_THAT(compare().error().message, HasSubstr("ccc-x of mallory@example is new"));
}

TEST_F(ComparesContainers, AndFindsAnotherShardOrOwner) {
  lister_.listed[0].shard = "live";
  lister_.listed[1].owner = "mallory@example";
  ASSERT_FALSE(compare());
  EXPECT_THAT(compare().error().message, HasSubstr("is in shard live, not"));
  EXPECT_THAT(compare().error().message, HasSubstr("belongs to mallory@example, not"));
}

}  // namespace
}  // namespace wme::executor
