#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/simulators/azure/arm_door.hpp"

/// What Resource Manager is before any rule of machines and disks: paths, versions, tokens, errors,
/// pages, operations under way.
namespace wme::simulators::azure {
namespace {

using nlohmann::json;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

const std::string kPlatform = id_of(kMachineType, "wme-platform");

TEST(ArmFront, MatchesPathsWithoutCaseAndKeepsTheSpelling) {
  ArmDoor arm;
  const auto answer = arm.call("GET", lower(kPlatform));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("id"), kPlatform);
  EXPECT_EQ(arm.call("GET", kPlatform, nullptr, "API-VERSION=2026-03-01").status, 200);
}

TEST(ArmFront, WantsAnApiVersion) {
  ArmDoor arm;
  EXPECT_EQ(arm.call("GET", kPlatform, nullptr, "").code(), "MissingApiVersionParameter");
  EXPECT_EQ(arm.call("GET", kPlatform, nullptr, "api-version=latest").code(),
            "InvalidApiVersionParameter");
}

TEST(ArmFront, TakesItsOwnTokensOnly) {
  ArmDoor arm;
  const std::string target = kPlatform + "?api-version=2022-08-01";
  const auto without = arm.plain({"GET", kBase, target, {}, ""});
  EXPECT_EQ(without.status, 401);
  EXPECT_EQ(without.code(), "AuthenticationFailed");
  EXPECT_THAT(without.header("WWW-Authenticate"), HasSubstr("Bearer authorization_uri="));
  const auto wrong = arm.plain({"GET", kBase, target, {{"Authorization", "Bearer x.y.z"}}, ""});
  EXPECT_EQ(wrong.code(), "InvalidAuthenticationToken");
  const std::string token = arm.token();
  const executor::HttpCall good{"GET", kBase, target, {{"Authorization", "Bearer " + token}}, ""};
  EXPECT_EQ(arm.plain(good).status, 200);
  arm.wall += seconds(3600);
  EXPECT_EQ(arm.plain(good).code(), "ExpiredAuthenticationToken");
}

TEST(ArmFront, TakesTokensForItselfOnly) {
  ArmDoor arm;
  const auto asked_with = [&](const std::string& resource) {
    const auto given =
        arm.plain({"GET",
                   kBase,
                   "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=" + resource,
                   {{"Metadata", "true"}},
                   ""});
    return arm.plain({"GET",
                      kBase,
                      kPlatform + "?api-version=2022-08-01",
                      {{"Authorization", "Bearer " + given.text("access_token")}},
                      ""});
  };
  const auto wrong = asked_with("https%3A%2F%2Fgraph.microsoft.com");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.code(), "InvalidAuthenticationTokenAudience");
  EXPECT_THAT(wrong.text("error/message"),
              HasSubstr("wrong audience or resource 'https://graph.microsoft.com'"));
  for (const char* own :
       {"http%3A%2F%2Farm.test", "http%3A%2F%2Farm.test%2F", "https%3A%2F%2Fmanagement.azure.com",
        "https%3A%2F%2Fmanagement.core.windows.net%2F"})
    EXPECT_EQ(asked_with(own).status, 200) << own;
}

TEST(ArmFront, RefusesVersionsThatItCannotHaveInTheWordsOfWhoeverWouldAnswer) {
  ArmDoor arm;
  const auto code = [&](const std::string& path, const std::string& version) {
    const auto answer = arm.call("GET", path, nullptr, "api-version=" + version);
    EXPECT_EQ(answer.status, 400) << path << " " << version;
    return answer.code();
  };
  const std::string group = kPlatform.substr(0, kPlatform.find("/providers"));
  for (const char* version : {"1999-01-01", "2014-12-01", "2099-01-01"})
    EXPECT_EQ(code(kPlatform, version), "NoRegisteredProviderFound") << version;
  EXPECT_EQ(code(group, "1999-01-01"), "InvalidApiVersionParameter");
  for (const char* version : {"2022-13-01", "2022-02-30", "latest", "2022-08-01x"})
    EXPECT_EQ(code(kPlatform, version), "InvalidApiVersionParameter") << version;
  EXPECT_THAT(
      arm.call("GET", kPlatform, nullptr, "api-version=1999-01-01").text("error/message"),
      HasSubstr("No registered resource provider found for location 'westeurope' and API version "
                "'1999-01-01' for type 'virtualMachines'"));
  for (const char* version : {"2015-05-01-preview", "2016-03-30", "2025-04-01"})
    EXPECT_EQ(arm.call("GET", kPlatform, nullptr, std::string("api-version=") + version).status,
              200);
}

TEST(ArmFront, KnowsNoOtherRegion) {
  ArmDoor arm;
  const auto disk = [&](const char* location) {
    return arm.call(
        "PUT", id_of(kDiskType, "own"),
        {{"location", location},
         {"properties", {{"creationData", {{"createOption", "Empty"}}}, {"diskSizeGB", 8}}}},
        "api-version=2022-07-02");
  };
  const auto refused = disk("mars");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.code(), "LocationNotAvailableForResourceType");
  EXPECT_EQ(refused.text("error/message"),
            "The provided location 'mars' is not available for resource type "
            "'Microsoft.Compute/disks'. List of available regions for the resource type is "
            "'westeurope'.");
  EXPECT_EQ(arm.call("GET", id_of(kDiskType, "own")).status, 404);
  EXPECT_EQ(disk("West Europe").status, 202);
  EXPECT_EQ(arm.call("GET", id_of(kDiskType, "own")).text("location"), "westeurope");
  const std::string sizes = "/subscriptions/" + ArmAccount().subscription +
                            "/providers/Microsoft.Compute/locations/mars/vmSizes";
  EXPECT_EQ(arm.call("GET", sizes).code(), "NoRegisteredProviderFound");
}

TEST(ArmFront, RefusesASecretThatIsNotTheClients) {
  ArmDoor arm;
  const ArmAccount account;
  const auto ask = [&](const std::string& form) {
    return arm.plain({"POST", kBase, "/" + account.tenant + "/oauth2/v2.0/token", {}, form});
  };
  const auto wrong = ask("grant_type=client_credentials&client_id=" + account.client +
                         "&client_secret=x&scope=https%3A%2F%2Fa%2F.default");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.text("error"), "invalid_client");
  EXPECT_EQ(ask("grant_type=password").text("error"), "unsupported_grant_type");
  EXPECT_EQ(ask("grant_type=client_credentials&client_id=x").text("error"), "unauthorized_client");
}

TEST(ArmFront, GivesTokensToManagedIdentitiesWithTheirHeader) {
  ArmDoor arm;
  const std::string target = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=x";
  EXPECT_EQ(arm.plain({"GET", kBase, target, {}, ""}).status, 400);
  const auto given = arm.plain({"GET", kBase, target, {{"Metadata", "true"}}, ""});
  EXPECT_EQ(given.text("token_type"), "Bearer");
  EXPECT_FALSE(given.text("access_token").empty());
}

TEST(ArmFront, TellsWhereTokensAreGiven) {
  ArmDoor arm;
  const ArmAccount account;
  const auto found = arm.plain(
      {"GET", kBase, "/" + account.tenant + "/v2.0/.well-known/openid-configuration", {}, ""});
  EXPECT_EQ(found.text("token_endpoint"),
            std::string(kBase) + "/" + account.tenant + "/oauth2/v2.0/token");
}

TEST(ArmFront, NamesWhatIsNotThere) {
  ArmDoor arm;
  EXPECT_EQ(arm.call("GET", id_of(kDiskType, "none")).code(), "ResourceNotFound");
  const ArmAccount account;
  const std::string at = "/subscriptions/" + account.subscription;
  EXPECT_EQ(arm.call("GET", at + "/resourceGroups/none/providers/Microsoft.Compute/disks").code(),
            "ResourceGroupNotFound");
  EXPECT_EQ(arm.call("GET", "/subscriptions/none").code(), "SubscriptionNotFound");
  EXPECT_EQ(arm.call("GET", at + "/providers/Microsoft.Fruit/bananas").code(),
            "InvalidResourceType");
  EXPECT_EQ(arm.call("DELETE", "/subscriptions/" + account.subscription).status, 405);
  EXPECT_EQ(arm.call("DELETE", id_of(kDiskType, "none")).status, 204);
}

TEST(ArmFront, FollowsAnOperationToItsEndInBothStyles) {
  ArmDoor arm;
  const auto accepted = arm.call("POST", kPlatform + "/deallocate");
  EXPECT_EQ(accepted.status, 202);
  const auto path = [](const std::string& url) {
    return url.substr(std::string(kBase).size(), url.find('?') - std::string(kBase).size());
  };
  const std::string url = accepted.header("Azure-AsyncOperation");
  ASSERT_FALSE(url.empty());
  EXPECT_FALSE(accepted.header("Retry-After").empty());
  EXPECT_EQ(arm.call("GET", path(url)).text("status"), "InProgress");
  const auto monitor = [&] {
    return arm.call("GET", path(accepted.header("Location")), nullptr,
                    "api-version=2022-08-01&monitor=true");
  };
  EXPECT_EQ(monitor().status, 202);
  EXPECT_FALSE(monitor().header("Retry-After").empty());
  arm.wait(minutes(5));
  EXPECT_EQ(arm.call("GET", path(url)).text("status"), "Succeeded");
  EXPECT_EQ(monitor().status, 200);
}

TEST(ArmFront, TellsAFailedOperationAsSuchAndNotAsAnHttpError) {
  ArmDoor arm(model::Procedure::kDehydrate,
              FaultSchedule({{"stop-machine", 1, Fault::kOutcomeFails}}));
  const auto accepted = arm.call("POST", kPlatform + "/deallocate");
  arm.wait(minutes(5));
  const std::string url = accepted.header("Azure-AsyncOperation").substr(std::string(kBase).size());
  const auto told = arm.call("GET", url.substr(0, url.find('?')));
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.text("status"), "Failed");
  EXPECT_EQ(told.code(), "InternalExecutionError");
  EXPECT_EQ(arm.call("GET", kPlatform).text("properties/provisioningState"), "Failed");
}

TEST(ArmFront, GivesLongListsInPages) {
  ArmDoor arm;
  for (int i = 0; i < 130; ++i)
    ASSERT_EQ(arm.call("PUT", id_of(kDiskType, "own-" + std::to_string(i)),
                       {{"location", "westeurope"},
                        {"properties",
                         {{"creationData", {{"createOption", "Empty"}}}, {"diskSizeGB", 8}}}},
                       "api-version=2022-07-02")
                  .status,
              202);
  const std::string all = id_of(kDiskType, "").substr(0, id_of(kDiskType, "").size() - 1);
  std::set<std::string> ids;
  std::string query = "api-version=2022-07-02";
  int pages = 0;
  for (; pages < 10 && !query.empty(); ++pages) {
    const auto page = arm.call("GET", all, nullptr, query);
    for (const json& each : items_at(page.body, "value")) ids.insert(text_at(each, "id"));
    const std::string next = page.text("nextLink");
    query = next.empty() ? "" : next.substr(next.find('?') + 1);
  }
  EXPECT_EQ(pages, 2);
  EXPECT_EQ(ids.size(), 135U);  // two machines' own, two trees and /data are there, too
}

struct Met {
  Fault fault;
  int status;
  const char* code;
};

class ArmFaults : public ::testing::TestWithParam<Met> {};

TEST_P(ArmFaults, HaveTheirOwnCodes) {
  ArmDoor arm(model::Procedure::kDehydrate,
              FaultSchedule({{"VirtualMachines_Deallocate", 1, GetParam().fault}}));
  const auto answer = arm.call("POST", kPlatform + "/deallocate");
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(answer.code(), GetParam().code);
  EXPECT_EQ(answer.status == 429, !answer.header("Retry-After").empty());
  const auto lock = arm.world().enter();
  EXPECT_TRUE(arm.world().is("power", {"platform"}, "running"));
}

INSTANTIATE_TEST_SUITE_P(Each, ArmFaults,
                         ::testing::Values(Met{Fault::kThrottled, 429, "TooManyRequests"},
                                           Met{Fault::kServerError, 500, "InternalServerError"},
                                           Met{Fault::kDenied, 403, "AuthorizationFailed"}));

TEST(ArmFront, ShowsAnOlderStateWhereAReadIsStale) {
  ArmDoor arm(model::Procedure::kDehydrate,
              FaultSchedule({{"VirtualMachines_InstanceView", 2, Fault::kStaleRead}}));
  const std::string view = kPlatform + "/instanceView";
  const auto before = arm.call("GET", view);
  ASSERT_EQ(arm.call("POST", kPlatform + "/deallocate").status, 202);
  EXPECT_EQ(arm.call("GET", view).body, before.body);
  EXPECT_NE(arm.call("GET", view).body, before.body);
}

TEST(ArmRoutes, NameASourceEachAndWhatTheyDoNotKnow) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const ArmRoute& each : arm_routes()) {
    EXPECT_TRUE(seen.insert({each.method, each.route}).second) << each.route;
    EXPECT_FALSE(each.origin.source().empty()) << each.operation;
    EXPECT_FALSE(each.action.empty()) << each.operation;
  }
  for (const LoginRoute& each : login_routes()) EXPECT_FALSE(each.origin.source().empty());
}

}  // namespace
}  // namespace wme::simulators::azure
