#include "executor/drivers/azure/arm_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/drivers/azure/arm_error.hpp"
#include "tests/executor/drivers/azure/scripted_arm.hpp"

namespace wme::executor::azure {
namespace {

using ::testing::HasSubstr;

const ArmPlace kHere{"https://arm.test", "https://login.test", "https://arm.test", "sub", "group",
                     "westeurope"};
const std::string kDisk = id_of(kHere, kDisks, "d");

class Client : public ::testing::Test {
 protected:
  ScriptedArm arm_;
  TokenChain tokens_{kHere, environment_of({{"REHYDRATE_AZURE_TOKEN", "t0ken"}}), arm_,
                     [] { return std::chrono::sys_seconds(std::chrono::seconds(0)); }};
  ArmClient client_{arm_, kHere, tokens_};
  Error refused(int status, const std::string& body, bool reads, Headers headers = {}) {
    arm_.will_answer(status, body, std::move(headers));
    return reads ? client_.get(kDisk, "2022-07-02").error()
                 : client_.change("PUT", kDisk, "2022-07-02", {{"a", 1}}).error();
  }
};

TEST_F(Client, SendsVersionAndToken) {
  arm_.will_answer(200, R"({"id":"x"})");
  ASSERT_TRUE(client_.get(kDisk, "2022-07-02", "$expand=instanceView"));
  EXPECT_EQ(arm_.calls[0].target, kDisk + "?api-version=2022-07-02&$expand=instanceView");
  EXPECT_EQ(arm_.calls[0].headers[0].second, "Bearer t0ken");
}

TEST_F(Client, FollowsPagesButNotToOtherHosts) {
  arm_.will_answer(200, R"({"value":[{"n":1}],"nextLink":"https://arm.test/next?a=b"})");
  arm_.will_answer(200, R"({"value":[{"n":2}]})");
  const auto all = client_.list("/things", "2022-07-02");
  ASSERT_TRUE(all);
  EXPECT_EQ(all.value().size(), 2U);
  EXPECT_EQ(arm_.calls[1].target, "/next?a=b");
  arm_.will_answer(200, R"({"value":[],"nextLink":"https://evil.test/next"})");
  EXPECT_EQ(client_.list("/things", "2022-07-02").error().code, ErrorCode::kFailed);
  EXPECT_EQ(arm_.calls.size(), 3U);
}

TEST_F(Client, AsksOnceMoreWithANewTokenWhenOneIsNotTaken) {
  arm_.will_answer(401, R"({"error":{"code":"ExpiredAuthenticationToken","message":"old"}})");
  arm_.will_answer(200, "{}");
  EXPECT_TRUE(client_.get(kDisk, "2022-07-02"));
  arm_.will_answer(401, R"({"error":{"code":"InvalidAuthenticationToken","message":"no"}})");
  arm_.will_answer(401, R"({"error":{"code":"InvalidAuthenticationToken","message":"no"}})");
  EXPECT_EQ(client_.get(kDisk, "2022-07-02").error().code, ErrorCode::kRefused);
}

TEST_F(Client, SortsErrorsByWhatCanBeDone) {
  const Error throttled = refused(429, R"({"error":{"code":"OperationNotAllowed","message":"m"}})",
                                  false, {{"retry-after", "17"}});
  EXPECT_EQ(throttled.code, ErrorCode::kThrottled);
  EXPECT_THAT(throttled.message, HasSubstr("wait 17 s"));
  EXPECT_EQ(refused(500, "", true).code, ErrorCode::kThrottled);
  EXPECT_EQ(refused(500, "", false).code, ErrorCode::kUnknownOutcome);
  EXPECT_EQ(refused(503, R"({"error":{"code":"ServerTimeout","message":"m"}})", false).code,
            ErrorCode::kUnknownOutcome);
  EXPECT_EQ(
      refused(409, R"({"error":{"code":"OperationNotAllowed","message":"not now"}})", false).code,
      ErrorCode::kBlocked);
  EXPECT_EQ(
      refused(409,
              R"({"error":{"code":"OperationNotAllowed","message":"exceeding Quota of cores"}})",
              false)
          .code,
      ErrorCode::kFailed);
  EXPECT_EQ(refused(400, R"({"error":{"code":"NicInUse","message":"m"}})", false).code,
            ErrorCode::kBlocked);
  EXPECT_EQ(refused(409, R"({"code":"SkuNotAvailable","message":"no outer error"})", false).code,
            ErrorCode::kFailed);
  EXPECT_EQ(refused(404, R"({"error":{"code":"ResourceNotFound","message":"m"}})", true).code,
            ErrorCode::kNotFound);
  EXPECT_EQ(refused(404, R"({"error":{"code":"ResourceGroupNotFound","message":"m"}})", true).code,
            ErrorCode::kInvalid);
  EXPECT_EQ(refused(403, R"({"error":{"code":"AuthorizationFailed","message":"m"}})", true).code,
            ErrorCode::kRefused);
  EXPECT_EQ(refused(400, R"({"error":{"code":"InvalidParameter","message":"m"}})", false).code,
            ErrorCode::kInvalid);
  EXPECT_EQ(refused(418, "<html>", false).code, ErrorCode::kInvalid);
}

/// Azure ends its sentences; ours go on behind them.
TEST_F(Client, TellsAnErrorWithoutDoubledStops) {
  EXPECT_EQ(
      refused(409, R"({"error":{"code":"ScopeLocked","message":"It is locked. "}})", false).message,
      "Azure PUT disks/d: ScopeLocked: It is locked; remove the management lock for the time "
      "of the procedure");
  EXPECT_EQ(refused(429, R"({"error":{"code":"TooManyRequests","message":"Slow down."}})", true,
                    {{"Retry-After", "17"}})
                .message,
            "Azure GET disks/d: TooManyRequests: Slow down (it asks to wait 17 s)");
}

TEST_F(Client, TellsWhatIsUnderWay) {
  arm_.will_answer(202, "", {{"Azure-AsyncOperation", "https://arm.test/operations/0a1b?x=y"}});
  const auto accepted = client_.change("POST", kDisk + "/x", "2022-07-02", nullptr);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted.value().told, "202, under way as 0a1b");
  EXPECT_EQ(arm_.calls[0].body, "");
  arm_.will_answer(204, "");
  EXPECT_EQ(client_.change("DELETE", kDisk, "2022-07-02", nullptr).value().told, "204");
}

}  // namespace
}  // namespace wme::executor::azure
