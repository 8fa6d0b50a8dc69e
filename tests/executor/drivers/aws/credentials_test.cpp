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

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

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
  std::vector<std::vector<std::string>> programs_;
  Result<ProgramEnd> program_end_ = ProgramEnd{127, ""};
  CredentialChain chain_{{[this](std::string_view name) -> std::optional<std::string> {
                            const auto place = environment_.find(name);
                            if (place == environment_.end()) return std::nullopt;
                            return place->second;
                          },
                          metadata_, [this] { return now_; },
                          [this](const std::vector<std::string>& words) {
                            programs_.push_back(words);
                            return program_end_;
                          },
                          ""}};
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
  write(".aws/config", "[default]\nsso_session = corp\n");
  EXPECT_EQ(found().error().code, ErrorCode::kInvalid);
  EXPECT_THAT(found().error().message,
              AllOf(HasSubstr("sso_session"), HasSubstr("aws configure export-credentials")));
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

TEST_F(CredentialChainTest, GivesTheContainersTokenFromTheFileAsItIsNow) {
  environment_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/1";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "stale";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = (home_ / "token").string();
  EXPECT_THAT(found().error().message, HasSubstr("token: it is not there"));
  write("token", "fresh\n");
  metadata_.answers["GET http://169.254.170.2/v2/credentials/1"] = {200, {}, kRoleAnswer};
  ASSERT_TRUE(found()) << found().error().message;
  EXPECT_EQ(metadata_.calls.back().headers.back(),
            (std::pair<std::string, std::string>("Authorization", "fresh")));
}

TEST_F(CredentialChainTest, SendsNoTokenOverPlainHttpToStrangers) {
  for (const char* url : {"http://example.com/role", "http://10.0.0.1/role", "ftp://127.0.0.1/",
                          "http://127.0.0.1.example.com/", "http://localhost.example.com/"}) {
    environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    EXPECT_EQ(found().error().code, ErrorCode::kInvalid) << url;
  }
  EXPECT_TRUE(metadata_.calls.empty());
  for (const char* url : {"https://example.com/role", "http://169.254.170.23/v1/credentials",
                          "http://[::1]:8/r", "http://localhost:9/"}) {
    environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    EXPECT_EQ(found().error().code, ErrorCode::kUnreachable) << url;
  }
}

TEST_F(CredentialChainTest, TellsARoleThatIsRefusedFromOneThatIsAwayForAMoment) {
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:99/role";
  auto& answer = metadata_.answers["GET http://127.0.0.1:99/role"];
  answer = {403, {}, ""};
  EXPECT_EQ(found().error().code, ErrorCode::kRefused);
  answer = {503, {}, ""};
  EXPECT_EQ(found().error().code, ErrorCode::kThrottled);
  answer = {200, {}, R"({"code":"NoRole","message":"the task has no role"})"};
  EXPECT_EQ(found().error().code, ErrorCode::kRefused);
  EXPECT_THAT(found().error().message, HasSubstr("the task has no role"));
}

TEST_F(CredentialChainTest, GoesOnWithWhatItHasWhileNothingNewerIsToBeHad) {
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:99/role";
  auto& answer = metadata_.answers["GET http://127.0.0.1:99/role"];
  answer = {200, {}, kRoleAnswer};  // until 23:00
  ASSERT_TRUE(found());
  answer = {503, {}, ""};
  now_ += std::chrono::minutes(45);  // 22:58:20
  EXPECT_TRUE(found());
  now_ += std::chrono::minutes(2);
  EXPECT_EQ(found().error().code, ErrorCode::kThrottled) << "expired ones are not used";
}

TEST_F(CredentialChainTest, SearchesAfreshForWhatTheOtherSideRefused) {
  write(".aws/credentials", "[default]\naws_access_key_id=AK1\naws_secret_access_key=f\n");
  ASSERT_EQ(found().value().key.access_key_id, "AK1");
  write(".aws/credentials", "[default]\naws_access_key_id=AK2\naws_secret_access_key=f\n");
  EXPECT_EQ(found().value().key.access_key_id, "AK1");
  chain_.forget();
  EXPECT_EQ(found().value().key.access_key_id, "AK2");
}

TEST_F(CredentialChainTest, RunsTheProgramOfTheProfileAgainWhenItsKeysEnd) {
  write(".aws/config", "[default]\ncredential_process = /opt/keys --for \"the run\"\n");
  program_end_ = ProgramEnd{0, R"({"Version":1,"AccessKeyId":"AKP","SecretAccessKey":"s",)"
                               R"("SessionToken":"t","Expiration":"2023-11-15T00:00:00+01:00"})"};
  ASSERT_TRUE(found()) << found().error().message;
  EXPECT_EQ(found().value().key.session_token.reveal(), "t");
  EXPECT_THAT(programs_, ElementsAre(ElementsAre("/bin/sh", "-c", "/opt/keys --for \"the run\"")));
  now_ += std::chrono::minutes(42);
  ASSERT_TRUE(found());
  EXPECT_EQ(programs_.size(), 2U);
}

TEST_F(CredentialChainTest, NeverShowsWhatAProgramPrinted) {
  write(".aws/config", "[default]\ncredential_process = keys\n");
  program_end_ = ProgramEnd{3, "SECRETKEY"};
  EXPECT_EQ(found().error().code, ErrorCode::kRefused);
  EXPECT_THAT(found().error().message, AllOf(HasSubstr("status 3"), Not(HasSubstr("SECRETKEY"))));
  program_end_ = ProgramEnd{0, "SECRETKEY"};
  EXPECT_THAT(found().error().message,
              AllOf(HasSubstr("\"Version\": 1"), Not(HasSubstr("SECRETKEY"))));
  program_end_ = Error{ErrorCode::kFailed, "took longer than 60 s"};
  EXPECT_THAT(found().error().message, HasSubstr("took longer"));
}

TEST_F(CredentialChainTest, RefusesATimeThatItCannotRead) {
  write(".aws/config", "[default]\ncredential_process = keys\n");
  program_end_ = ProgramEnd{
      0, R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"tomorrow"})"};
  EXPECT_THAT(found().error().message, HasSubstr("'tomorrow'"));
}

TEST_F(CredentialChainTest, AsksTheInstanceWhereItIsSaidToBe) {
  environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:1338/";
  EXPECT_FALSE(found());
  ASSERT_FALSE(metadata_.calls.empty());
  EXPECT_EQ(metadata_.calls.front().base, "http://127.0.0.1:1338");
  environment_.erase("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
  EXPECT_FALSE(found());
  EXPECT_EQ(metadata_.calls.back().base, "http://[fd00:ec2::254]");
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
