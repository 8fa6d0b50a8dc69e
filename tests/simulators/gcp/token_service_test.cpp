#include "simulators/gcp/token_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "executor/drivers/gcp/credentials.hpp"
#include "executor/drivers/gcp/jwt.hpp"
#include "model/json/percent.hpp"

namespace wme::simulators::gcp {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* kBase = "http://127.0.0.1:1234";

class TokenServiceTest : public ::testing::Test {
 protected:
  TokenServiceTest() {
    std::string name =
        (std::filesystem::temp_directory_path() / "token-service-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    files_ = service_.write_files(kBase, folder_).value();
    std::ifstream file(files_.service_account);
    account_ = json::parse(file);
  }
  ~TokenServiceTest() override { std::filesystem::remove_all(folder_); }

  executor::gcp::JwtClaims claims() const {
    return {account_["client_email"], account_["token_uri"], "scope", now_, std::chrono::hours(1)};
  }
  HttpResponse exchange(const executor::gcp::JwtClaims& claims, const std::string& key) {
    const auto jwt = executor::gcp::signed_jwt(claims, executor::Secret(key), "k");
    const std::string form =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
        jwt.value().reveal();
    return service_.answer({"POST", "/token", {}, form}).value();
  }
  bool is_good(const std::string& token) const {
    return !service_.refusal({"GET", "/", {{"Authorization", "Bearer " + token}}, ""});
  }

  std::chrono::sys_seconds now_{std::chrono::seconds(1700000000)};
  TokenService service_{"p", [this] { return now_; }};
  std::filesystem::path folder_;
  TokenService::Files files_;
  json account_;
};

TEST_F(TokenServiceTest, WritesFilesThatOnlyTheOwnerReads) {
  for (const auto& path : {files_.service_account, files_.access_token}) {
    struct stat facts {};
    ASSERT_EQ(stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  }
  EXPECT_EQ(account_["type"], "service_account");
}

TEST_F(TokenServiceTest, GivesATokenForAnAssertionOfItsOwnAccount) {
  const HttpResponse answer = exchange(claims(), account_["private_key"]);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string token = json::parse(answer.body)["access_token"];
  EXPECT_TRUE(is_good(token));
  now_ += std::chrono::hours(2);
  EXPECT_FALSE(is_good(token)) << "it has expired";
}

TEST_F(TokenServiceTest, RefusesEveryOtherAssertion) {
  const std::string key = account_["private_key"];
  auto wrong = claims();
  wrong.issuer = "somebody@else";
  EXPECT_THAT(exchange(wrong, key).body, HasSubstr("invalid_grant"));
  wrong = claims();
  wrong.audience = "https://elsewhere/token";
  EXPECT_THAT(exchange(wrong, key).body, HasSubstr("audience"));
  wrong = claims();
  wrong.issued -= std::chrono::hours(2);
  EXPECT_THAT(exchange(wrong, key).body, HasSubstr("timeframe"));
  wrong = claims();
  wrong.issued += std::chrono::minutes(30);
  EXPECT_THAT(exchange(wrong, key).body, HasSubstr("timeframe"));
  wrong = claims();
  wrong.lifetime = std::chrono::hours(5);
  EXPECT_THAT(exchange(wrong, key).body, HasSubstr("timeframe"));
  TokenService other("p", [this] { return now_; });
  const auto others = other.write_files(kBase, folder_ / "other").value();
  std::ifstream file(others.service_account);
  EXPECT_THAT(exchange(claims(), json::parse(file)["private_key"]).body, HasSubstr("Signature"));
  EXPECT_EQ(service_.answer({"POST", "/token", {}, "grant_type=password"})->status, 400);
  EXPECT_EQ(service_
                .answer({"POST",
                         "/token",
                         {},
                         "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&"
                         "assertion=a.b.c"})
                ->status,
            400);
}

TEST_F(TokenServiceTest, AcceptsGooglesOwnAddressAsAudience) {
  auto as_gcloud = claims();
  as_gcloud.audience = "https://oauth2.googleapis.com/token";
  EXPECT_EQ(exchange(as_gcloud, account_["private_key"]).status, 200);
}

TEST_F(TokenServiceTest, IsTheMetadataServerForWhoKnowsTheHeader) {
  const std::string path = "/computeMetadata/v1/instance/service-accounts/default/token";
  EXPECT_EQ(service_.answer({"GET", path, {}, ""})->status, 403);
  const auto answer = service_.answer({"GET", path, {{"Metadata-Flavor", "Google"}}, ""});
  EXPECT_EQ(answer->status, 200);
  EXPECT_TRUE(is_good(json::parse(answer->body)["access_token"]));
  EXPECT_EQ(service_
                .answer({"GET",
                         "/computeMetadata/v1/project/project-id",
                         {{"Metadata-Flavor", "Google"}},
                         ""})
                ->body,
            "p");
  EXPECT_FALSE(service_.answer({"GET", "/compute/v1/projects/p", {}, ""}));
}

}  // namespace
}  // namespace wme::simulators::gcp
