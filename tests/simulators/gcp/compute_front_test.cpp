#include "simulators/gcp/compute_front.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/simulators/gcp/compute_door.hpp"

namespace wme::simulators::gcp {
namespace {

using nlohmann::json;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kRequestId = "?requestId=11111111-2222-4333-8444-555555555555";

json new_machine(const std::string& name) {
  return {
      {"name", name},
      {"machineType", kZone + "machineTypes/n2-standard-4"},
      {"disks",
       {{{"boot", true},
         {"autoDelete", true},
         {"initializeParams",
          {{"sourceImage", "projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts"}}}}}},
      {"networkInterfaces", {{{"subnetwork", kRegion + "subnetworks/wme-subnet"}}}}};
}

TEST(ComputeFront, AnswersNobodyWithoutAToken) {
  ComputeDoor door;
  const std::string target = "/compute/v1/projects/wme-simulated/zones";
  for (const char* header : {"", "Bearer wrong", "Basic abc"}) {
    const HttpResponse refused = door.raw({"GET", target, {{"Authorization", header}}, ""});
    EXPECT_EQ(refused.status, 401) << header;
    EXPECT_THAT(refused.body, HasSubstr("UNAUTHENTICATED"));
  }
  const HttpResponse good =
      door.raw({"GET", target + "?", {{"Authorization", "Bearer " + door.token()}}, ""});
  EXPECT_EQ(good.status, 200);
}

TEST(ComputeFront, RefusesWhatTheApiDoesNotHave) {
  ComputeDoor door;
  EXPECT_EQ(door.call("GET", kZone + "wishes").status, 404);
  EXPECT_EQ(door.call("PUT", kZone + "instances").status, 404);
  EXPECT_EQ(door.call("GET", kZone + "instances?colour=red").reason(), "badRequest");
  EXPECT_EQ(door.call("GET", "zones/mars-a/instances").reason(), "invalid");
  EXPECT_EQ(door.call("GET", kZone + "instances?maxResults=501").reason(), "invalid");
  EXPECT_EQ(door.call("GET", kZone + "instances?pageToken=x").reason(), "invalid");
  EXPECT_EQ(door.call("POST", kZone + "instances/wme-platform/stop?requestId=1").reason(),
            "invalid");
  EXPECT_EQ(
      door.call("POST", kZone + "instances/wme-platform/stop?requestId=00000000-0000-0000-0000-"
                                "000000000000")
          .reason(),
      "invalid");
  EXPECT_EQ(door.call("GET", kZone + "instances/nobody").text("/error/message"),
            "The resource 'projects/wme-simulated/zones/europe-west1-b/instances/nobody' was not "
            "found");
}

TEST(ComputeFront, TakesAnEmptyBodyInEitherForm) {
  ComputeDoor door;
  const std::string target =
      "/compute/v1/projects/wme-simulated/" + kZone + "instances/wme-studio-1/stop?alt=json";
  for (const char* body : {"", "\"\""})
    EXPECT_EQ(
        door.raw({"POST", target, {{"Authorization", "Bearer " + door.token()}}, body}).status,
        200);
}

TEST(ComputeFront, TellsAnOperationFromItsRequestToItsEnd) {
  ComputeDoor door;
  const auto accepted = door.call("POST", kZone + "instances/wme-studio-1/stop" + kRequestId);
  EXPECT_EQ(accepted.text("/status"), "RUNNING");
  EXPECT_EQ(accepted.text("/operationType"), "stop");
  EXPECT_EQ(accepted.text("/clientOperationId"), "11111111-2222-4333-8444-555555555555");
  EXPECT_THAT(accepted.text("/targetLink"), HasSubstr("instances/wme-studio-1"));
  const std::string path = kZone + "operations/" + accepted.text("/name");
  EXPECT_EQ(door.call("POST", path + "/wait").text("/status"), "RUNNING");
  EXPECT_EQ(door.call("GET", kZone + "instances/wme-studio-1").text("/status"), "STOPPING");
  door.wait(minutes(10));
  const auto ended = door.call("POST", path + "/wait");
  EXPECT_EQ(ended.text("/status"), "DONE");
  EXPECT_EQ(ended.text("/error"), "");
  EXPECT_EQ(ended.text("/insertTime"), "2023-11-14T14:13:20.000-08:00");
  EXPECT_EQ(door.call("GET", kZone + "instances/wme-studio-1").text("/status"), "TERMINATED");
}

/// Clients take a finished operation for a thing that is ready.
TEST(ComputeFront, EndsAnOperationNotBeforeWhatItBringsAbout) {
  ComputeDoor door;
  const auto is_running = [&](const ComputeAnswer& operation) {
    return door.call("GET", kZone + "operations/" + operation.text("/name")).text("/status") ==
           "RUNNING";
  };
  const auto insertion = door.call("POST", kZone + "instances", new_machine("mine"));
  const auto disk = door.call("POST", kZone + "disks", {{"name", "spare"}, {"sizeGb", "10"}});
  const auto status = [&](const std::string& path) {
    return door.call("GET", kZone + path).text("/status");
  };
  for (int second = 0; second < 60; ++second) {
    if (!is_running(insertion)) {
      EXPECT_EQ(status("instances/mine"), "RUNNING");
    }
    if (!is_running(disk)) {
      EXPECT_EQ(status("disks/spare"), "READY");
    }
    door.wait(seconds(1));
  }
  EXPECT_FALSE(is_running(insertion));
  const auto stop = door.call("POST", kZone + "instances/mine/stop");
  const auto again = door.call("POST", kZone + "instances/mine/stop");
  const auto of_the_model = door.call("POST", kZone + "instances/wme-studio-1/stop");
  const auto of_the_model_again = door.call("POST", kZone + "instances/wme-studio-1/stop");
  for (int second = 0; second < 120; ++second) {
    if (!is_running(stop)) {
      EXPECT_EQ(status("instances/mine"), "TERMINATED");
    }
    if (!is_running(again)) {
      EXPECT_EQ(status("instances/mine"), "TERMINATED");
    }
    if (!is_running(of_the_model_again)) {
      EXPECT_EQ(status("instances/wme-studio-1"), "TERMINATED");
    }
    door.wait(seconds(1));
  }
  EXPECT_FALSE(is_running(of_the_model_again));
  EXPECT_FALSE(is_running(of_the_model));
  const auto deletion = door.call("DELETE", kZone + "instances/mine");
  for (int second = 0; second < 60; ++second) {
    if (!is_running(deletion)) {
      EXPECT_EQ(door.call("GET", kZone + "instances/mine").status, 404);
    }
    door.wait(seconds(1));
  }
}

TEST(ComputeFront, CarriesARequestOutOnceForEachRequestId) {
  ComputeDoor door;
  const json disk = {{"name", "spare"}, {"sizeGb", "10"}};
  const auto first = door.call("POST", kZone + "disks" + kRequestId, disk);
  const auto again = door.call("POST", kZone + "disks" + kRequestId, disk);
  EXPECT_EQ(first.text("/name"), again.text("/name"));
  EXPECT_EQ(door.call("POST", kZone + "disks", disk).reason(), "alreadyExists");
  // For another request it is no good.
  EXPECT_EQ(door.call("POST", kZone + "instances/wme-platform/stop" + kRequestId).reason(),
            "invalid");
}

TEST(ComputeFront, PagesThroughAList) {
  ComputeDoor door;
  std::set<std::string> names;
  std::string token;
  int pages = 0;
  do {
    const auto page = door.call(
        "GET", kZone + "disks?maxResults=2" + (token.empty() ? "" : "&pageToken=" + token));
    for (const json& each : page.body["items"]) names.insert(each["name"]);
    token = page.text("/nextPageToken");
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(names, ElementsAre("wme-data", "wme-platform", "wme-runtime", "wme-studio-1",
                                 "wme-studio-1-data"));
  const auto none = door.call("GET", kZone + "disks?filter=name%3Dnobody");
  EXPECT_FALSE(none.body.contains("items"));
}

TEST(ComputeFront, GoesThroughTheStatesOfAMachine) {
  ComputeDoor door;
  ASSERT_EQ(door.call("POST", kZone + "instances", new_machine("mine")).status, 200);
  const auto status = [&] { return door.call("GET", kZone + "instances/mine").text("/status"); };
  EXPECT_EQ(status(), "PROVISIONING");
  door.wait(seconds(15));
  EXPECT_EQ(status(), "STAGING");
  EXPECT_EQ(door.call("POST", kZone + "instances/mine/stop").reason(), "resourceNotReady");
  door.wait(seconds(30));
  EXPECT_EQ(status(), "RUNNING");
  // What is so already is no error.
  EXPECT_EQ(door.done("POST", kZone + "instances/mine/start").text("/status"), "DONE");
  door.call("POST", kZone + "instances/mine/stop");
  EXPECT_EQ(status(), "STOPPING");
  EXPECT_EQ(door.call("POST", kZone + "instances/mine/start").reason(), "resourceNotReady");
  door.wait(minutes(1));
  EXPECT_EQ(status(), "TERMINATED");
  EXPECT_EQ(door.done("POST", kZone + "instances/mine/stop").text("/status"), "DONE");
  door.call("DELETE", kZone + "instances/mine");
  EXPECT_EQ(status(), "STOPPING");
  door.wait(minutes(1));
  EXPECT_EQ(door.call("GET", kZone + "instances/mine").status, 404);
  EXPECT_EQ(door.call("GET", kZone + "disks/mine").status, 404) << "autoDelete";
}

TEST(ComputeFront, KnowsWhoHasAnAddress) {
  ComputeDoor door;
  json second = new_machine("second");
  second["networkInterfaces"][0]["networkIP"] = "10.0.0.21";
  const auto taken = door.done("POST", kZone + "instances", second);
  EXPECT_EQ(taken.text("/error/errors/0/code"), "IP_IN_USE_BY_ANOTHER_RESOURCE");
  EXPECT_EQ(door.call("GET", kZone + "instances/second").status, 404);
  const auto address = door.call("GET", kRegion + "addresses/wme-platform-address");
  EXPECT_EQ(address.text("/status"), "IN_USE");
  EXPECT_THAT(address.text("/users/0"), HasSubstr("/instances/wme-platform"));
}

class ComputeInterface : public ::testing::Test {
 protected:
  std::string fingerprint(const std::string& instance) {
    return door_.call("GET", kZone + "instances/" + instance)
        .text("/networkInterfaces/0/fingerprint");
  }
  ComputeAnswer change(const std::string& instance, json body) {
    if (!body.contains("fingerprint")) body["fingerprint"] = fingerprint(instance);
    return door_.call(
        "PATCH", kZone + "instances/" + instance + "/updateNetworkInterface?networkInterface=nic0",
        body);
  }
  ComputeDoor door_;
};

TEST_F(ComputeInterface, ChangesOnlyForWhoHasSeenIt) {
  EXPECT_EQ(change("wme-studio-1", {{"fingerprint", "AAAA"}}).status, 412);
  EXPECT_EQ(change("wme-studio-1", {{"networkIP", "10.0.0.99"}}).reason(), "resourceNotReady");
  const json alias = {{"aliasIpRanges", {{{"ipCidrRange", "10.0.0.77"}}}}};
  EXPECT_EQ(change("wme-studio-1", alias).status, 200);
  EXPECT_EQ(door_.call("GET", kZone + "instances/wme-studio-1")
                .text("/networkInterfaces/0/aliasIpRanges/0/ipCidrRange"),
            "10.0.0.77/32");
}

TEST_F(ComputeInterface, ToldToGiveThePlatformsAddressElsewhereRecordsIt) {
  const json platform = {{"aliasIpRanges", {{{"ipCidrRange", "10.0.0.10/32"}}}}};
  EXPECT_EQ(change("wme-studio-1", platform).status, 400) << "it is in use";
  ASSERT_EQ(change("wme-platform", {{"aliasIpRanges", json::array()}}).status, 200);
  door_.wait(minutes(5));
  EXPECT_EQ(door_.call("GET", kRegion + "addresses/wme-platform-address").text("/status"),
            "RESERVED");
  ASSERT_EQ(change("wme-studio-1", platform).status, 200);
  EXPECT_THAT(door_.rules_broken(), ::testing::Contains("INV-21"));
  EXPECT_EQ(door_.call("GET", kRegion + "addresses/wme-platform-address").text("/status"),
            "IN_USE");
}

TEST_F(ComputeInterface, KeepsTheReservationUntilSomebodyGivesItUp) {
  change("wme-platform", {{"aliasIpRanges", json::array()}});
  door_.wait(minutes(5));
  EXPECT_EQ(door_.call("DELETE", kRegion + "addresses/wme-platform-address").status, 200);
  EXPECT_THAT(door_.rules_broken(), ::testing::Contains("INV-18"));
}

TEST(ComputeFront, KeepsTheRulesOfDisks) {
  ComputeDoor door;
  EXPECT_EQ(door.call("DELETE", kZone + "disks/wme-data").reason(),
            "resourceInUseByAnotherResource");
  EXPECT_EQ(door.call("POST", kZone + "instances/wme-studio-1/attachDisk",
                      {{"source", "zones/europe-west1-b/disks/wme-data"}})
                .reason(),
            "resourceInUseByAnotherResource");
  EXPECT_EQ(door.call("POST", kZone + "instances/wme-studio-1/detachDisk?deviceName=x").reason(),
            "invalid");
  EXPECT_EQ(door.call("POST", kZone + "instances/wme-studio-1/detachDisk").reason(), "required");
  ASSERT_EQ(
      door.done("POST", kZone + "disks", {{"name", "spare"}, {"sizeGb", "10"}}).text("/status"),
      "DONE");
  const json source = {
      {"source", "https://elsewhere/compute/v1/projects/wme-simulated/" + kZone + "disks/spare"},
      {"deviceName", "spare"}};
  ASSERT_EQ(door.done("POST", kZone + "instances/wme-studio-1/attachDisk", source).status, 200);
  EXPECT_THAT(door.call("GET", kZone + "disks/spare").text("/users/0"), HasSubstr("wme-studio-1"));
  EXPECT_EQ(door.done("POST", kZone + "instances/wme-studio-1/detachDisk?deviceName=spare").status,
            200);
  EXPECT_EQ(door.call("GET", kZone + "disks/spare").text("/users/0"), "");
}

TEST(ComputeFront, KeepsTheRulesOfSnapshots) {
  ComputeDoor door;
  // Nobody has parked anything: the model notes what a snapshot at that time is worth.
  const auto zonal = door.call("POST", kZone + "disks/wme-data/createSnapshot", {{"name", "s1"}});
  EXPECT_THAT(zonal.text("/zone"), HasSubstr("europe-west1-b"));
  EXPECT_THAT(door.rules_broken(), ::testing::Not(IsEmpty()));
  EXPECT_EQ(door.call("GET", "global/snapshots/s1").text("/status"), "CREATING");
  EXPECT_EQ(
      door.call("POST", kZone + "disks", {{"name", "d"}, {"sourceSnapshot", "global/snapshots/s1"}})
          .reason(),
      "resourceNotReady");
  door.wait(minutes(60));
  EXPECT_EQ(door.call("GET", "global/snapshots/s1").text("/status"), "READY");
  EXPECT_EQ(door.call("POST", kZone + "disks",
                      {{"name", "d"}, {"sizeGb", "10"}, {"sourceSnapshot", "global/snapshots/s1"}})
                .reason(),
            "invalid")
      << "smaller than its snapshot";
  const auto global = door.call(
      "POST", "global/snapshots",
      {{"name", "s2"}, {"sourceDisk", "projects/wme-simulated/" + kZone + "disks/wme-data"}});
  EXPECT_FALSE(global.body.contains("zone"));
  EXPECT_EQ(door.call("POST", "global/operations/" + global.text("/name") + "/wait").status, 200);
}

TEST(ComputeFront, GivesFingerprintsThatComeBackAsTheyWere) {
  for (int i = 0; i < 200; ++i) {
    const std::string fingerprint = fingerprint_of(std::to_string(i));
    EXPECT_EQ(fingerprint.size(), 12U);
    EXPECT_EQ(fingerprint.find_first_of("+/"), std::string::npos) << fingerprint;
  }
}

TEST(ComputeFront, TakesOnlyLabelsThatAreLabels) {
  ComputeDoor door;
  for (const json& labels : {json{{"rehydrate:token", "x"}}, json{{"Key", "x"}},
                             json{{"key", "Value"}}, json{{"key", std::string(64, 'a')}}})
    EXPECT_EQ(
        door.call("POST", kZone + "disks", {{"name", "d"}, {"sizeGb", "10"}, {"labels", labels}})
            .reason(),
        "invalid")
        << labels;
  const std::string path = kZone + "disks/wme-data";
  const std::string seen = door.call("GET", path).text("/labelFingerprint");
  const json wanted = {{"labels", {{"env", "prod"}}}, {"labelFingerprint", seen}};
  EXPECT_EQ(door.call("POST", path + "/setLabels", wanted).status, 200);
  EXPECT_EQ(door.call("GET", path).text("/labels/env"), "prod");
  EXPECT_EQ(door.call("POST", path + "/setLabels", wanted).status, 412) << "it has changed";
}

TEST(ComputeFaults, GoByTheOperationsName) {
  ComputeDoor door(model::Procedure::kDehydrate,
                   FaultSchedule({{"instances.list", 1, Fault::kThrottled},
                                  {"instances.list", 2, Fault::kServerError},
                                  {"instances.stop", 1, Fault::kRequestLost},
                                  {"instances.stop", 2, Fault::kDenied},
                                  {"instances.stop", 3, Fault::kAnswerLost},
                                  {"instances.get", 2, Fault::kStaleRead}}));
  const std::string all = kZone + "instances";
  const auto throttled = door.call("GET", all);
  EXPECT_EQ(throttled.status, 403);
  EXPECT_EQ(throttled.reason(), "rateLimitExceeded");
  EXPECT_EQ(throttled.text("/error/errors/0/domain"), "usageLimits");
  EXPECT_EQ(door.call("GET", all).reason(), "backendError");
  const std::string studio = kZone + "instances/wme-studio-1";
  EXPECT_EQ(door.call("GET", studio).text("/status"), "RUNNING");
  EXPECT_TRUE(door.call("POST", studio + "/stop").is_dropped);
  EXPECT_EQ(door.call("POST", studio + "/stop").reason(), "forbidden");
  EXPECT_TRUE(door.call("POST", studio + "/stop").is_dropped);
  EXPECT_EQ(door.call("GET", studio).text("/status"), "RUNNING") << "stale";
  EXPECT_EQ(door.call("GET", studio).text("/status"), "STOPPING") << "it took effect";
  EXPECT_EQ(door.world().faults_met().size(), 6U);
}

TEST(ComputeFront, ServesWhatStandsBesideTheApi) {
  ComputeDoor door;
  for (const ComputeRoute& route : side_routes()) {
    std::string path = "/" + std::string(route.path);
    if (const auto at = path.find("{project}"); at != std::string::npos)
      path.replace(at, 9, "wme-simulated");
    const HttpResponse answer =
        door.raw({route.method,
                  path,
                  {{"Metadata-Flavor", "Google"}, {"Authorization", "Bearer " + door.token()}},
                  ""});
    EXPECT_NE(answer.status, 404) << route.operation;
    EXPECT_NE(answer.status, 401) << route.operation;
  }
}

TEST(ComputeRights, AreWhatConditionsSay) {
  ComputeDoor door;
  door.world().conditions().denied = {"instances.insert", "compute.disks.delete"};
  EXPECT_EQ(door.call("POST", kZone + "instances", new_machine("mine")).reason(), "forbidden");
  EXPECT_THAT(door.call("DELETE", kZone + "disks/wme-data").text("/error/message"),
              HasSubstr("Required 'compute.disks.delete' permission"));
  const json asked = {
      {"permissions",
       {"compute.instances.create", "compute.disks.delete", "compute.instances.stop"}}};
  const HttpResponse granted = door.raw({"POST",
                                         "/v1/projects/wme-simulated:testIamPermissions",
                                         {{"Authorization", "Bearer " + door.token()}},
                                         asked.dump()});
  EXPECT_EQ(granted.body, R"({"permissions":["compute.instances.stop"]})");
}

TEST(ComputeRights, AreGrantedUnderTheirOwnNamesOnly) {
  ComputeDoor door;
  const auto asked = [&](const json& body, const std::string& path =
                                               "/v1/projects/wme-simulated:testIamPermissions") {
    const HttpResponse answer =
        door.raw({"POST", path, {{"Authorization", "Bearer " + door.token()}}, body.dump()});
    return std::pair(answer.status, answer.body);
  };
  EXPECT_EQ(asked({{"permissions", {"compute.disks.use", "compute.subnetworks.use"}}}).first, 200);
  for (const char* name : {"compute.disks.embrace", "compute.*", "disks.delete", ""}) {
    const auto [status, body] = asked({{"permissions", {"compute.disks.use", name}}});
    EXPECT_EQ(status, 400) << name;
    EXPECT_THAT(body, HasSubstr("INVALID_ARGUMENT"));
    EXPECT_THAT(body, HasSubstr(std::string("Permission ") + name + " is not valid"));
  }
  const auto [status, body] = asked({{"permissions", json::array()}, {"colour", "red"}});
  EXPECT_EQ(status, 400);
  EXPECT_THAT(body, HasSubstr(R"(Unknown name \"colour\")"));
  EXPECT_EQ(asked(json::object()).first, 200) << "none asked about, none granted";
  const json one = {{"permissions", {"compute.disks.use"}}};
  EXPECT_EQ(asked(one, "/v1/projects/other:testIamPermissions").first, 403);
  EXPECT_EQ(asked(one, "/v9/fruit:testIamPermissions").first, 404);
}

}  // namespace
}  // namespace wme::simulators::gcp
