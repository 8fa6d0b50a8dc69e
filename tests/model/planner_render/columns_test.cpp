#include "model/planner/render/columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wme::model {
namespace {

using testing::ElementsAre;

TEST(Broken, PrefersSpaces) {
  EXPECT_THAT(broken("Park container c1 on the Platform", 12),
              ElementsAre("Park", "container c1", "on the", "Platform"));
}

TEST(Broken, ThenBreaksAfterMarks) {
  EXPECT_THAT(broken("B07/D02/D03", 8), ElementsAre("B07/D02/", "D03"));
  EXPECT_THAT(broken("snapshot(snap-wm-runtime)", 12),
              ElementsAre("snapshot(", "snap-wm-", "runtime)"));
}

TEST(Broken, ThenBreaksAnywhereBetweenCharacters) {
  EXPECT_THAT(broken("abcdefgh", 3), ElementsAre("abc", "def", "gh"));
  EXPECT_THAT(broken("ééééé", 2), ElementsAre("éé", "éé", "é"));
}

TEST(Broken, GivesOneEmptyLineForNothing) {
  EXPECT_THAT(broken("", 5), ElementsAre(""));
  EXPECT_THAT(broken("   ", 5), ElementsAre(""));
}

TEST(Broken, NeverExceedsTheWidthAndLosesNoLetter) {
  const std::string text = "Stop the WME services on platform/and-wait, until(all) are Stoppéd";
  for (std::size_t width = 1; width < 70; ++width) {
    std::string letters;
    for (const std::string& line : broken(text, width)) {
      EXPECT_LE(columns_of(line), width);
      letters += line;
    }
    std::string expected = text;
    std::erase(expected, ' ');
    std::erase(letters, ' ');
    EXPECT_EQ(letters, expected) << width;
  }
}

TEST(Row, LaysCellsOutUnderEachOther) {
  EXPECT_EQ(row({"s1", "Park it now", "s2, s3"}, {4, 8, 6}),
            "s1    Park it   s2, s3\n"
            "      now\n");
  EXPECT_EQ(row({"é", "x"}, {2, 1}), "é   x\n");
}

TEST(Paragraph, IndentsUnderItsFirstWord) {
  EXPECT_EQ(paragraph("  Size  ", "one two three four five six seven", 32),
            "  Size  one two three four five\n"
            "        six seven\n");
}

}  // namespace
}  // namespace wme::model
