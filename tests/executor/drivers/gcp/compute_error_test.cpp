#include "executor/drivers/gcp/compute_error.hpp"

#include <gtest/gtest.h>

namespace wme::executor::gcp {
namespace {

TEST(ComputeErrors, AreSortedByWhatTheyCallFor) {
  using E = ErrorCode;
  EXPECT_EQ(classify(403, "rateLimitExceeded", false), E::kThrottled);
  EXPECT_EQ(classify(403, "userRateLimitExceeded", false), E::kThrottled);
  EXPECT_EQ(classify(429, "", false), E::kThrottled);
  EXPECT_EQ(classify(403, "quotaExceeded", false), E::kFailed);
  EXPECT_EQ(classify(403, "forbidden", false), E::kRefused);
  EXPECT_EQ(classify(403, "", true), E::kRefused);
  EXPECT_EQ(classify(401, "required", true), E::kRefused);
  EXPECT_EQ(classify(400, "required", false), E::kInvalid);
  EXPECT_EQ(classify(400, "invalid", false), E::kInvalid);
  EXPECT_EQ(classify(400, "resourceNotReady", false), E::kBlocked);
  EXPECT_EQ(classify(400, "resourceInUseByAnotherResource", false), E::kBlocked);
  EXPECT_EQ(classify(409, "alreadyExists", false), E::kBlocked);
  EXPECT_EQ(classify(412, "conditionNotMet", false), E::kBlocked);
  EXPECT_EQ(classify(404, "notFound", true), E::kNotFound);
  // A read is simply asked again; a change may have happened.
  for (const int status : {500, 502, 503}) {
    EXPECT_EQ(classify(status, "backendError", true), E::kThrottled);
    EXPECT_EQ(classify(status, "", false), E::kUnknownOutcome);
  }
  EXPECT_EQ(classify(302, "", true), E::kFailed);
}

TEST(ComputeErrors, OfOperationsNeverPassByAskingAgain) {
  EXPECT_EQ(classify_operation("ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS"), ErrorCode::kFailed);
  EXPECT_EQ(classify_operation("QUOTA_EXCEEDED"), ErrorCode::kFailed);
  EXPECT_EQ(classify_operation("IP_IN_USE_BY_ANOTHER_RESOURCE"), ErrorCode::kFailed);
  EXPECT_EQ(classify_operation("PERMISSIONS_ERROR"), ErrorCode::kRefused);
  EXPECT_NE(advice("ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS"), "");
  EXPECT_NE(advice("IP_IN_USE_BY_ANOTHER_RESOURCE"), "");
  EXPECT_EQ(advice("INTERNAL_ERROR"), "");
}

}  // namespace
}  // namespace wme::executor::gcp
