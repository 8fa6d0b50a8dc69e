#include "simulators/config_wizard/config_wizard_front.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/core/restored_world.hpp"

namespace wme::simulators {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kInstallations = "/config-services/rest/installations";
const std::string kActive = kInstallations + "?active=true";
const std::string kLogin = R"({"name":"setup-admin","password":"Setup_123"})";

std::string action(const std::string& word) {
  return R"({"configId":"1","installationAction":{"action":")" + word + "\"}}";
}

template <class Base>
struct Wizard : Base {
  Wizard() : front(Base::world, model::built_in_api_profile(), small_logins()), client(front) {}
  void log_in() {
    ASSERT_EQ(client.send("POST", "/config-services/rest/login", kLogin).status, 200);
  }
  json installation() { return client.get(kActive).at(0); }

  ConfigWizardFront front;
  FrontClient client;
};

struct ConfigWizard : testing::Test, Wizard<SmallWorld> {};
struct RestoredConfigWizard : testing::Test, Wizard<RestoredWorld> {};

TEST_F(ConfigWizard, ShowsARunningInstallation) {
  log_in();

  const json seen = installation();

  EXPECT_EQ(seen["state"], "RUNNING");
  EXPECT_EQ(seen["installationAction"]["progress"], 100);
  EXPECT_EQ(seen["version"], "11.10.5.ee.10234p1");
  EXPECT_EQ(seen["serviceGroups"].size(), 9U);
  EXPECT_EQ(seen["serviceGroups"][0]["name"], "Service Registry");
  EXPECT_EQ(seen["serviceGroups"][8]["state"], "Running");
}

TEST_F(ConfigWizard, LetsOnlyTheSetupAdminIn) {
  EXPECT_EQ(client.status("GET", kActive), 401);
  EXPECT_EQ(client.status("POST", "/config-services/rest/login",
                          R"({"name":"setup-admin","password":"Wrong_123"})"),
            401);
  EXPECT_EQ(client.status("POST", "/config-services/rest/login",
                          R"({"name":"root","password":"Setup_123"})"),
            401);
  EXPECT_EQ(client.status("POST", "/config-services/rest/login", "not json"), 401);
  log_in();
  EXPECT_EQ(client.status("GET", kActive), 200);
}

TEST_F(ConfigWizard, StopsServiceGroupsInReverseOrderWithProgress) {
  log_in();

  EXPECT_EQ(client.status("POST", kInstallations, action("STOP")), 200);

  EXPECT_EQ(installation()["state"], "STOPPING");
  EXPECT_EQ(installation()["installationAction"]["progress"], 0);
  clock.advance(90s);
  const json half = installation();
  EXPECT_EQ(half["installationAction"]["action"], "STOP");
  EXPECT_EQ(half["installationAction"]["progress"], 50);
  EXPECT_EQ(half["serviceGroups"][0]["state"], "Stopping");
  EXPECT_EQ(half["serviceGroups"][8]["state"], "Stopped");
  EXPECT_EQ(client.status("POST", kInstallations, action("START")), 423);
  clock.advance(90s);
  EXPECT_EQ(installation()["state"], "STOPPED");
  EXPECT_EQ(installation()["serviceGroups"][0]["state"], "Stopped");
}

TEST_F(ConfigWizard, RecordsThatItWasStoppedTooEarly) {
  log_in();

  EXPECT_EQ(client.status("POST", kInstallations, action("STOP")), 200);

  EXPECT_THAT(broken_rules(), Contains("INV-05"));
}

TEST_F(ConfigWizard, RefusesWhatTheStateForbids) {
  log_in();
  EXPECT_EQ(client.status("POST", kInstallations, action("START")), 409);
  EXPECT_EQ(client.status("POST", kInstallations, action("SYNC")), 409);
  EXPECT_EQ(client.status("POST", kInstallations, action("UPGRADE")), 409);
  EXPECT_EQ(client.status("POST", kInstallations, action("EXPLODE")), 400);
  EXPECT_EQ(client.status("POST", kInstallations, "[]"), 400);
  EXPECT_EQ(client.status("POST", "/config-services/rest/setup?password=Fresh_123"), 409);
  EXPECT_THAT(broken_rules(), IsEmpty());
}

/// INIT is the end of the first-time wizard: a running installation is past that.
TEST_F(ConfigWizard, RefusesInitWhereWmeRunsAndRecordsItWhereItIsStopped) {
  log_in();
  EXPECT_EQ(client.status("POST", kInstallations, action("INIT")), 409);
  EXPECT_EQ(installation()["state"], "RUNNING");
  EXPECT_THAT(broken_rules(), IsEmpty());
  done("stop-services", {"platform"});
  // The vendor's own script takes a stopped WME for one that is not installed (wme.md 6).
  EXPECT_EQ(client.status("POST", kInstallations, action("INIT")), 200);
  EXPECT_THAT(broken_rules(), Contains("INV-40"));
}

TEST_F(ConfigWizard, StartsAgain) {
  log_in();
  client.send("POST", kInstallations, action("STOP"));
  clock.advance(180s);

  EXPECT_EQ(client.status("POST", kInstallations, action("START")), 200);

  EXPECT_EQ(installation()["state"], "STARTING");
  clock.advance(240s);
  EXPECT_EQ(installation()["state"], "RUNNING");
  EXPECT_EQ(installation()["installationAction"]["action"], "START");
}

TEST_F(ConfigWizard, ObeysCleanAndRecordsIt) {
  log_in();

  EXPECT_EQ(client.status("POST", kInstallations, action("CLEAN")), 200);

  EXPECT_THAT(broken_rules(), Contains("INV-40"));
}

TEST_F(ConfigWizard, DoesNotAnswerWithoutDocker) {
  done("stop-services", {"platform"});
  EXPECT_EQ(client.status("GET", "/config-services/rest/setup"), 200);

  done("stop-docker", {"platform"});

  EXPECT_EQ(client.status("GET", "/config-services/rest/setup"), 503);
}

TEST_F(ConfigWizard, KeepsTheConfigurationWithoutItsSecret) {
  log_in();
  const std::string path = "/config-services/rest/configurations";
  json sent = {{"enterpriseName", "acme"},
               {"entDomainName", "a.b"},
               {"cloudDomainName", "c.d"},
               {"adminUser", {{"emailId", "x@y"}, {"password", "Admin_123"}}}};

  EXPECT_EQ(client.get(path + "/1")["entDomainName"], "wavemaker.acme.com");
  EXPECT_EQ(client.status("POST", path, sent.dump()), 200);

  EXPECT_EQ(client.get(path + "/1")["entDomainName"], "a.b");
  EXPECT_THAT(client.get(path + "/1").dump(), testing::Not(HasSubstr("Admin_123")));
  EXPECT_EQ(client.status("GET", path + "/2"), 404);
  sent["adminUser"]["password"] = "weak";
  EXPECT_EQ(client.status("POST", path, sent.dump()), 400);
}

TEST_F(RestoredConfigWizard, CameBackConfiguredAndWaitsForSync) {
  const json setup = client.get("/config-services/rest/setup");

  EXPECT_EQ(setup["configured"], true);
  EXPECT_EQ(setup["state"], "NOT_CONFIGURED");
  EXPECT_EQ(value("portal", {"platform-new"}), "unknown") << "looking is not entering";
}

TEST_F(RestoredConfigWizard, IsEnteredByTheFirstLogin) {
  log_in();

  EXPECT_EQ(value("portal", {"platform-new"}), "entered");
  EXPECT_EQ(installation()["state"], "NOT_CONFIGURED");
  EXPECT_THAT(broken_rules(), IsEmpty());
}

TEST_F(RestoredConfigWizard, SyncsToRunningAtAHundred) {
  log_in();

  EXPECT_EQ(client.status("POST", kInstallations, action("SYNC")), 200);

  EXPECT_EQ(installation()["state"], "SYNCING");
  clock.advance(2400s);
  log_in();
  EXPECT_EQ(installation()["state"], "RUNNING");
  EXPECT_EQ(installation()["installationAction"]["progress"], 100);
}

TEST_F(RestoredConfigWizard, RecordsAFirstPasswordOnRestoredData) {
  EXPECT_EQ(client.status("POST", "/config-services/rest/setup?password=weak"), 400);
  EXPECT_THAT(broken_rules(), IsEmpty());

  EXPECT_EQ(client.status("POST", "/config-services/rest/setup?password=Fresh_123"), 200);

  EXPECT_THAT(broken_rules(), Contains("INV-39"));
  EXPECT_EQ(client.status("POST", "/config-services/rest/login", kLogin), 401);
  EXPECT_EQ(client.status("POST", "/config-services/rest/login",
                          R"({"name":"setup-admin","password":"Fresh_123"})"),
            200);
}

TEST(PasswordRule, WantsAllFourKinds) {
  EXPECT_TRUE(fits_password_rule("Abcdef_1"));
  for (const char* weak :
       {"Abcde_1", "abcdef_1", "ABCDEF_1", "Abcdefg_", "Abcdefg1", "Abcdefghijklmnopqr_12"})
    EXPECT_FALSE(fits_password_rule(weak)) << weak;
}

}  // namespace
}  // namespace wme::simulators
