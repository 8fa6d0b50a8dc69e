#include "simulators/core/faults.hpp"

#include <gtest/gtest.h>

namespace wme::simulators {
namespace {

TEST(FaultSchedule, StrikesTheNamedOccurrenceOfTheNamedOperationOnly) {
  FaultSchedule schedule({{"CreateSnapshot", 2, Fault::kAnswerLost}});

  EXPECT_EQ(schedule.next("CreateSnapshot"), Fault::kNone);
  EXPECT_EQ(schedule.next("DescribeSnapshots"), Fault::kNone);
  EXPECT_EQ(schedule.next("CreateSnapshot"), Fault::kAnswerLost);
  EXPECT_EQ(schedule.next("CreateSnapshot"), Fault::kNone);
}

TEST(FaultSchedule, CountsAnOperationOnceHoweverManyRulesNameIt) {
  FaultSchedule schedule({{"ssh mount", 3, Fault::kServerError},
                          {"ssh mount", 1, Fault::kThrottled},
                          {"ssh mount", 2, Fault::kRequestLost}});

  EXPECT_EQ(schedule.next("ssh mount"), Fault::kThrottled);
  EXPECT_EQ(schedule.next("ssh mount"), Fault::kRequestLost);
  EXPECT_EQ(schedule.next("ssh mount"), Fault::kServerError);
  EXPECT_EQ(schedule.next("ssh mount"), Fault::kNone);
}

TEST(FaultSchedule, NamesEachFaultDifferently) {
  EXPECT_EQ(to_string(Fault::kNone), "none");
  EXPECT_EQ(to_string(Fault::kRequestLost), "request-lost");
  EXPECT_EQ(to_string(Fault::kAnswerLost), "answer-lost");
  EXPECT_EQ(to_string(Fault::kThrottled), "throttled");
  EXPECT_EQ(to_string(Fault::kServerError), "server-error");
  EXPECT_EQ(to_string(Fault::kOutcomeFails), "outcome-fails");
  EXPECT_EQ(to_string(Fault::kStaleRead), "stale-read");
}

}  // namespace
}  // namespace wme::simulators
