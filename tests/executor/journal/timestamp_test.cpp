#include "executor/journal/timestamp.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>

namespace wme::executor {
namespace {

TEST(Timestamp, IsWrittenAsRfc3339InUtcWithMilliseconds) {
  using namespace std::chrono;
  const TimePoint time = sys_days{2026y / November / 22} + 2h + 3min + 4s + 5ms;
  EXPECT_EQ(rfc3339(time), "2026-11-22T02:03:04.005Z");
}

TEST(Timestamp, RefusesWhatItWouldNotWrite) {
  for (const char* text :
       {"", "2026-11-22", "2026-11-22T02:03:04Z", "2026-11-22 02:03:04.005Z",
        "2026-02-30T00:00:00.000Z", "2026-11-22T24:00:00.000Z", "2026-11-22T02:60:00.000Z",
        "2026-11-22T02:03:04.005+", "2026-1 -22T02:03:04.005Z", "2026-11-22T02:03:-1.005Z"})
    EXPECT_FALSE(time_from_rfc3339(text)) << text;
}

RC_GTEST_PROP(Timestamp, ReadsBackWhatItWrote, ()) {
  const auto milliseconds = *rc::gen::inRange<std::int64_t>(0, 253'402'300'799'999);
  const TimePoint time{std::chrono::milliseconds{milliseconds}};
  RC_ASSERT(time_from_rfc3339(rfc3339(time)) == time);
}

}  // namespace
}  // namespace wme::executor
