#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "executor/drivers/aws/credentials.hpp"
#include "tests/executor/drivers/aws/fake_sts.hpp"

/// Roles that a profile, or the environment, has assumed by STS.
namespace wme::executor::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string kRecovery = "arn:aws:iam::123456789012:role/recovery";
const std::string kBridge = "arn:aws:iam::123456789012:role/bridge";

class RolesTest : public ::testing::Test {
 protected:
  RolesTest() {
    std::filesystem::create_directories(home_);
    environment_["AWS_CONFIG_FILE"] = (home_ / "config").string();
    environment_["AWS_PROFILE"] = "recovery";
    environment_["AWS_EC2_METADATA_DISABLED"] = "true";
    sts_.keys["AKOPS"] = {"AKOPS", "ops/secret+", ""};
    sts_.roles[kRecovery] = {"AKOPS", ""};
  }
  ~RolesTest() override { std::filesystem::remove_all(home_); }
  void config(const std::string& text) const { std::ofstream(home_ / "config") << text; }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(home_ / name) << text;
    return (home_ / name).string();
  }
  Result<Credentials> found() { return chain_.credentials(); }
  std::string problem() {
    const auto credentials = found();
    return credentials ? "found " + credentials.value().key.access_key_id
                       : credentials.error().message;
  }

  const std::filesystem::path home_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string("roles-") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
  const std::string ops_ =
      "[profile ops]\naws_access_key_id = AKOPS\naws_secret_access_key = "
      "ops/secret+\n";
  std::map<std::string, std::string, std::less<>> environment_;
  std::chrono::sys_seconds now_{std::chrono::seconds(1700000000)};
  FakeSts sts_{[this] { return now_; }};
  CredentialChain chain_{{[this](std::string_view name) -> std::optional<std::string> {
                            const auto place = environment_.find(name);
                            if (place == environment_.end()) return std::nullopt;
                            return place->second;
                          },
                          sts_,
                          [this] { return now_; },
                          {},
                          "eu-central-1"}};
};

TEST_F(RolesTest, AreAskedForWithTheSourceProfilesKeysSigned) {
  config(ops_ + "[profile recovery]\nrole_arn = " + kRecovery +
         "\nsource_profile = ops\nexternal_id = acme 7\nrole_session_name = night@acme\n"
         "duration_seconds = 900\n");
  sts_.roles[kRecovery].external_id = "acme 7";
  ASSERT_TRUE(found()) << problem();
  EXPECT_EQ(found().value().key.access_key_id, "ASIA1");
  EXPECT_EQ(found().value().key.session_token.reveal(), "token-ASIA1");
  EXPECT_EQ(found().value().source, "role of profile recovery");
  ASSERT_EQ(sts_.asked.size(), 1U) << "what was given is kept";
  EXPECT_EQ(sts_.asked.front(), (simulators::Form{{"Action", "AssumeRole"},
                                                  {"Version", "2011-06-15"},
                                                  {"RoleArn", kRecovery},
                                                  {"RoleSessionName", "night@acme"},
                                                  {"ExternalId", "acme 7"},
                                                  {"DurationSeconds", "900"}}));
}

TEST_F(RolesTest, AreAskedForAgainBeforeTheyEnd) {
  config(ops_ + "[profile recovery]\nrole_arn=" + kRecovery + "\nsource_profile=ops\n");
  ASSERT_TRUE(found()) << problem();
  EXPECT_EQ(sts_.asked.front().at("RoleSessionName"), "rehydrate-1700000000");
  now_ += std::chrono::minutes(54);
  EXPECT_EQ(found().value().key.access_key_id, "ASIA1");
  now_ += std::chrono::minutes(2);
  EXPECT_EQ(found().value().key.access_key_id, "ASIA2");
}

TEST_F(RolesTest, LeadToOneAnother) {
  config(ops_ + "[profile bridge]\nrole_arn=" + kBridge + "\nsource_profile=ops\n" +
         "[profile recovery]\nrole_arn=" + kRecovery + "\nsource_profile=bridge\n");
  sts_.roles[kBridge] = {"AKOPS", ""};
  sts_.roles[kRecovery] = {"ASIA1", ""};
  ASSERT_TRUE(found()) << problem();
  EXPECT_EQ(found().value().key.access_key_id, "ASIA2");
}

TEST_F(RolesTest, MayBeAskedForWithTheProfilesOwnKeys) {
  config(
      "[profile recovery]\naws_access_key_id=AKOPS\naws_secret_access_key=ops/secret+\nrole_arn=" +
      kRecovery + "\nsource_profile=recovery\n");
  EXPECT_TRUE(found()) << problem();
}

TEST_F(RolesTest, MayBeAskedForFromWhereThisRuns) {
  config("[profile recovery]\nrole_arn=" + kRecovery + "\ncredential_source=Ec2InstanceMetadata\n");
  EXPECT_THAT(problem(), HasSubstr("credential_source Ec2InstanceMetadata, where there are no"));
  environment_.erase("AWS_EC2_METADATA_DISABLED");
  const std::string base = "http://169.254.169.254/latest/";
  const std::string roles = "meta-data/iam/security-credentials/";
  sts_.others["PUT " + base + "api/token"] = {200, {}, "session"};
  sts_.others["GET " + base + roles] = {200, {}, "host"};
  sts_.others["GET " + base + roles + "host"] = {
      200, {}, R"({"Code":"Success","AccessKeyId":"ASIAHOST","SecretAccessKey":"s","Token":"t"})"};
  sts_.keys["ASIAHOST"] = {"ASIAHOST", "s", "t"};
  sts_.roles[kRecovery].trusted_key = "ASIAHOST";
  EXPECT_TRUE(found()) << problem();
}

TEST_F(RolesTest, MayBeAskedForWithTheEnvironmentsKeysOnlyByName) {
  config("[profile recovery]\nrole_arn=" + kRecovery + "\ncredential_source=Environment\n");
  environment_["AWS_ACCESS_KEY_ID"] = "AKOPS";
  environment_["AWS_SECRET_ACCESS_KEY"] = "ops/secret+";
  EXPECT_EQ(found().value().key.access_key_id, "AKOPS") << "the environment comes first, as in AWS";
}

TEST_F(RolesTest, TakeATokenOfAnotherProviderForProof) {
  environment_.erase("AWS_PROFILE");
  config("");
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = file("token", "header.payload.mark\n");
  EXPECT_THAT(problem(), HasSubstr("without AWS_ROLE_ARN"));
  environment_["AWS_ROLE_ARN"] = kRecovery;
  environment_["AWS_ROLE_SESSION_NAME"] = "pod-7";
  sts_.roles[kRecovery].trusted_key = "header.payload.mark";
  ASSERT_TRUE(found()) << problem();
  EXPECT_EQ(sts_.asked.front().at("RoleSessionName"), "pod-7");
  EXPECT_EQ(sts_.asked.front().at("Action"), "AssumeRoleWithWebIdentity");
}

TEST_F(RolesTest, ReadTheTokenOfAProfileEachTime) {
  config("[profile recovery]\nrole_arn=" + kRecovery +
         "\nweb_identity_token_file=" + (home_ / "token").string() + "\n");
  EXPECT_THAT(problem(), HasSubstr("the web identity token"));
  file("token", "one");
  sts_.roles[kRecovery].trusted_key = "two";
  EXPECT_THAT(problem(), HasSubstr("AccessDenied"));
  file("token", "two");
  EXPECT_TRUE(found()) << problem();
}

TEST_F(RolesTest, SayWhatToDoWhenStsRefuses) {
  config(ops_ + "[profile recovery]\nrole_arn=" + kRecovery + "\nsource_profile=ops\n");
  sts_.roles[kRecovery].external_id = "wanted";
  EXPECT_EQ(found().error().code, ErrorCode::kRefused);
  EXPECT_THAT(problem(), AllOf(HasSubstr(kRecovery), HasSubstr("AccessDenied"),
                               HasSubstr("trust policy"), HasSubstr("external_id")));
  sts_.keys["AKOPS"].secret = "other";
  EXPECT_THAT(problem(), AllOf(HasSubstr("SignatureDoesNotMatch"), HasSubstr("source profile")));
}

TEST_F(RolesTest, TellAnStsThatIsAwayFromOneThatRefuses) {
  config(ops_ + "[profile recovery]\nrole_arn=" + kRecovery + "\nsource_profile=ops\n");
  sts_.others["POST https://sts.eu-central-1.amazonaws.com/"] = {503, {}, "busy"};
  EXPECT_EQ(found().error().code, ErrorCode::kThrottled);
  sts_.others["POST https://sts.eu-central-1.amazonaws.com/"] = {404, {}, "<html/>"};
  EXPECT_THAT(problem(), HasSubstr("no answer of STS; check the endpoint"));
  sts_.others.clear();
  environment_["AWS_ENDPOINT_URL_STS"] = "http://nobody:1";
  EXPECT_EQ(found().error().code, ErrorCode::kUnreachable);
}

TEST_F(RolesTest, AreNotGuessedWhenTheProfileIsIncomplete) {
  const std::string role = "[profile recovery]\nrole_arn=" + kRecovery + "\n";
  config(role);
  EXPECT_THAT(problem(), HasSubstr("neither source_profile, credential_source nor"));
  config(role + "source_profile=ops\n");
  EXPECT_THAT(problem(), HasSubstr("source_profile ops, which is in neither file"));
  config(role + "source_profile=empty\n[profile empty]\nregion=eu-west-1\n");
  EXPECT_THAT(problem(), HasSubstr("leads to no credentials"));
  config(ops_ + role + "source_profile=ops\ncredential_source=Environment\n");
  EXPECT_THAT(problem(), HasSubstr("one of the two"));
  config(role + "credential_source=Elsewhere\n");
  EXPECT_THAT(problem(), HasSubstr("Ec2InstanceMetadata"));
  config(ops_ + role + "source_profile=ops\nmfa_serial=arn:aws:iam::1:mfa/me\n");
  EXPECT_THAT(problem(), HasSubstr("mfa_serial"));
  config(role + "source_profile=b\n[profile b]\nrole_arn=" + kBridge +
         "\nsource_profile=recovery\n");
  EXPECT_THAT(problem(), HasSubstr("in a circle"));
  EXPECT_TRUE(sts_.asked.empty());
}

}  // namespace
}  // namespace wme::executor::aws
