#include "scenarios/inventory/version.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wme::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParseVersion, TakesFullBuildStrings) {
  EXPECT_EQ(parse_version("10.3.1.ee.8273p1"), (BuildVersion{10, 3, 1, 8273, 1}));
  EXPECT_EQ(parse_version("11.0.2.beta.ee.9936p1"), (BuildVersion{11, 0, 2, 9936, 1}));
  EXPECT_EQ(parse_version("11.15.4.ee.11000"), (BuildVersion{11, 15, 4, 11000, 0}));
}

TEST(ParseVersion, TakesNothingShorter) {
  for (const char* text : {"", "11", "11.7", "11.7.3", "11.7.3.ee", "11.7.3.ee.", "11.7.3.10412p1",
                           "11.7.3.ee.10412p", "11.7.3.ee.10412p1x", "v11.7.3.ee.10412p1",
                           "11.7.3.BETA.ee.1", "11.7.-3.ee.1", "11.7.3.ee.99999999999"})
    EXPECT_FALSE(parse_version(text)) << text;
}

TEST(VersionsIn, FindsBuildStringsWithinAUrl) {
  EXPECT_THAT(versions_in("https://x.example/11.8/WME-multi-studio-11.0.2.beta.ee.9936p1.tar"),
              ElementsAre("11.0.2.beta.ee.9936p1"));
  EXPECT_THAT(versions_in("https://10.0.0.1/wme_migrations.tar"), ElementsAre());
  EXPECT_THAT(versions_in("a/11.7.3.ee.1p1/b-11.7.3.ee.2.deb"),
              ElementsAre("11.7.3.ee.1p1", "11.7.3.ee.2"));
}

struct Path {
  const char* source;
  const char* target;
};
std::ostream& operator<<(std::ostream& out, const Path& path) {
  return out << path.source << " to " << path.target;
}

class Documented : public testing::TestWithParam<Path> {};
TEST_P(Documented, UpgradeIsAllowed) {
  EXPECT_TRUE(check_upgrade_path(GetParam().source, GetParam().target));
}
INSTANTIATE_TEST_SUITE_P(
    UpgradePath, Documented,
    testing::Values(Path{"10.13.2.ee.1p1", "11.1.3.ee.2"}, Path{"10.13.0.ee.1", "11.8.1.ee.2"},
                    Path{"11.10.5.ee.1", "11.11.0.ee.2"}, Path{"10.6.0.ee.1", "10.13.2.ee.2"},
                    Path{"10.6.9.ee.1", "10.7.0.ee.2"}, Path{"10.5.3.ee.1", "10.6.1.ee.2"}));

class Undocumented : public testing::TestWithParam<Path> {};
TEST_P(Undocumented, UpgradeIsRefused) {
  EXPECT_FALSE(check_upgrade_path(GetParam().source, GetParam().target));
}
INSTANTIATE_TEST_SUITE_P(
    UpgradePath, Undocumented,
    testing::Values(Path{"10.12.9.ee.1", "11.8.1.ee.2"}, Path{"10.13.2.ee.1", "11.0.2.ee.2"},
                    Path{"10.13.2.ee.1", "11.9.0.ee.2"}, Path{"10.13.2.ee.1", "11.10.5.ee.2"},
                    Path{"10.13.2.ee.1", "11.11.0.ee.2"}, Path{"11.10.4.ee.1", "11.11.0.ee.2"},
                    Path{"11.10.5.ee.1", "11.12.0.ee.2"}, Path{"11.2.0.ee.1", "11.8.1.ee.2"},
                    Path{"10.5.2.ee.1", "10.6.0.ee.2"}, Path{"11.8.1.ee.2", "11.8.1.ee.2"},
                    Path{"11.8.1.ee.2", "10.13.2.ee.1"}, Path{"10.13", "11.8.1.ee.2"},
                    Path{"10.13.2.ee.1", "11.8"}));

TEST(UpgradePath, SaysWhichStepIsMissing) {
  const Status skipped = check_upgrade_path("10.13.2.ee.1p1", "11.11.0.ee.2");
  ASSERT_FALSE(skipped);
  EXPECT_EQ(skipped.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(skipped.error().message, HasSubstr("11.11 from 11.10.5 only"));
  EXPECT_THAT(skipped.error().message, HasSubstr("11.1 to 11.8 from 10.13"));
}

}  // namespace
}  // namespace wme::scenarios
