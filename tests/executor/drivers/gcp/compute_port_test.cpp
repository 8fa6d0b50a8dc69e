#include "executor/drivers/gcp/compute_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/drivers/gcp/compute_names.hpp"
#include "tests/executor/drivers/gcp/scripted_google.hpp"

/// What the driver makes of answers that no simulator gives, and exactly what it sends.
namespace wme::executor::gcp {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string kInZone = "/compute/v1/projects/p/zones/europe-west1-b/";
const json kAccepted = {{"name", "operation-1"}, {"status", "PENDING"}};

class ComputePortTest : public ::testing::Test {
 protected:
  explicit ComputePortTest(const model::Inventory& inventory = inventory_on_google())
      : port_(inventory, client_) {}

  std::string seen(const std::string& fluent, const std::vector<std::string>& arguments) {
    const auto read = port_.observe({{fluent, arguments}});
    if (!read) return read.error().message;
    return read.value().front().value.value_or("unseen");
  }
  json platform(const std::string& status, const json& aliases = json::array()) {
    return {{"name", "wme-platform"},
            {"status", status},
            {"networkInterfaces",
             {{{"name", "nic0"},
               {"networkIP", "10.0.0.5"},
               {"fingerprint", "Zm9v"},
               {"aliasIpRanges", aliases}}}}};
  }
  void answer_platform(const json& row) {
    google_.answer("GET " + kInZone + "instances", {{"items", {row}}});
  }

  ScriptedGoogle google_;
  CredentialChain chain_{environment_of({{"GOOGLE_OAUTH_ACCESS_TOKEN", "t"}}), google_,
                         [] { return kTestTime; }};
  ComputeClient client_{google_, test_place(), chain_};
  ComputePort port_;
};

class PowerWords : public ComputePortTest,
                   public ::testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(PowerWords, AreTheModels) {
  const auto& [status, word] = GetParam();
  answer_platform(platform(status));
  google_.answer("GET " + kInZone + "operations", json::object());
  EXPECT_EQ(seen("power", {"platform"}), word);
}

INSTANTIATE_TEST_SUITE_P(
    AllStates, PowerWords,
    ::testing::Values(std::pair("PENDING", "pending"), std::pair("PROVISIONING", "pending"),
                      std::pair("STAGING", "pending"), std::pair("RUNNING", "running"),
                      std::pair("STOPPING", "stopping"), std::pair("TERMINATED", "stopped"),
                      std::pair("STOPPED", "stopped"), std::pair("SUSPENDED", "unseen"),
                      std::pair("REPAIRING", "unseen"), std::pair("DEPROVISIONING", "terminating"),
                      std::pair("SOMETHING_NEW", "unseen")));

TEST_F(ComputePortTest, SeesThatAStoppingMachineIsBeingDeleted) {
  answer_platform(platform("STOPPING"));
  google_.answer("GET " + kInZone + "operations",
                 {{"items",
                   {{{"operationType", "delete"},
                     {"status", "RUNNING"},
                     {"targetLink", "https://x/projects/p/zones/z/instances/wme-platform"}}}}});
  EXPECT_EQ(seen("power", {"platform"}), "terminating");
}

TEST_F(ComputePortTest, SendsAMachineWithAllThatItNeeds) {
  google_.answer("POST " + kInZone + "instances", kAccepted);
  const Call call{"launch-machine", {"studio-1-new"}, "run-7/s3"};
  ASSERT_TRUE(port_.perform(call));
  const HttpCall sent = google_.changes().front();
  EXPECT_EQ(query_of(sent, "requestId"), request_id("run-7/s3", "launch-machine"));
  const json body = json::parse(sent.body);
  const std::string name = body["name"];
  EXPECT_TRUE(name.starts_with("acme-studio-1-new-"));
  EXPECT_EQ(body["machineType"], "projects/p/zones/europe-west1-b/machineTypes/n2-standard-4");
  EXPECT_EQ(body["networkInterfaces"],
            json::parse(R"([{"subnetwork":"projects/p/regions/europe-west1/subnetworks/wme-subnet",
                             "networkIP":"10.0.0.121"}])"));
  EXPECT_EQ(body["disks"][1]["initializeParams"]["diskName"], name + "-data");
  EXPECT_EQ(body["disks"][1]["initializeParams"]["diskSizeGb"], "150");
  EXPECT_EQ(body["disks"][1]["autoDelete"], false);
  EXPECT_EQ(body["labels"]["rehydrate-installation"], "acme");
  EXPECT_EQ(body["labels"]["rehydrate-entity"], "studio-1-new");
  EXPECT_EQ(body["labels"]["rehydrate-token"], label_value("run-7/s3"));
  EXPECT_EQ(body["tags"]["items"], json::array({"wme-external"}));
}

TEST_F(ComputePortTest, TakesWhatAnEarlierTryMadeForItsOwn) {
  const Call call{"launch-machine", {"platform-new"}, "run-7/s3"};
  google_.answer_error("POST " + kInZone + "instances", 409, "alreadyExists");
  const std::string name = new_name(inventory_on_google(), call);
  google_.answer("GET " + kInZone + "instances/" + name,
                 {{"name", name}, {"labels", {{"rehydrate-token", label_value("run-7/s3")}}}});
  EXPECT_EQ(port_.perform(call).value(), name);
  const Call other{"launch-machine", {"platform-new"}, "run-7/s4"};
  google_.answer("GET " + kInZone + "instances/" + new_name(inventory_on_google(), other),
                 {{"labels", {{"rehydrate-token", "somebody-elses"}}}});
  EXPECT_EQ(port_.perform(other).error().code, ErrorCode::kBlocked);
}

TEST_F(ComputePortTest, KeepsTheOtherAliasesOfTheInterface) {
  answer_platform(platform("TERMINATED",
                           {{{"ipCidrRange", "10.0.0.10/32"}}, {{"ipCidrRange", "10.9.0.0/24"}}}));
  google_.answer("GET /compute/v1/projects/p/regions/europe-west1/addresses",
                 {{"items",
                   {{{"name", "a"},
                     {"address", "10.0.0.10"},
                     {"addressType", "INTERNAL"},
                     {"status", "IN_USE"}}}}});
  google_.answer("PATCH " + kInZone + "instances/wme-platform/updateNetworkInterface", kAccepted);
  ASSERT_TRUE(port_.perform({"detach-address", {}, "t"}));
  const HttpCall sent = google_.changes().front();
  EXPECT_EQ(query_of(sent, "networkInterface"), "nic0");
  EXPECT_EQ(
      json::parse(sent.body),
      json::parse(R"({"fingerprint":"Zm9v","aliasIpRanges":[{"ipCidrRange":"10.9.0.0/24"}]})"));
}

TEST_F(ComputePortTest, DetachesNoAddressThatIsNotReserved) {
  answer_platform(platform("TERMINATED", {{{"ipCidrRange", "10.0.0.10/32"}}}));
  google_.answer("GET /compute/v1/projects/p/regions/europe-west1/addresses", json::object());
  const auto refused = port_.perform({"detach-address", {}, "t"});
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.error().message, HasSubstr("gcloud compute addresses create"));
  EXPECT_TRUE(google_.changes().empty());
}

TEST_F(ComputePortTest, SaysThatAMachinesOwnAddressCannotBeMoved) {
  json row = platform("TERMINATED");
  row["networkInterfaces"][0]["networkIP"] = "10.0.0.10";
  answer_platform(row);
  google_.answer("GET " + kInZone + "operations", json::object());
  EXPECT_EQ(seen("address", {}), "old-platform");
  const auto refused = port_.perform({"detach-address", {}, "t"});
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.error().message, HasSubstr("no alias IP range"));
  model::Inventory inventory = inventory_on_google();
  inventory.platform.interface = "";
  ComputePort without(inventory, client_);
  EXPECT_THAT(without.perform({"attach-address", {}, "t"}).error().message,
              HasSubstr("platform.interface"));
  inventory.platform.interface = "nic1";
  ComputePort wrong(inventory, client_);
  EXPECT_THAT(wrong.perform({"return-address", {}, "t"}).error().message,
              HasSubstr("has no interface nic1"));
}

TEST_F(ComputePortTest, DoesNotCallAnAddressFreeThatAStrangerUses) {
  answer_platform(platform("RUNNING"));
  google_.answer("GET " + kInZone + "operations", json::object());
  google_.answer("GET /compute/v1/projects/p/regions/europe-west1/addresses",
                 {{"items",
                   {{{"name", "a"},
                     {"address", "10.0.0.10"},
                     {"addressType", "INTERNAL"},
                     {"status", "IN_USE"},
                     {"users", {"https://x/instances/stranger"}}}}}});
  const auto read = port_.observe({{"address", {}}});
  EXPECT_EQ(read.value().front().value, std::nullopt);
  EXPECT_THAT(read.value().front().detail, HasSubstr("used by stranger"));
}

TEST_F(ComputePortTest, AsksForManyMachinesInOneRequest) {
  answer_platform(platform("RUNNING"));
  const auto read = port_.observe({{"power", {"platform"}}, {"power", {"studio-1"}}});
  ASSERT_TRUE(read);
  ASSERT_EQ(google_.calls().size(), 1U);
  EXPECT_EQ(query_of(google_.calls().front(), "filter"),
            "(name = \"wme-platform\") OR (name = \"wme-studio-1\")");
  EXPECT_EQ(read.value()[1].value, "terminated");
}

TEST_F(ComputePortTest, ReadsDisksAndSnapshots) {
  const auto disk = [](const std::string& status, const json& users) -> json {
    return {{"items", {{{"name", "wme-data"}, {"status", status}, {"users", users}}}}};
  };
  const std::string all = "GET " + kInZone + "disks";
  google_.answer(all, disk("READY", json::array()));
  google_.answer(all, disk("READY", {"https://x/instances/i"}));
  google_.answer(all, disk("CREATING", json::array()));
  google_.answer(all, disk("FAILED", json::array()));
  google_.answer(all, disk("UNAVAILABLE", json::array()));
  for (const char* word : {"available", "attached", "creating", "error", "unseen"})
    EXPECT_EQ(seen("volume", {"wm-data"}), word);
  const auto snapshot = [](const std::string& status, const std::string& backup) -> json {
    return {{"name", "s-" + status},
            {"status", status},
            {"creationTimestamp", "2023-11-14T14:00:00.000-08:00"},
            {"labels", {{"rehydrate-entity", "snap-wm-data"}, {"rehydrate-backup", backup}}}};
  };
  const std::string snapshots = "GET /compute/v1/projects/p/global/snapshots";
  google_.answer(snapshots, {{"items", {snapshot("READY", "backup-6")}}});
  google_.answer(snapshots, {{"items", {snapshot("UPLOADING", "backup-7")}}});
  google_.answer(snapshots,
                 {{"items", {snapshot("FAILED", "backup-7"), snapshot("READY", "backup-7")}}});
  for (const char* word : {"absent", "pending", "completed"})
    EXPECT_EQ(seen("snapshot", {"snap-wm-data"}), word);
}

TEST_F(ComputePortTest, FindsTheFailureOfItsOwnRequestOnly) {
  const Call call{"stop-machine", {"platform"}, "run-7/s1"};
  const auto operation = [](const std::string& id, const std::string& status) -> json {
    return {{"name", "op"},
            {"status", status},
            {"clientOperationId", id},
            {"error", {{"errors", {{{"code", "INTERNAL_ERROR"}, {"message", "m"}}}}}}};
  };
  const std::string own = request_id("run-7/s1", "stop-machine");
  const std::string all = "GET " + kInZone + "operations";
  google_.answer(all, {{"items", {operation("another", "DONE"), operation(own, "RUNNING")}}});
  google_.answer(all, {{"items", {operation(own, "DONE")}}});
  EXPECT_EQ(port_.failure_of(call).value(), std::nullopt);
  EXPECT_EQ(port_.failure_of(call).value(), "op failed with INTERNAL_ERROR: m");
  EXPECT_EQ(query_of(google_.calls().front(), "filter"), "clientOperationId = \"" + own + "\"");
}

}  // namespace
}  // namespace wme::executor::gcp
