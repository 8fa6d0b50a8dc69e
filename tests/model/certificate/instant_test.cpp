#include "model/certificate/instant.hpp"

#include <gtest/gtest.h>

namespace wme::model {
namespace {

using std::chrono::seconds;

TEST(Instant, IsWrittenInUtcToTheSecond) {
  EXPECT_EQ(to_string(Instant{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_string(Instant{seconds{1795312800}}), "2026-11-22T02:00:00Z");
}

TEST(Instant, ReadsBackWhatItWrote) {
  for (const long at : {0L, 1L, 951827696L, 1795312800L, 4102444799L})
    EXPECT_EQ(instant_from(to_string(Instant{seconds{at}})), Instant{seconds{at}}) << at;
}

TEST(Instant, IsReadInThatOneForm) {
  for (const char* wrong : {"", "2026-11-22", "2026-11-22T02:00:00", "2026-11-22T02:00:00.000Z",
                            "2026-11-22t02:00:00Z", "2026-11-22 02:00:00Z", "2026-02-30T02:00:00Z",
                            "2026-13-01T02:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T02:60:00Z",
                            "2026-11-22T02:00:60Z", "1969-12-31T23:59:59Z", "+026-11-22T02:00:00Z",
                            "2026-11-22T-2:00:00Z", "2026-11-22T02:00:00z", "2026-11-22T 2:00:00Z"})
    EXPECT_EQ(instant_from(wrong), std::nullopt) << wrong;
}

TEST(Span, IsAWholeNumberOfMinutesHoursOrDays) {
  EXPECT_EQ(span_from("90m"), seconds{5400});
  EXPECT_EQ(span_from("12h"), seconds{43200});
  EXPECT_EQ(span_from("30d"), seconds{2592000});
  for (const char* wrong :
       {"", "d", "0d", "-1d", "30", "1.5h", "30 d", "1w", "30D", "99999d", "99999999999999999999d"})
    EXPECT_EQ(span_from(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace wme::model
