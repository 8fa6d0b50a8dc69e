#include "executor/drivers/gcp/compute_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/executor/drivers/gcp/scripted_google.hpp"

namespace wme::executor::gcp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kList = "GET /compute/v1/projects/p/things";
constexpr const char* kPost = "POST /compute/v1/projects/p/things";

class ComputeClientTest : public ::testing::Test {
 protected:
  ScriptedGoogle google_;
  CredentialChain chain_{environment_of({{"GOOGLE_OAUTH_ACCESS_TOKEN", "ya29.secret"}}), google_,
                         [] { return kTestTime; }};
  ComputeClient client_{google_, test_place(), chain_};
};

TEST_F(ComputeClientTest, ReadsAllPagesWithTheToken) {
  google_.answer(kList, {{"items", {{{"name", "a"}}}}, {"nextPageToken", "n/1"}});
  google_.answer(kList, {{"items", {{{"name", "b"}}}}});
  const auto all = client_.list("projects/p/things", {{"filter", "name = \"a b\""}});
  ASSERT_TRUE(all);
  EXPECT_EQ(all.value().size(), 2U);
  EXPECT_EQ(query_of(google_.calls()[0], "filter"), "name = \"a b\"");
  EXPECT_EQ(query_of(google_.calls()[0], "pageToken"), "none");
  EXPECT_EQ(query_of(google_.calls()[1], "pageToken"), "n/1");
  EXPECT_EQ(google_.calls()[0].headers.front().second, "Bearer ya29.secret");
}

TEST_F(ComputeClientTest, SaysWhatWasTriedAndWhyItFailed) {
  google_.answer_error(kList, 403, "rateLimitExceeded", "too fast");
  const auto answer = client_.get("projects/p/things");
  EXPECT_EQ(answer.error().code, ErrorCode::kThrottled);
  EXPECT_EQ(answer.error().message, "Compute Engine GET things: rateLimitExceeded: too fast");
  EXPECT_THAT(answer.error().message, Not(HasSubstr("ya29")));
}

TEST_F(ComputeClientTest, ReadsTheNewerFormOfErrors) {
  google_.answer(
      kList, {{"error", {{"code", 429}, {"message", "m"}, {"status", "RESOURCE_EXHAUSTED"}}}}, 429);
  EXPECT_EQ(client_.get("projects/p/things").error().code, ErrorCode::kThrottled);
  google_.answer("GET /compute/v1/projects/p/more", "<html>", 502);
  EXPECT_THAT(client_.get("projects/p/more").error().message, HasSubstr("status 502"));
}

TEST_F(ComputeClientTest, TriesOnceMoreWithAnotherTokenThatWasWithdrawn) {
  google_.answer_error(kPost, 401, "authError");
  google_.answer(kPost, {{"name", "op"}, {"status", "PENDING"}});
  EXPECT_TRUE(client_.change("POST", "projects/p/things", {}, "id"));
  EXPECT_EQ(google_.calls().size(), 2U);
  google_.answer_error("POST /compute/v1/projects/p/other", 401, "authError");
  EXPECT_EQ(client_.change("POST", "projects/p/other", {}, "id").error().code, ErrorCode::kRefused);
}

TEST_F(ComputeClientTest, TellsALostChangeFromALostRead) {
  google_.lose(kList, ErrorCode::kUnknownOutcome);
  EXPECT_EQ(client_.get("projects/p/things").error().code, ErrorCode::kThrottled);
  google_.lose(kPost, ErrorCode::kUnknownOutcome);
  EXPECT_EQ(client_.change("POST", "projects/p/things", {}, "id").error().code,
            ErrorCode::kUnknownOutcome);
  google_.lose("POST /compute/v1/projects/p/off", ErrorCode::kUnreachable);
  EXPECT_EQ(client_.change("POST", "projects/p/off", {}, "id").error().code,
            ErrorCode::kUnreachable);
}

TEST_F(ComputeClientTest, TakesAnOperationThatFailedForAnError) {
  google_.answer(kPost,
                 {{"status", "DONE"},
                  {"error", {{"errors", {{{"code", "QUOTA_EXCEEDED"}, {"message", "CPUS"}}}}}}});
  const auto failed = client_.change("POST", "projects/p/things", {}, "id", {{"name", "x"}});
  EXPECT_EQ(failed.error().code, ErrorCode::kFailed);
  EXPECT_THAT(failed.error().message, HasSubstr("QUOTA_EXCEEDED: CPUS; ask for a higher quota"));
  EXPECT_EQ(query_of(google_.calls().front(), "requestId"), "id");
}

}  // namespace
}  // namespace wme::executor::gcp
