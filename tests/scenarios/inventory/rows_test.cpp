#include "scenarios/inventory/rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wme::scenarios {
namespace {

using model::Container;
using model::ContainerState;
using testing::HasSubstr;

Container row(std::string name, std::string id, std::string owner) {
  return {std::move(name),  std::move(id), "studio",
          std::move(owner), "studio-1",    ContainerState::kRunning};
}

TEST(Unfold, FillsTheRunningNumberIn) {
  const auto all = unfold(row("c{9..11}", "ccc-{n:4}", "dev{n}@x"), 100);
  ASSERT_TRUE(all);
  ASSERT_EQ(all.value().size(), 3U);
  EXPECT_EQ(all.value()[0], row("c9", "ccc-0009", "dev9@x"));
  EXPECT_EQ(all.value()[2], row("c11", "ccc-0011", "dev11@x"));
}

TEST(Unfold, TakesTheNameForAMissingId) {
  EXPECT_EQ(unfold(row("c1", "", "a"), 9).value().front(), row("c1", "c1", "a"));
  EXPECT_EQ(unfold(row("c{1..2}", "", "a"), 9).value().back(), row("c2", "c2", "a"));
}

TEST(Unfold, RefusesBracesThatSayNothing) {
  for (const char* owner : {"dev{m}", "dev{n", "dev}", "dev{n:}", "dev{n:99}", "dev{n:x}", "{}"}) {
    const auto all = unfold(row("c{1..2}", "", owner), 9);
    ASSERT_FALSE(all) << owner;
    EXPECT_THAT(all.error().message, HasSubstr("owner '" + std::string(owner) + "' has braces"));
  }
  EXPECT_FALSE(unfold(row("c1", "ccc-{n}", "a"), 9)) << "there is no range to count";
}

TEST(Unfold, IsBounded) {
  EXPECT_FALSE(unfold(row("c{1..101}", "", "a"), 100));
  EXPECT_TRUE(unfold(row("c{1..100}", "", "a"), 100));
}

TEST(RowName, IsAnEntityNameOrARangeOfThem) {
  for (const char* name : {"c1", "c{1..40}", "{1..2}-x", "a.b_c-d", "c{0..0}"})
    EXPECT_TRUE(is_row_name(name)) << name;
  for (const char* name : {"", "-c", "c 1", "c{2..1}", "c{1..}", "c{01..02}", "c{1..2}{3..4}",
                           "c{1-2}", "c{..2}", "c{1..99999999}", "c/1"})
    EXPECT_FALSE(is_row_name(name)) << name;
  EXPECT_FALSE(is_row_name(std::string(64, 'a')));
}

TEST(Fold, WritesARunOfContainersAsOneRow) {
  std::vector<Container> all;
  for (int i = 8; i <= 12; ++i) {
    const std::string n = std::to_string(i);
    all.push_back(row("c" + n, "ccc-" + std::string(4 - n.size(), '0') + n, "dev" + n + "@x"));
  }
  const auto rows = fold(all);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.front(), row("c{8..12}", "ccc-{n:4}", "dev{n}@x"));
}

TEST(Fold, BreaksARunWhereSomethingElseChanges) {
  std::vector<Container> all;
  for (int i = 1; i <= 8; ++i) {
    all.push_back(row("c" + std::to_string(i), "c" + std::to_string(i), "a"));
    if (i > 4) all.back().state = ContainerState::kStopped;
  }
  EXPECT_EQ(fold(all).size(), 2U);
  all[6].owner = "b";
  EXPECT_EQ(fold(all).size(), 5U) << "short runs stay rows of their own";
}

}  // namespace
}  // namespace wme::scenarios
