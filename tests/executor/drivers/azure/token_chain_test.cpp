#include "executor/drivers/azure/token_chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/executor/drivers/azure/scripted_arm.hpp"

namespace wme::executor::azure {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;

const ArmPlace kPlace{"https://management.azure.com",
                      "https://login.microsoftonline.com",
                      "https://management.azure.com",
                      "sub",
                      "group",
                      "westeurope"};
constexpr const char* kGiven =
    R"({"token_type":"Bearer","expires_in":3599,"access_token":"first"})";

class Chain : public ::testing::Test {
 protected:
  Result<AccessToken> ask(const std::map<std::string, std::string>& variables) {
    chain_ = std::make_unique<TokenChain>(kPlace, environment_of(variables), arm_,
                                          [this] { return now_; });
    return chain_->token();
  }
  static std::map<std::string, std::string> principal() {
    return {{"AZURE_TENANT_ID", "tenant"},
            {"AZURE_CLIENT_ID", "client"},
            {"AZURE_CLIENT_SECRET", "s&cret"}};
  }
  ScriptedArm arm_;
  std::chrono::sys_seconds now_{std::chrono::seconds(1700000000)};
  std::unique_ptr<TokenChain> chain_;
};

TEST_F(Chain, AsksForAPrincipalsTokenAsTheManualSays) {
  arm_.will_answer(200, kGiven);
  const auto token = ask(principal());
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token.value().token.reveal(), "first");
  ASSERT_EQ(arm_.calls.size(), 1U);
  EXPECT_EQ(arm_.calls[0].base + arm_.calls[0].target,
            "https://login.microsoftonline.com/tenant/oauth2/v2.0/token");
  EXPECT_EQ(arm_.calls[0].body,
            "grant_type=client_credentials&client_id=client&scope=https%3A%2F%2Fmanagement.azure."
            "com%2F.default&client_secret=s%26cret");
}

TEST_F(Chain, KeepsATokenUntilShortlyBeforeItEnds) {
  arm_.will_answer(200, kGiven);
  arm_.will_answer(200, R"({"expires_in":"3599","access_token":"second"})");
  ASSERT_TRUE(ask(principal()));
  now_ += minutes(54);
  EXPECT_EQ(chain_->token().value().token.reveal(), "first");
  now_ += minutes(2);
  EXPECT_EQ(chain_->token().value().token.reveal(), "second");
  EXPECT_EQ(arm_.calls.size(), 2U);
}

TEST_F(Chain, AsksAnewWhenItIsToldTo) {
  arm_.will_answer(200, kGiven);
  arm_.will_answer(200, kGiven);
  ASSERT_TRUE(ask(principal()));
  chain_->renew();
  ASSERT_TRUE(chain_->token());
  EXPECT_EQ(arm_.calls.size(), 2U);
}

TEST_F(Chain, TellsARefusedSecretWithoutTheSecret) {
  arm_.will_answer(401, R"({"error":"invalid_client","error_description":"AADSTS7000215: no"})");
  const auto token = ask(principal());
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, ErrorCode::kRefused);
  EXPECT_THAT(token.error().message, HasSubstr("AADSTS7000215"));
  EXPECT_THAT(token.error().message, ::testing::Not(HasSubstr("s&cret")));
}

TEST_F(Chain, SortsWhatKeepsItFromAToken) {
  arm_.will_answer(503, "");
  EXPECT_EQ(ask(principal()).error().code, ErrorCode::kThrottled);
  arm_.will_fail(ErrorCode::kUnknownOutcome);  // of the request that needs it nothing was sent
  EXPECT_EQ(ask(principal()).error().code, ErrorCode::kUnreachable);
  arm_.will_answer(200, "{}");
  EXPECT_EQ(ask(principal()).error().code, ErrorCode::kRefused);
}

TEST_F(Chain, TakesTheFormOfAdFs) {
  ArmPlace place = kPlace;
  place.authority = "https://adfs.local/adfs";
  arm_.will_answer(200, kGiven);
  TokenChain chain(place, environment_of(principal()), arm_, [this] { return now_; });
  ASSERT_TRUE(chain.token());
  EXPECT_EQ(arm_.calls[0].base + arm_.calls[0].target, "https://adfs.local/adfs/oauth2/token");
}

TEST_F(Chain, TakesAFederatedToken) {
  const auto file = std::filesystem::temp_directory_path() / "azure-federated-token";
  std::ofstream(file) << "assertion\n";
  arm_.will_answer(200, kGiven);
  auto variables = principal();
  variables.erase("AZURE_CLIENT_SECRET");
  variables["AZURE_FEDERATED_TOKEN_FILE"] = file.string();
  ASSERT_TRUE(ask(variables));
  EXPECT_THAT(arm_.calls[0].body, HasSubstr("client_assertion=assertion"));
  EXPECT_THAT(arm_.calls[0].body, HasSubstr("jwt-bearer"));
  std::filesystem::remove(file);
}

TEST_F(Chain, AsksManagedIdentitiesWhereThereIsNoPrincipal) {
  arm_.will_answer(200, R"({"access_token":"mine","expires_in":"86400"})");
  ASSERT_TRUE(ask(
      {{"IDENTITY_ENDPOINT", "http://localhost:42356/msi/token"}, {"IDENTITY_HEADER", "header"}}));
  EXPECT_EQ(arm_.calls[0].target,
            "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com");
  EXPECT_EQ(arm_.calls[0].headers.front().second, "header");
  arm_.will_answer(200, R"({"access_token":"mine","expires_in":"86400"})");
  ASSERT_TRUE(ask({}));
  EXPECT_EQ(arm_.calls[1].base, "http://169.254.169.254");
  EXPECT_EQ(arm_.calls[1].headers.front(),
            (std::pair<std::string, std::string>("Metadata", "true")));
}

TEST_F(Chain, SaysWhereItLookedAndWhatItDoesNotDo) {
  const auto none = ask({});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(none.error().message, HasSubstr("REHYDRATE_AZURE_TOKEN"));
  EXPECT_THAT(ask({{"AZURE_CLIENT_CERTIFICATE_PATH", "a.pem"}}).error().message,
              HasSubstr("not supported"));
  EXPECT_EQ(ask({{"AZURE_CLIENT_SECRET", "x"}}).error().code, ErrorCode::kInvalid);
}

TEST_F(Chain, NamesWhatIsSetAndWhatIsMissing) {
  auto half = principal();
  half.erase("AZURE_CLIENT_SECRET");
  EXPECT_THAT(ask(half).error().message,
              HasSubstr("AZURE_TENANT_ID and AZURE_CLIENT_ID are set, but not AZURE_CLIENT_SECRET "
                        "(or AZURE_FEDERATED_TOKEN_FILE)"));
  half = principal();
  half.erase("AZURE_TENANT_ID");
  const auto without_tenant = ask(half);
  EXPECT_EQ(without_tenant.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(
      without_tenant.error().message,
      HasSubstr("AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are set, but not AZURE_TENANT_ID"));
  EXPECT_THAT(ask({{"AZURE_CLIENT_SECRET", "x"}}).error().message,
              HasSubstr("AZURE_CLIENT_SECRET is set, but not AZURE_TENANT_ID and AZURE_CLIENT_ID"));
  EXPECT_THAT(ask({{"IDENTITY_ENDPOINT", "http://localhost:1/msi/token"}}).error().message,
              HasSubstr("IDENTITY_ENDPOINT (set, but without IDENTITY_HEADER)"));
  EXPECT_THAT(ask({}).error().message, HasSubstr("AZURE_FEDERATED_TOKEN_FILE (not set)"));
}

/// A machine's own identity is asked for all the same: AZURE_CLIENT_ID says which of them.
TEST_F(Chain, TellsOfHalfAPrincipalWhenTheMachinesIdentityIsRefused) {
  arm_.will_answer(400, R"({"error":"invalid_request","error_description":"Identity not found."})");
  auto half = principal();
  half.erase("AZURE_CLIENT_SECRET");
  const std::string why = ask(half).error().message;
  EXPECT_THAT(why, HasSubstr("invalid_request: Identity not found;"));
  EXPECT_THAT(why, HasSubstr("but not AZURE_CLIENT_SECRET"));
  arm_.will_answer(200, kGiven);
  EXPECT_TRUE(ask({{"AZURE_CLIENT_ID", "mine"}}));
  EXPECT_THAT(arm_.calls.back().target, HasSubstr("client_id=mine"));
}

TEST_F(Chain, NamesAFederatedTokenFileThatCannotBeRead) {
  auto variables = principal();
  variables.erase("AZURE_CLIENT_SECRET");
  variables["AZURE_FEDERATED_TOKEN_FILE"] = "/none/token";
  EXPECT_THAT(ask(variables).error().message,
              HasSubstr("AZURE_FEDERATED_TOKEN_FILE=/none/token: No such file or directory"));
}

/// App Service has its endpoint on a link-local address of the machine, in clear.
TEST_F(Chain, SendsTheHeaderOfAnIdentityInClearToTheMachineOnly) {
  const auto asked_at = [&](const char* url) {
    return ask({{"IDENTITY_ENDPOINT", url}, {"IDENTITY_HEADER", "header"}}).error();
  };
  for (const char* url : {"http://169.254.129.2:8081/msi/token", "http://localhost:42356/msi/token",
                          "https://identity.example/token"})
    EXPECT_EQ(asked_at(url).code, ErrorCode::kUnreachable) << url;
  const std::size_t sent = arm_.calls.size();
  for (const char* url : {"http://identity.example/token", "http://169.254.evil.example/token"}) {
    EXPECT_EQ(asked_at(url).code, ErrorCode::kInvalid) << url;
    EXPECT_THAT(asked_at(url).message, HasSubstr("IDENTITY_ENDPOINT"));
  }
  EXPECT_EQ(arm_.calls.size(), sent);
}

TEST_F(Chain, TellsAnAnswerWithoutDoubledStops) {
  arm_.will_answer(401, R"({"error":"invalid_client","error_description":"AADSTS7000215: no. "})");
  EXPECT_EQ(ask(principal()).error().message,
            "Azure credentials: client client of tenant tenant: status 401, invalid_client: "
            "AADSTS7000215: no; check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET");
}

TEST_F(Chain, TakesATokenOfTheCliAsItIs) {
  EXPECT_EQ(ask({{"REHYDRATE_AZURE_TOKEN", "given"}}).value().token.reveal(), "given");
  EXPECT_TRUE(arm_.calls.empty());
}

}  // namespace
}  // namespace wme::executor::azure
