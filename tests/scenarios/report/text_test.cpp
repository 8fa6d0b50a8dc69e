#include "scenarios/report/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>

namespace wme::scenarios {
namespace {

using namespace std::chrono_literals;

TEST(Text, WritesDurationsForPeople) {
  EXPECT_EQ(human(0ms), "0 s");
  EXPECT_EQ(human(180ms), "180 ms");
  EXPECT_EQ(human(3200ms), "3.2 s");
  EXPECT_EQ(human(3s), "3 s");
  EXPECT_EQ(human(59'600ms), "1 min");
  EXPECT_EQ(human(12min + 5s), "12 min 05 s");
  EXPECT_EQ(human(59min + 59'600ms), "1 h");
  EXPECT_EQ(human(64min), "1 h 04 min");
  EXPECT_EQ(human(2h), "2 h");
  EXPECT_EQ(human(-90s), "-1 min 30 s");
}

TEST(Text, WritesDurationsForMachines) {
  EXPECT_EQ(iso_duration(0ms), "PT0S");
  EXPECT_EQ(iso_duration(1h), "PT1H");
  EXPECT_EQ(iso_duration(64min + 12s), "PT1H4M12S");
  EXPECT_EQ(iso_duration(1500ms), "PT1.5S");
  EXPECT_EQ(iso_duration(60'001ms), "PT1M0.001S");
  EXPECT_EQ(iso_duration(-1s), "-PT1S");
}

TEST(Text, WritesTimesInUtc) {
  using namespace std::chrono;
  const TimePoint time = sys_days{2026y / November / 2} + 3h + 4min + 5s;
  EXPECT_EQ(utc(time), "2026-11-02T03:04:05Z");
  EXPECT_EQ(utc(time + 7ms), "2026-11-02T03:04:05.007Z");
  EXPECT_EQ(spoken(time), "2026-11-02 03:04:05 UTC");
  EXPECT_EQ(short_clock(64min + 12s), "1:04:12");
}

TEST(Text, GroupsDigitsOfLargeNumbers) {
  EXPECT_EQ(grouped(9999), "9999");
  EXPECT_EQ(grouped(50'000), "50\u202F000");
  EXPECT_EQ(grouped(-1'234'567), "-1\u202F234\u202F567");
}

TEST(Text, EscapesWhatMarkupWouldTakeForItself) {
  EXPECT_EQ(escaped("<b a=\"x\" b='y'>&"), "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
}

TEST(Text, ReplacesWhatXmlForbids) {
  EXPECT_EQ(printable(std::string("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(printable("bell\x07 tab\t"), "bell\uFFFD tab\t");
  EXPECT_EQ(printable("\xC3"), "\uFFFD");          // cut
  EXPECT_EQ(printable("\xC0\xAF"), "\uFFFD");      // overlong
  EXPECT_EQ(printable("\xED\xA0\x80"), "\uFFFD");  // surrogate
  EXPECT_EQ(printable("\xEF\xBF\xBF"), "\uFFFD");  // U+FFFF
  EXPECT_EQ(printable("ä€😀"), "ä€😀");
}

TEST(Text, ShortensByCharactersNotBytes) {
  EXPECT_EQ(shortened("Zürich", 6), "Zürich");
  EXPECT_EQ(shortened("Zürich", 4), "Zür…");
  EXPECT_EQ(character_count("Zür…"), 4U);
}

RC_GTEST_PROP(Text, IsPrintableOnceItWasMadeSo, (const std::string& text)) {
  const std::string once = printable(text);
  RC_ASSERT(printable(once) == once);
  RC_ASSERT(once.find('\0') == std::string::npos);
}

TEST(Text, NamesSteps) {
  ReportStep step;
  step.action = "passivate-container";
  step.arguments = {"c17"};
  EXPECT_EQ(name_of(step), "Passivate container c17");
}

}  // namespace
}  // namespace wme::scenarios
