#include "simulators/launchpad/launchpad_front.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "simulators/launchpad/license_front.hpp"
#include "tests/simulators/core/small_world.hpp"

namespace wme::simulators {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kInstances = "/container-services/rest/admin/instances";
const std::string kContainers = "/container-services/rest/admin/containers";
const std::string kLogin = "j_username=admin%40acme.com&j_password=Admin_123&regButton=Login";

struct Launchpad : SmallWorld {
  explicit Launchpad(std::vector<FaultRule> faults = {},
                     const model::ApiProfile& profile = model::built_in_api_profile())
      : SmallWorld(std::move(faults)), front(world, profile, small_logins()), client(front) {}

  void log_in() { ASSERT_EQ(client.send("POST", "/login/authenticate", kLogin).status, 302); }
  json container(const std::string& id) {
    const json page = client.get(kContainers + "?size=1000");
    for (const json& row : page["content"])
      if (row["containerId"] == id) return row;
    return {};
  }
  json instance(const std::string& name) {
    const json page = client.get(kInstances);
    for (const json& row : page["content"])
      if (row["instanceName"] == name) return row;
    return {};
  }

  LaunchpadFront front;
  FrontClient client;
};

struct LoggedIn : testing::Test, Launchpad {
  LoggedIn() { log_in(); }
};

TEST(LaunchpadLogin, GivesTheCookieAndARedirect) {
  Launchpad launchpad;

  const HttpResponse response = launchpad.client.send("POST", "/login/authenticate", kLogin);

  EXPECT_EQ(response.status, 302);
  EXPECT_THAT(launchpad.client.cookie, testing::StartsWith("auth_cookie="));
  EXPECT_EQ(launchpad.client.status("GET", kInstances), 200);
}

TEST(LaunchpadLogin, RefusesWrongCredentialsAndStrangers) {
  Launchpad launchpad;

  EXPECT_EQ(launchpad.client.status("POST", "/login/authenticate", "j_username=admin%40acme.com"),
            401);
  EXPECT_EQ(launchpad.client.status("GET", kInstances), 401);
  launchpad.client.cookie = "auth_cookie=wm-auth-7";
  EXPECT_EQ(launchpad.client.status("GET", kInstances), 401);
  EXPECT_EQ(launchpad.client.status("GET", "/container-services/rest/ping"), 200);
}

TEST_F(LoggedIn, SessionRunsOut) {
  clock.advance(31min);

  EXPECT_EQ(client.status("GET", kInstances), 401);
  log_in();
  EXPECT_EQ(client.status("GET", kInstances), 200);
}

TEST_F(LoggedIn, ListsContainersAsTheUiShowsThem) {
  const json running = container("ccc-1");
  const json parked = container("ccc-3");

  EXPECT_EQ(running["state"], "RUNNING");
  EXPECT_EQ(running["ownerEmail"], "ann@acme.com");
  EXPECT_EQ(running["ip"], "10.0.0.21");
  EXPECT_EQ(running["port"], 8001);
  EXPECT_EQ(running["instanceId"], instance("studio-1")["instanceId"]);
  EXPECT_EQ(running["shardId"], kStudioShard);
  EXPECT_EQ(parked["state"], "PASSIVATED");
  EXPECT_TRUE(parked["ip"].is_null() && parked["port"].is_null());
  EXPECT_TRUE(parked["instanceId"].is_null());
  EXPECT_EQ(container("ccc-4")["appName"], "qa-hrdb");
}

TEST_F(LoggedIn, FiltersAndPagesContainers) {
  const json second = client.get(kContainers + "?page=1&size=3");
  EXPECT_EQ(second["totalElements"], 4);
  EXPECT_EQ(second["content"].size(), 1U);
  EXPECT_EQ(second["content"][0]["containerId"], "ccc-4");
  EXPECT_EQ(client.get(kContainers + "?shardId=" + std::string(kQaShard))["totalElements"], 1);
  EXPECT_EQ(client.get(kContainers + "?state=Stopped")["content"][0]["containerId"], "ccc-2");
  EXPECT_EQ(client.get(kContainers + "?instanceId=instance-studio-1")["totalElements"], 2);
  EXPECT_EQ(client.status("GET", kContainers + "?page=x"), 400);
  EXPECT_EQ(client.status("GET", kContainers + "?size=0"), 400);
  EXPECT_EQ(client.status("GET", kContainers + "?state=ASLEEP"), 400);
  EXPECT_EQ(client.status("GET", kContainers + "?shardId=none"), 404);
}

TEST(LaunchpadPages, HaveTenEntriesUnlessAskedOtherwise) {
  model::Inventory inventory = small_inventory();
  for (int i = 5; i < 30; ++i)
    inventory.containers.push_back({"c" + std::to_string(i), "ccc-" + std::to_string(i), "qa",
                                    "qa-app" + std::to_string(i), "qa-1",
                                    model::ContainerState::kPassivated});
  SmallWorld small({}, model::Procedure::kDehydrate, inventory);
  LaunchpadFront front(small.world, model::built_in_api_profile(), small_logins());
  FrontClient client(front);
  client.send("POST", "/login/authenticate", kLogin);

  EXPECT_EQ(client.get(kContainers)["content"].size(), 10U);
  EXPECT_EQ(client.get(kContainers + "?page=2")["content"].size(), 9U);
  EXPECT_EQ(client.get(kContainers + "?page=3")["content"].size(), 0U);
}

TEST_F(LoggedIn, HibernatesAndPassivatesAsynchronously) {
  EXPECT_EQ(client.status("POST", kContainers + "/ccc-1/hibernate"), 202);
  EXPECT_EQ(container("ccc-1")["state"], "HIBERNATING");
  EXPECT_EQ(client.status("POST", kContainers + "/ccc-1/hibernate"), 423);
  pass(15s);
  EXPECT_EQ(container("ccc-1")["state"], "STOPPED");
  EXPECT_EQ(client.status("POST", kContainers + "/ccc-1/passivate"), 202);
  pass(120s);
  EXPECT_EQ(container("ccc-1")["state"], "PASSIVATED");
}

TEST_F(LoggedIn, RefusesWhatTheStateForbidsWithTheModelsSentence) {
  const HttpResponse response = client.send("POST", kContainers + "/ccc-1/passivate");

  EXPECT_EQ(response.status, 409);
  EXPECT_THAT(json::parse(response.body)["errors"]["error"][0]["message"].get<std::string>(),
              HasSubstr("container c1 is not hibernated"));
  EXPECT_EQ(client.status("POST", kContainers + "/ccc-3/hibernate"), 409);
  EXPECT_EQ(client.status("POST", kContainers + "/ccc-9/hibernate"), 404);
}

TEST_F(LoggedIn, HibernatesAWholeShard) {
  const HttpResponse response =
      client.send("POST", kContainers + "/hibernate-all?shardId=" + std::string(kStudioShard));

  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(json::parse(response.body)["success"]["body"]["accepted"], 1);
  EXPECT_EQ(value("run", {"c1"}), "hibernating");
  EXPECT_EQ(value("run", {"c4"}), "running");
}

TEST_F(LoggedIn, WakesContainersByPlay) {
  EXPECT_EQ(client.status("POST", kContainers + "/ccc-2/activate"), 202);
  EXPECT_EQ(client.status("POST", kContainers + "/ccc-3/activate"), 202);

  EXPECT_EQ(container("ccc-2")["state"], "RUNNING");
  EXPECT_EQ(container("ccc-3")["state"], "RUNNING");
  EXPECT_EQ(container("ccc-3")["ip"], "10.0.0.21");
}

TEST_F(LoggedIn, PassivatesAnInstanceOnlyWhenItIsStopped) {
  EXPECT_EQ(client.status("POST", kInstances + "/instance-studio-1/passivate"), 409);
  EXPECT_EQ(client.status("POST", kInstances + "/instance-studio-1/stop"), 202);
  EXPECT_EQ(client.status("POST", kInstances + "/instance-studio-1/passivate"), 409);
  EXPECT_EQ(client.status("POST", kInstances + "/instance-studio-1/start"), 423);
  pass(30s);

  EXPECT_EQ(instance("studio-1")["state"], "STOPPED");
  EXPECT_EQ(client.status("POST", kInstances + "/instance-studio-1/passivate"), 202);
  EXPECT_EQ(value("run", {"c2"}), "passivating");
  EXPECT_EQ(value("run", {"c1"}), "running") << "only what is hibernated is parked";
}

TEST(LaunchpadProfile, LenientPassivationTakesAStartedInstanceAndTheRuleIsRecorded) {
  model::ApiProfile lenient = model::built_in_api_profile();
  lenient.launchpad.choices.find("instance.passivate")->second.value = "lenient";
  Launchpad launchpad({}, lenient);
  launchpad.log_in();

  EXPECT_EQ(launchpad.client.status("POST", kInstances + "/instance-studio-1/passivate"), 202);

  EXPECT_THAT(launchpad.broken_rules(), Contains("INV-03"));
}

TEST_F(LoggedIn, KeepsAnInstanceThatHoldsContainers) {
  const HttpResponse response = client.send("DELETE", kInstances + "/instance-studio-1");

  EXPECT_EQ(response.status, 409);
  EXPECT_THAT(response.body, HasSubstr("holds container ccc-"));
  EXPECT_EQ(value("record", {"studio-1"}), "started");
}

TEST(LaunchpadProfile, FaithfulDeletionLosesTheContainersAndTheRuleIsRecorded) {
  model::ApiProfile faithful = model::built_in_api_profile();
  faithful.launchpad.choices.find("instance.delete")->second.value = "faithful";
  Launchpad launchpad({}, faithful);
  launchpad.log_in();

  EXPECT_EQ(launchpad.client.status("DELETE", kInstances + "/instance-studio-1"), 200);
  launchpad.pass(10s);

  EXPECT_EQ(launchpad.value("newest", {"c1"}), "gone");
  EXPECT_THAT(launchpad.broken_rules(), Contains("INV-43"));
}

TEST_F(LoggedIn, ShowsTheHealthPanel) {
  const json panel = client.get(kInstances + "/instance-studio-1/health");

  EXPECT_EQ(panel["checks"].size(), 10U);
  for (const json& check : panel["checks"]) EXPECT_EQ(check["status"], "OK");
  EXPECT_EQ(client.get(kInstances + "/instance-qa-1/health")["checks"].size(), 8U);
  EXPECT_EQ(value("health", {"studio-1"}), "green");
  EXPECT_THAT(broken_rules(), IsEmpty());
}

TEST(LaunchpadHealth, IsRedWhenTheCheckFailsOrTheMachineIsGone) {
  Launchpad launchpad({{"check-health", 1, Fault::kOutcomeFails}});
  launchpad.log_in();
  const auto failed = [&launchpad](const std::string& id) {
    int count = 0;
    const json panel = launchpad.client.get(kInstances + "/" + id + "/health");
    for (const json& check : panel["checks"]) count += check["status"] == "OK" ? 0 : 1;
    return count;
  };

  EXPECT_EQ(failed("instance-studio-1"), 1);
  EXPECT_EQ(failed("instance-qa-1"), 0);
  launchpad.done("machine-lost", {"qa-1"});
  EXPECT_EQ(failed("instance-qa-1"), 1);
}

TEST_F(LoggedIn, RestrictsLoginWithinThreeMinutes) {
  const std::string path = "/edn-services/rest/admin/login-restriction";
  EXPECT_EQ(client.get(path)["state"], "OPEN");

  EXPECT_EQ(client.status("PUT", path, R"({"enabled":true})"), 200);

  EXPECT_EQ(client.get(path)["state"], "RESTRICTING");
  pass(180s);
  EXPECT_EQ(client.get(path)["state"], "RESTRICTED");
  EXPECT_EQ(client.status("PUT", path, R"({"enabled":true})"), 409);
  EXPECT_EQ(client.status("PUT", path, R"({"enabled":1})"), 400);
  EXPECT_THAT(broken_rules(), IsEmpty());
}

TEST_F(LoggedIn, KeepsDoneChecksOutOfReadsThatComeTooEarly) {
  client.get(kContainers + "?shardId=" + std::string(kStudioShard));
  client.get("/license/admin/licenses");

  EXPECT_EQ(value("checked", {"studio"}), "no");
  EXPECT_EQ(value("license"), "unknown");
  EXPECT_THAT(broken_rules(), IsEmpty());
}

TEST_F(LoggedIn, AnswersWithTheServicesOnly) {
  done("stop-services", {"platform"});

  const HttpResponse response = client.send("GET", kInstances);

  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.body, HasSubstr("\"errors\""));
  EXPECT_EQ(client.status("GET", "/container-services/rest/ping"), 503);
}

/// Whoever compares inventories joins the two lists by it.
TEST_F(LoggedIn, GivesProjectsTheShardIdsOfTheListOfShards) {
  std::set<std::string> known;
  for (const auto& each : client.get("/container-services/rest/admin/shards"))
    known.insert(each["shardId"].get<std::string>());
  std::set<std::string> used;
  for (const char* list : {"/edn-services/rest/projects", "/edn-services/rest/users/projects/list"})
    for (const auto& each : client.get(list)) used.insert(each["shardId"].get<std::string>());
  EXPECT_EQ(used, known);
  EXPECT_EQ(client.get("/edn-services/rest/projects/ccc-4")["shardId"], kQaShard);
}

TEST_F(LoggedIn, ListsShardsProjectsAndMetrics) {
  const json shards = client.get("/container-services/rest/admin/shards");
  ASSERT_EQ(shards.size(), 2U);
  EXPECT_EQ(shards[0]["name"], "STUDIO");
  EXPECT_EQ(shards[1]["type"], "APP");
  EXPECT_EQ(client.get("/edn-services/rest/projects").size(), 4U);
  EXPECT_EQ(client.get("/edn-services/rest/projects/ccc-4")["name"], "hrdb");
  EXPECT_EQ(client.get("/edn-services/rest/users/projects/list").size(), 3U);
  EXPECT_EQ(client.get("/edn-services/rest/projects/studio/ccc-1?withVcsInfo=true")["owner"],
            "ann@acme.com");
  EXPECT_EQ(client.status("POST", "/studio/services/projects/x/deployment/inplaceDeploy"), 409);
  EXPECT_EQ(client.get("/edn-services/rest/vcs/configs")[0]["baseUrl"], "http://10.0.0.10:8081");
  const std::string metrics = client.send("GET", "/developer-cloud/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("wm_active_users 1\n"));
  EXPECT_THAT(metrics, HasSubstr("wm_used_user_allocations 2\n"));
  EXPECT_THAT(metrics, HasSubstr("wm_available_user_allocations 16\n"));
}

TEST_F(LoggedIn, KnowsItsOperationsOnly) {
  EXPECT_EQ(client.status("GET", "/"), 404);
  EXPECT_EQ(client.status("HEAD", "/container-services/rest/ping"), 200);
  EXPECT_EQ(client.status("POST", "/container-services/rest/admin/shards"), 404);
}

std::string multipart(const std::string& details, const std::string& key) {
  return "--B\r\nContent-Disposition: form-data; name=\"instanceDetails\"\r\nContent-Type: "
         "application/json\r\n\r\n" +
         details +
         "\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"k.pem\"\r\n"
         "Content-Type: application/octet-stream\r\n\r\n" +
         key + "\r\n--B--\r\n";
}

TEST_F(LoggedIn, DoesNotAddAMachineThatIsNotThere) {
  const std::string type = "multipart/form-data; boundary=B";
  const std::string details =
      R"({"instanceName":"studio-1-new","hostName":"10.0.0.22","port":"22",)"
      R"("userName":"ubuntu","password":"","shardId":")" +
      std::string(kStudioShard) + "\"}";

  EXPECT_EQ(
      client.send("POST", kInstances + "/instance-info", multipart(details, "PEM"), type).status,
      400);
  EXPECT_EQ(client.send("POST", kInstances + "/instance-info", multipart("{}", "PEM"), type).status,
            400);
  EXPECT_EQ(client.send("POST", kInstances + "/instance-info", multipart(details, ""), type).status,
            400);
  EXPECT_EQ(client.status("POST", kInstances + "/instance-info", "{}"), 400);
  EXPECT_EQ(client.status("POST", kInstances, details), 400) << "not tested before";
}

TEST_F(LoggedIn, TestsAMachineThatItHasAlreadyButDoesNotAddItTwice) {
  const std::string details =
      R"({"instanceName":"again","hostName":"10.0.0.21","userName":"ubuntu","shardId":")" +
      std::string(kStudioShard) + "\"";

  const HttpResponse tested =
      client.send("POST", kInstances + "/instance-info", multipart(details + "}", "PEM"),
                  "multipart/form-data; boundary=B");
  ASSERT_EQ(tested.status, 200);
  const std::string token = json::parse(tested.body)["success"]["body"]["keyFileToken"];
  const HttpResponse added =
      client.send("POST", kInstances, details + ",\"keyFileToken\":\"" + token + "\"}",
                  "application/json; boundary=B");

  EXPECT_EQ(added.status, 409);
  EXPECT_THAT(added.body, HasSubstr("INV-44"));
}

TEST(LaunchpadFaults, StrikeByMethodAndOperation) {
  Launchpad launchpad({{"POST hibernateContainer", 1, Fault::kRequestLost},
                       {"POST hibernateContainer", 2, Fault::kThrottled},
                       {"POST hibernateContainer", 3, Fault::kServerError},
                       {"POST hibernateContainer", 4, Fault::kAnswerLost}});
  launchpad.log_in();
  const std::string path = kContainers + "/ccc-1/hibernate";

  EXPECT_TRUE(launchpad.client.send("POST", path).drop);
  EXPECT_EQ(launchpad.client.status("POST", path), 429);
  EXPECT_EQ(launchpad.client.status("POST", path), 500);
  EXPECT_EQ(launchpad.value("run", {"c1"}), "running");
  EXPECT_TRUE(launchpad.client.send("POST", path).drop);
  EXPECT_EQ(launchpad.value("run", {"c1"}), "hibernating");
}

/// A first read has nothing older to show, a write nothing at all: no such fault was survived.
TEST(LaunchpadFaults, AStaleReadThatCannotBeIsNotMet) {
  Launchpad launchpad({{"POST hibernateContainer", 1, Fault::kStaleRead},
                       {"GET listContainers", 1, Fault::kStaleRead},
                       {"GET listContainers", 2, Fault::kStaleRead}});
  launchpad.log_in();

  EXPECT_EQ(launchpad.client.status("POST", kContainers + "/ccc-1/hibernate"), 202);
  launchpad.client.get(kContainers);
  EXPECT_TRUE(launchpad.world.faults_met().empty());

  launchpad.client.get(kContainers);
  ASSERT_EQ(launchpad.world.faults_met().size(), 1U);
  EXPECT_EQ(launchpad.world.faults_met()[0].operation, "GET listContainers");
}

TEST(LaunchpadFaults, AStaleReadShowsWhatWasSeenBefore) {
  Launchpad launchpad({{"GET listContainers", 2, Fault::kStaleRead}});
  launchpad.log_in();
  EXPECT_EQ(launchpad.container("ccc-1")["state"], "RUNNING");
  launchpad.client.send("POST", kContainers + "/ccc-1/hibernate");

  EXPECT_EQ(launchpad.container("ccc-1")["state"], "RUNNING");
  EXPECT_EQ(launchpad.container("ccc-1")["state"], "HIBERNATING");
}

TEST(LicenseService, TakesAFileFromTheAdminOnly) {
  SmallWorld small;
  LicenseFront front(small.world, model::built_in_api_profile(), small_logins());
  const auto upload = [&front](const std::string& login, const std::string& body) {
    HttpRequest request{"POST", "/license/admin/licenses/file", {}, body};
    request.headers.emplace_back("Content-Type", "multipart/form-data; boundary=B");
    if (!login.empty()) request.headers.emplace_back("Authorization", "Basic " + login);
    return front.handle(request).status;
  };
  const std::string file =
      "--B\r\nContent-Disposition: form-data; name=\"person\"\r\n\r\nanonymous"
      "\r\n--B\r\nContent-Disposition: form-data; name=\"license\"; "
      "filename=\"l\"\r\n\r\nLICENSE\r\n--B--\r\n";
  const std::string admin = "YWRtaW5AYWNtZS5jb206QWRtaW5fMTIz";  // admin@acme.com:Admin_123

  EXPECT_EQ(upload(admin, file), 200);
  EXPECT_EQ(upload("", file), 401);
  EXPECT_EQ(upload("YWRtaW46eA==", file), 401);
  EXPECT_EQ(upload(admin, "--B--\r\n"), 400);
}

}  // namespace
}  // namespace wme::simulators
