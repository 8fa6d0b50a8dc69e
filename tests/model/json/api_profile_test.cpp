#include "model/json/api_profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace wme::model {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

json built_in() { return json::parse(built_in_api_profile_text()); }

Result<ApiProfile> parse(const json& document) {
  return parse_api_profile(document.dump(), "mine.json");
}

TEST(ApiProfile, ReadsTheBuiltInTextAsAnyOtherFile) {
  EXPECT_TRUE(parse_api_profile(built_in_api_profile_text(), "built-in"));
  EXPECT_EQ(built_in_api_profile().name, "wme-11");
}

TEST(ApiProfile, HoldsThePublicEndpointsExactly) {
  const ApiProfile& profile = built_in_api_profile();

  EXPECT_EQ(profile.launchpad.operation("login").target({}), "/login/authenticate");
  EXPECT_EQ(profile.launchpad.operation("testInstance").target({}),
            "/container-services/rest/admin/instances/instance-info");
  EXPECT_EQ(profile.launchpad.field("cookie"), "auth_cookie");
  EXPECT_EQ(profile.config_wizard.operation("listInstallations").target({{"active", "true"}}),
            "/config-services/rest/installations?active=true");
  EXPECT_EQ(profile.config_wizard.word("login.admin"), "setup-admin");
  EXPECT_EQ(profile.license_service.operation("uploadLicense").target({}),
            "/license/admin/licenses/file");
}

TEST(ApiProfile, SaysOfEveryEntryWhereItWasRead) {
  for (const auto& [name, system] : built_in().at("systems").items())
    for (const auto& [section, entries] : system.items())
      for (const auto& [key, entry] : entries.items())
        EXPECT_TRUE(entry.at("provenance").get<std::string>().starts_with("["))
            << name << "/" << section << "/" << key;
}

TEST(ApiProfile, EncodesArgumentsIntoPathAndQuery) {
  const SystemProfile& launchpad = built_in_api_profile().launchpad;

  EXPECT_EQ(launchpad.operation("stopInstance").target({{"instanceId", "a/b c"}}),
            "/container-services/rest/admin/instances/a%2Fb%20c/stop");
  EXPECT_EQ(launchpad.operation("listContainers").target({{"shard", "s&1"}, {"page", "2"}}),
            "/container-services/rest/admin/containers?page=2&shardId=s%261");
}

TEST(ApiProfile, FindsTheOperationThatARequestAsksFor) {
  const SystemProfile& launchpad = built_in_api_profile().launchpad;

  const auto stop = launchpad.match("POST", "/container-services/rest/admin/instances/a%2Fb/stop");
  ASSERT_TRUE(stop);
  EXPECT_EQ(stop->operation, "stopInstance");
  EXPECT_EQ(stop->arguments.at("instanceId"), "a/b");
  const auto all =
      launchpad.match("POST", "/container-services/rest/admin/containers/hibernate-all");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->operation, "hibernateAll");
  EXPECT_FALSE(launchpad.match("GET", "/container-services/rest/admin/instances/a/stop"));
  EXPECT_FALSE(launchpad.match("POST", "/container-services/rest/admin/instances//stop"));
  EXPECT_FALSE(launchpad.match("POST", ""));
}

TEST(ApiProfile, PrefersTheOperationWithTheMoreFixedPath) {
  SystemProfile system;
  system.operations = {{"any", {"GET", "/a/{x}", {}, "[test]"}},
                       {"one", {"GET", "/a/b", {}, "[test]"}}};

  EXPECT_EQ(system.match("GET", "/a/b")->operation, "one");
  EXPECT_EQ(system.match("GET", "/a/c")->operation, "any");
}

TEST(ApiProfile, ReadsWordsWithoutCaseAndInTheirOtherSpellings) {
  const SystemProfile& launchpad = built_in_api_profile().launchpad;

  EXPECT_EQ(launchpad.meaning("container", "Running"), "running");
  EXPECT_EQ(launchpad.meaning("shard", "demo"), "qa");
  EXPECT_EQ(launchpad.meaning("instance", "UPGRADING"), "syncing");
  EXPECT_EQ(launchpad.meaning("container", "STARTED"), std::nullopt);
}

TEST(ApiProfile, ListsWordsOfAKindInOrder) {
  EXPECT_THAT(built_in_api_profile().config_wizard.words_of("serviceGroup"),
              ElementsAre("Service Registry", "Platform DB", "Image Registry", "Source Code Repo",
                          "Build Manager", "Load Balancer", "Cloud Manager", "Studio Manager",
                          "Monitoring"));
}

TEST(ApiProfile, TakesAnOperatorsOwnWords) {
  json mine = built_in();
  mine["systems"]["launchpad"]["operations"]["stopInstance"]["path"] = "/v2/{instanceId}/halt";
  mine["systems"]["launchpad"]["words"]["instance.stopped"]["text"] = "HALTED";

  const auto profile = parse(mine);

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile.value().launchpad.operation("stopInstance").target({{"instanceId", "i"}}),
            "/v2/i/halt");
  EXPECT_EQ(profile.value().launchpad.meaning("instance", "halted"), "stopped");
}

struct Mistake {
  const char* name;
  void (*make)(json&);
  const char* place;
  const char* reason;
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class ApiProfileMistake : public testing::TestWithParam<Mistake> {};

TEST_P(ApiProfileMistake, IsToldWithFilePlaceAndReason) {
  json mine = built_in();
  GetParam().make(mine);

  const auto profile = parse(mine);

  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(profile.error().message, AllOf(HasSubstr("mine.json"), HasSubstr(GetParam().place),
                                             HasSubstr(GetParam().reason)));
}

json& launchpad(json& document) { return document["systems"]["launchpad"]; }

INSTANTIATE_TEST_SUITE_P(
    All, ApiProfileMistake,
    testing::Values(
        Mistake{"OtherSchema", [](json& d) { d["schema"] = "rehydrate/api-profile/2"; }, "/schema",
                "rehydrate/api-profile/1"},
        Mistake{"NoObject", [](json& d) { d = json::array(); }, "/", "not an object"},
        Mistake{"UnknownTopKey", [](json& d) { d["extra"] = 1; }, "/", "\"extra\""},
        Mistake{"NoSystems", [](json& d) { d.erase("systems"); }, "/", "\"systems\" is missing"},
        Mistake{"NoLaunchpad", [](json& d) { d["systems"].erase("launchpad"); }, "/systems",
                "\"launchpad\" is missing"},
        Mistake{"SystemOfWrongType", [](json& d) { launchpad(d) = 7; }, "/systems/launchpad",
                "not an object"},
        Mistake{"SectionOfWrongType", [](json& d) { launchpad(d)["fields"] = "x"; },
                "/systems/launchpad/fields", "not an object"},
        Mistake{"UnknownKeyInEntry",
                [](json& d) { launchpad(d)["operations"]["login"]["pth"] = "/x"; },
                "/systems/launchpad/operations/login", "\"pth\""},
        Mistake{"NoMethod", [](json& d) { launchpad(d)["operations"]["login"]["method"] = "GETS"; },
                "/systems/launchpad/operations/login/method", "no method"},
        Mistake{"NoPath", [](json& d) { launchpad(d)["operations"]["login"]["path"] = "login?a"; },
                "/systems/launchpad/operations/login/path", "no path"},
        Mistake{"PathOfWrongType", [](json& d) { launchpad(d)["operations"]["login"]["path"] = 1; },
                "/systems/launchpad/operations/login/path", "not a text"},
        Mistake{"LostPlaceholder",
                [](json& d) { launchpad(d)["operations"]["stopInstance"]["path"] = "/stop"; },
                "/systems/launchpad/operations/stopInstance/path", "placeholders"},
        Mistake{
            "LostQueryWord",
            [](json& d) { launchpad(d)["operations"]["listContainers"]["query"].erase("page"); },
            "/systems/launchpad/operations/listContainers/query", "words"},
        Mistake{"QueryOfWrongType",
                [](json& d) { launchpad(d)["operations"]["listContainers"]["query"] = "page"; },
                "/systems/launchpad/operations/listContainers/query", "not an object"},
        Mistake{"NoProvenance",
                [](json& d) { launchpad(d)["fields"]["cookie"].erase("provenance"); },
                "/systems/launchpad/fields/cookie", "\"provenance\" is missing"},
        Mistake{"EmptyField", [](json& d) { launchpad(d)["fields"]["cookie"]["name"] = ""; },
                "/systems/launchpad/fields/cookie/name", "empty"},
        Mistake{"MissingEntry", [](json& d) { launchpad(d)["words"].erase("container.running"); },
                "/systems/launchpad/words", "\"container.running\" is missing"},
        Mistake{"SurplusEntry",
                [](json& d) {
                  launchpad(d)["words"]["x.y"] = {{"text", "X"}, {"provenance", "[x]"}};
                },
                "/systems/launchpad/words/x.y", "nothing reads"},
        Mistake{"AmbiguousWord",
                [](json& d) { launchpad(d)["words"]["container.stopped"]["text"] = "running"; },
                "/systems/launchpad/words/container.", "means something else"},
        Mistake{"NegativeNumber",
                [](json& d) { launchpad(d)["numbers"]["page.size"]["value"] = -1; },
                "/systems/launchpad/numbers/page.size/value", "whole number"},
        Mistake{"NoChoice",
                [](json& d) { launchpad(d)["choices"]["instance.delete"]["value"] = "maybe"; },
                "/systems/launchpad/choices/instance.delete/value", "\"of\""},
        Mistake{"OtherChoices",
                [](json& d) {
                  launchpad(d)["choices"]["instance.delete"] = {
                      {"value", "maybe"}, {"of", {"maybe"}}, {"provenance", "[x]"}};
                },
                "/systems/launchpad/choices/instance.delete/of", "built-in list"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(ApiProfile, NamesTheLineOfAFileThatIsNoJson) {
  const auto profile = parse_api_profile("{\n\"schema\": }", "mine.json");

  ASSERT_FALSE(profile);
  EXPECT_THAT(profile.error().message, HasSubstr("mine.json:2:"));
}

TEST(ApiProfileDeathTest, StopsTheProgramWhenCodeAsksForAnUnknownEntry) {
  EXPECT_DEATH((void)built_in_api_profile().launchpad.field("no.such"), "no.such");
}

}  // namespace
}  // namespace wme::model
