#include "executor/drivers/gcp/credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/executor/drivers/gcp/scripted_google.hpp"

namespace wme::executor::gcp {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kMetadata = "GET /computeMetadata/v1/instance/service-accounts/default/token";

class GoogleCredentials : public ::testing::Test {
 protected:
  GoogleCredentials() {
    std::string name = (fs::temp_directory_path() / "google-credentials-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~GoogleCredentials() override { fs::remove_all(folder_); }

  std::string file(const std::string& name, const json& content) {
    const fs::path path = folder_ / name;
    std::ofstream(path) << content.dump();
    return path.string();
  }
  json service_account() const {
    return {{"type", "service_account"},  {"client_email", "ops@p.iam"},
            {"private_key_id", "k1"},     {"private_key", test_private_key()},
            {"project_id", "of-the-key"}, {"token_uri", "https://oauth.test/token"}};
  }
  CredentialChain chain(std::map<std::string, std::string> variables) {
    return {environment_of(std::move(variables)), google_, [this] { return now_; }};
  }

  fs::path folder_;
  ScriptedGoogle google_;
  std::chrono::sys_seconds now_ = kTestTime;
};

TEST_F(GoogleCredentials, TakeATokenFromTheEnvironmentFirst) {
  auto both = chain({{"GOOGLE_OAUTH_ACCESS_TOKEN", "one"}, {"CLOUDSDK_AUTH_ACCESS_TOKEN", "two"}});
  EXPECT_EQ(both.token().value().text.reveal(), "one");
  auto second = chain({{"GOOGLE_OAUTH_ACCESS_TOKEN", ""}, {"CLOUDSDK_AUTH_ACCESS_TOKEN", "two"}});
  EXPECT_EQ(second.token().value().text.reveal(), "two");
  EXPECT_TRUE(google_.calls().empty());
}

TEST_F(GoogleCredentials, ExchangeAServiceAccountsAssertionAndKeepTheToken) {
  google_.answer("POST /token", {{"access_token", "t1"}, {"expires_in", 3599}});
  google_.answer("POST /token", {{"access_token", "t2"}, {"expires_in", 3599}});
  auto account = chain({{"GOOGLE_APPLICATION_CREDENTIALS", file("key.json", service_account())}});
  const auto token = account.token();
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token.value().text.reveal(), "t1");
  EXPECT_EQ(token.value().source, "service account ops@p.iam");
  const HttpCall& sent = google_.calls().front();
  EXPECT_EQ(sent.base, "https://oauth.test");
  EXPECT_THAT(sent.body,
              AllOf(HasSubstr("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"),
                    HasSubstr("&assertion=ey")));
  now_ += std::chrono::minutes(50);
  EXPECT_EQ(account.token().value().text.reveal(), "t1");
  now_ += std::chrono::minutes(7);  // before it expires, not after
  EXPECT_EQ(account.token().value().text.reveal(), "t2");
  EXPECT_EQ(account.project().value(), "of-the-key");
}

TEST_F(GoogleCredentials, RefreshAUsersLogin) {
  fs::create_directories(folder_ / ".config" / "gcloud");
  file(".config/gcloud/application_default_credentials.json",
       {{"type", "authorized_user"},
        {"client_id", "id.apps"},
        {"client_secret", "s&t"},
        {"refresh_token", "1//r"},
        {"quota_project_id", "of-the-login"}});
  google_.answer("POST /token", {{"access_token", "t1"}, {"expires_in", 3599}});
  auto login = chain({{"HOME", folder_.string()}});
  ASSERT_TRUE(login.token());
  EXPECT_EQ(google_.calls().front().base, "https://oauth2.googleapis.com");
  EXPECT_EQ(
      google_.calls().front().body,
      "grant_type=refresh_token&client_id=id.apps&client_secret=s%26t&refresh_token=1%2F%2Fr");
  EXPECT_EQ(login.project().value(), "of-the-login");
}

TEST_F(GoogleCredentials, AskTheMetadataServerOfTheMachine) {
  google_.answer(kMetadata, {{"access_token", "m1"}, {"expires_in", 100}});
  auto machine = chain({{"GCE_METADATA_HOST", "metadata.test:80"}});
  EXPECT_EQ(machine.token().value().text.reveal(), "m1");
  const HttpCall& sent = google_.calls().front();
  EXPECT_EQ(sent.base, "http://metadata.test:80");
  EXPECT_EQ(sent.headers.front(),
            (std::pair<std::string, std::string>("Metadata-Flavor", "Google")));
  auto disabled = chain({{"NO_GCE_CHECK", "true"}});
  EXPECT_EQ(disabled.token().error().code, ErrorCode::kInvalid);
}

TEST_F(GoogleCredentials, AreTakenFromNobodyWhoOnlyAnswersThere) {
  // A captive portal answers everything with 200, but is no metadata server.
  class Portal : public HttpTransport {
   public:
    Result<HttpAnswer> send(const HttpCall&) override {
      return HttpAnswer{200, {}, R"({"access_token":"evil","expires_in":9})"};
    }
  } portal;
  CredentialChain chain(environment_of({}), portal, [] { return kTestTime; });
  EXPECT_THAT(chain.token().error().message, HasSubstr("none found"));
}

TEST_F(GoogleCredentials, SayWhatIsWrongWithoutTheSecret) {
  google_.answer("POST /token",
                 {{"error", "invalid_grant"}, {"error_description", "Invalid JWT Signature."}},
                 400);
  auto account = chain({{"GOOGLE_APPLICATION_CREDENTIALS", file("key.json", service_account())}});
  const auto refused = account.token();
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("invalid_grant: Invalid JWT Signature;"),
                                             HasSubstr("clock"), Not(HasSubstr("BEGIN"))));
}

TEST_F(GoogleCredentials, NameVariableFileReasonAndWhatToDo) {
  const auto why_of = [&](const std::string& path) {
    const auto error = chain({{"GOOGLE_APPLICATION_CREDENTIALS", path}}).token().error();
    EXPECT_EQ(error.code, ErrorCode::kInvalid);
    EXPECT_THAT(error.message, HasSubstr("GOOGLE_APPLICATION_CREDENTIALS=" + path));
    return error.message;
  };
  const auto why = [&](const json& content) { return why_of(file("other.json", content)); };
  EXPECT_THAT(why("text"), HasSubstr("is no JSON object: name the key file of a service account"));
  EXPECT_THAT(why({{"type", "external_account"}}),
              HasSubstr("is of type 'external_account', which is not supported"));
  EXPECT_THAT(why({{"installed", json::object()}}), HasSubstr("has no type"));
  EXPECT_THAT(why({{"type", "service_account"}}), HasSubstr("lacks client_email, private_key"));
  EXPECT_THAT(why({{"type", "authorized_user"}}), HasSubstr("lacks client_id, refresh_token"));
  json damaged = service_account();
  damaged["private_key"] = "-----BEGIN";
  EXPECT_THAT(why(damaged),
              AllOf(HasSubstr("is no RSA key"), HasSubstr("download"), Not(HasSubstr("BEGIN"))));
  EXPECT_THAT(why_of("/none"), HasSubstr("No such file or directory: correct the variable"));
  EXPECT_THAT(why_of(folder_.string()), HasSubstr("Is a directory"));
}

/// What gcloud has left is no variable's: it is named as what it is.
TEST_F(GoogleCredentials, NameTheLoginOfGcloudWhenItIsDamaged) {
  fs::create_directories(folder_ / ".config" / "gcloud");
  file(".config/gcloud/application_default_credentials.json", "text");
  EXPECT_THAT(chain({{"HOME", folder_.string()}}).token().error().message,
              AllOf(HasSubstr("the login of gcloud, " + folder_.string()),
                    HasSubstr("gcloud auth application-default login"),
                    Not(HasSubstr("GOOGLE_APPLICATION_CREDENTIALS="))));
}

TEST_F(GoogleCredentials, SendNoSecretInClear) {
  json account = service_account();
  account["token_uri"] = "http://oauth.example/token";
  const auto refused =
      chain({{"GOOGLE_APPLICATION_CREDENTIALS", file("key.json", account)}}).token();
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr("token_uri"), HasSubstr("http://oauth.example/token")));
  const std::string login = file("login.json", {{"type", "authorized_user"},
                                                {"client_id", "id.apps"},
                                                {"client_secret", "s"},
                                                {"refresh_token", "r"}});
  EXPECT_THAT(chain({{"GOOGLE_APPLICATION_CREDENTIALS", login},
                     {"CLOUDSDK_AUTH_TOKEN_HOST", "http://oauth.example/token"}})
                  .token()
                  .error()
                  .message,
              HasSubstr("CLOUDSDK_AUTH_TOKEN_HOST"));
  EXPECT_TRUE(google_.calls().empty());
}

TEST_F(GoogleCredentials, CannotBeHadFromASilentServerAndThenBeInDoubt) {
  google_.lose("POST /token", ErrorCode::kUnknownOutcome);
  auto account = chain({{"GOOGLE_APPLICATION_CREDENTIALS", file("key.json", service_account())}});
  EXPECT_EQ(account.token().error().code, ErrorCode::kUnreachable);
}

}  // namespace
}  // namespace wme::executor::gcp
