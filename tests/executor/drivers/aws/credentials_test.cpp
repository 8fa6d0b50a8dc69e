#include "executor/drivers/aws/credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "tests/executor/drivers/aws/scripted_ec2.hpp"

namespace wme::executor::aws {
namespace {

using ::testing::HasSubstr;

/// Answers by target; whatever it does not know cannot be reached.
class FakeMetadata : public HttpTransport {
 public:
  Result<HttpAnswer> send(const HttpCall& call) override {
    calls.push_back(call);
    const auto place = answers.find(call.method + " " + call.base + call.target);
    if (place == answers.end()) return Error{ErrorCode::kUnreachable, "no route to host"};
    return place->second;
  }
  std::map<std::string, HttpAnswer> answers;
  std::vector<HttpCall> calls;
};

class CredentialChainTest : public ::testing::Test {
 protected:
  CredentialChainTest() {
    std::filesystem::create_directories(home_ / ".aws");
    environment_["HOME"] = home_.string();
  }
  ~CredentialChainTest() override { std::filesystem::remove_all(home_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(home_ / name) << text;
  }
  Result<Credentials> found() { return chain_.credentials(); }

  const std::filesystem::path home_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string("aws-") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
  std::map<std::string, std::string, std::less<>> environment_;
  FakeMetadata metadata_;
  std::chrono::sys_seconds now_{std::chrono::seconds(1700000000)};
  CredentialChain chain_{[this](std::string_view name) -> std::optional<std::string> {
                           const auto place = environment_.find(name);
                           if (place == environment_.end()) return std::nullopt;
                           return place->second;
                         },
                         metadata_, [this] { return now_; }};
};

TEST_F(CredentialChainTest, TakesTheEnvironmentFirst) {
  environment_["AWS_ACCESS_KEY_ID"] = "AKENV";
  environment_["AWS_SECRET_ACCESS_KEY"] = "s";
  environment_["AWS_SESSION_TOKEN"] = "t";
  write(".aws/credentials", "[default]\naws_access_key_id=AKFILE\naws_secret_access_key=f\n");
  EXPECT_EQ(found().value().key.access_key_id, "AKENV");
  EXPECT_EQ(found().value().key.session_token.reveal(), "t");
}

TEST_F(CredentialChainTest, TakesAnEmptyVariableForUnset) {
  environment_["AWS_ACCESS_KEY_ID"] = "";
  write(".aws/credentials", "[default]\naws_access_key_id = AKFILE\naws_secret_access_key = f\n");
  EXPECT_EQ(found().value().key.access_key_id, "AKFILE");
  EXPECT_EQ(found().value().source, "profile default");
}

TEST_F(CredentialChainTest, ReadsTheProfileThatIsAskedForFromBothFiles) {
  environment_["AWS_PROFILE"] = "ops";
  environment_["AWS_SHARED_CREDENTIALS_FILE"] = (home_ / "keys").string();
  write("keys",
        "# mine\n[default]\naws_access_key_id=AKDEF\naws_secret_access_key=d\n\n[ops]\n"
        "AWS_Access_Key_Id = AKOPS\n");
  write(".aws/config", "[profile ops]\naws_secret_access_key=from-config\ns3 =\n  size = 1\n");
  EXPECT_EQ(found().value().key.access_key_id, "AKOPS");
  EXPECT_EQ(found().value().key.secret_access_key.reveal(), "from-config");
}

TEST_F(CredentialChainTest, RefusesAProfileThatIsNotThere) {
  environment_["AWS_PROFILE"] = "opps";
  ASSERT_FALSE(found());
  EXPECT_EQ(found().error().code, ErrorCode::kInvalid);
  EXPECT_THAT(found().error().message, HasSubstr("'opps' (AWS_PROFILE)"));
}

TEST_F(CredentialChainTest, NamesFileAndLineOfADamagedFile) {
  write(".aws/credentials", "[default]\nnonsense\n");
  EXPECT_THAT(found().error().message, HasSubstr("credentials:2: neither"));
}

TEST_F(CredentialChainTest, SaysWhatItDoesNotSupportInsteadOfTakingOthers) {
  write(".aws/config", "[default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = y\n");
  EXPECT_EQ(found().error().code, ErrorCode::kInvalid);
  EXPECT_THAT(found().error().message, HasSubstr("role_arn"));
}

TEST_F(CredentialChainTest, RefusesHalfAKey) {
  environment_["AWS_ACCESS_KEY_ID"] = "AKENV";
  EXPECT_THAT(found().error().message, HasSubstr("without AWS_SECRET_ACCESS_KEY"));
}

const char* const kRoleAnswer =
    R"({"Code":"Success","AccessKeyId":"ASIA1","SecretAccessKey":"s","Token":"t",)"
    R"("Expiration":"2023-11-14T23:00:00Z"})";

TEST_F(CredentialChainTest, AsksTheInstanceWithASessionAndRenewsInTime) {
  const std::string base = "http://169.254.169.254/latest/";
  const std::string roles = "meta-data/iam/security-credentials/";
  metadata_.answers["PUT " + base + "api/token"] = {200, {}, "session"};
  metadata_.answers["GET " + base + roles] = {200, {}, "recovery\n"};
  metadata_.answers["GET " + base + roles + "recovery"] = {200, {}, kRoleAnswer};
  EXPECT_EQ(found().value().key.access_key_id, "ASIA1");
  EXPECT_EQ(metadata_.calls.back().headers.front(),
            (std::pair<std::string, std::string>("x-aws-ec2-metadata-token", "session")));
  ASSERT_TRUE(found());
  EXPECT_EQ(metadata_.calls.size(), 3U);
  now_ += std::chrono::minutes(42);  // 22:13:20 + 42 min: less than 5 min are left
  ASSERT_TRUE(found());
  EXPECT_EQ(metadata_.calls.size(), 6U);
}

TEST_F(CredentialChainTest, AsksTheContainerBeforeTheInstance) {
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:99/role";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "auth";
  metadata_.answers["GET http://127.0.0.1:99/role"] = {200, {}, kRoleAnswer};
  EXPECT_EQ(found().value().source, "container role");
}

TEST_F(CredentialChainTest, SaysWhereItLookedWhenThereIsNothing) {
  EXPECT_EQ(found().error().code, ErrorCode::kInvalid) << "the input is to be mended, as for any "
                                                          "other missing secret";
  for (const char* tried : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "profile 'default'",
                            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "role of this EC2 instance"})
    EXPECT_THAT(found().error().message, HasSubstr(tried));
}

TEST_F(CredentialChainTest, LeavesTheInstanceAloneWhenThatIsOff) {
  environment_["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_FALSE(found());
  EXPECT_TRUE(metadata_.calls.empty());
}

}  // namespace
}  // namespace wme::executor::aws
