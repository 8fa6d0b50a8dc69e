#include "executor/drivers/aws/ec2_error.hpp"

#include <gtest/gtest.h>

namespace wme::executor::aws {
namespace {

TEST(Ec2Error, SortsCodesByWhatToDo) {
  const auto change = [](int status, const char* code) { return classify(status, code, false); };
  EXPECT_EQ(change(503, "RequestLimitExceeded"), ErrorCode::kThrottled);
  EXPECT_EQ(change(429, ""), ErrorCode::kThrottled);
  EXPECT_EQ(change(400, "SnapshotCreationPerVolumeRateExceeded"), ErrorCode::kThrottled);
  EXPECT_EQ(change(400, "InvalidVolume.NotFound"), ErrorCode::kNotFound);
  EXPECT_EQ(change(400, "IncorrectInstanceState"), ErrorCode::kBlocked);
  EXPECT_EQ(change(400, "InvalidIPAddress.InUse"), ErrorCode::kBlocked);
  EXPECT_EQ(change(401, "AuthFailure"), ErrorCode::kRefused);
  EXPECT_EQ(change(403, "UnauthorizedOperation"), ErrorCode::kRefused);
  EXPECT_EQ(change(400, "OperationNotPermitted"), ErrorCode::kFailed);
  EXPECT_EQ(change(400, "IdempotentParameterMismatch"), ErrorCode::kFailed);
  EXPECT_EQ(change(500, "InsufficientInstanceCapacity"), ErrorCode::kFailed);
  EXPECT_EQ(change(400, "InvalidParameterValue"), ErrorCode::kInvalid);
}

TEST(Ec2Error, TakesABrokenServerForAnUnknownOutcomeUnlessItOnlyRead) {
  EXPECT_EQ(classify(500, "InternalError", false), ErrorCode::kUnknownOutcome);
  EXPECT_EQ(classify(500, "InternalError", true), ErrorCode::kThrottled);
  EXPECT_EQ(classify(502, "", false), ErrorCode::kUnknownOutcome);
}

}  // namespace
}  // namespace wme::executor::aws
