#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "executor/drivers/gcp/gcp_cloud.hpp"
#include "scenarios/rehearsal/in_process.hpp"
#include "tests/simulators/gcp/compute_door.hpp"
#include "tests/simulators/gcp/compute_model.hpp"

/// What the driver sends and the simulator answers exists in the published description.
namespace wme::simulators::gcp {
namespace {

using std::chrono::minutes;

std::optional<std::string> setting(std::string_view name) {
  if (name == "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE") return "http://localhost/compute/v1";
  if (name == "GCE_METADATA_HOST") return "localhost";
  if (name == "CLOUDSDK_CORE_PROJECT") return "wme-simulated";
  return std::nullopt;
}

/// One procedure's cloud, with everything that goes over its wire compared with the description.
class DescribedCloud {
 public:
  explicit DescribedCloud(model::Procedure procedure) : door_(procedure) {
    wire_.serve("http://localhost", door_.front());
    cloud_ = executor::gcp::open_gcp(
                 small_installation(),
                 {described_, setting,
                  [] { return std::chrono::sys_seconds(std::chrono::seconds(1700000000)); }})
                 .value();
  }
  void done(const std::string& action, std::vector<std::string> arguments = {}) {
    const auto receipt =
        cloud_->port().perform({action, arguments, "run-1/s" + std::to_string(++steps_)});
    EXPECT_TRUE(receipt) << action << ": " << receipt.error().message;
    look();
    EXPECT_TRUE(cloud_->port().failure_of({action, arguments, "run-1/s" + std::to_string(steps_)}));
    door_.wait(minutes(150));
    look();
  }
  const std::set<std::string>& methods() const { return described_.methods(); }

 private:
  void look() {
    const auto seen = cloud_->port().observe({{"power", {"platform"}},
                                              {"power", {"platform-new"}},
                                              {"power", {"studio-1-new"}},
                                              {"volume", {"wm-data"}},
                                              {"volume", {"wm-data-new"}},
                                              {"snapshot", {"snap-wm-data"}},
                                              {"address", {}}});
    EXPECT_TRUE(seen) << seen.error().message;
  }
  ComputeDoor door_;
  scenarios::InProcessHttp wire_;
  ValidatingHttp described_{wire_};
  std::unique_ptr<executor::Cloud> cloud_;
  int steps_ = 0;
};

TEST(ComputeDescription, HasAllThatTheDriverSendsAndReads) {
  DescribedCloud dehydration(model::Procedure::kDehydrate);
  dehydration.done("take-snapshot", {"snap-wm-data"});
  dehydration.done("stop-machine", {"platform"});
  dehydration.done("detach-address");
  dehydration.done("return-address");
  dehydration.done("start-machine", {"platform"});
  dehydration.done("delete-snapshot", {"snap-wm-data"});
  DescribedCloud restore(model::Procedure::kRestore);
  restore.done("launch-machine", {"platform-new"});
  restore.done("attach-address");
  restore.done("create-volume", {"wm-data-new"});
  restore.done("attach-volume", {"wm-data-new"});
  restore.done("launch-machine", {"studio-1-new"});
  restore.done("detach-volume", {"wm-data-new"});
  restore.done("delete-volume", {"wm-data-new"});
  restore.done("terminate-machine", {"platform-new"});
  std::set<std::string> methods = dehydration.methods();
  methods.insert(restore.methods().begin(), restore.methods().end());
  EXPECT_THAT(methods,
              ::testing::UnorderedElementsAre(
                  "addresses.list", "disks.createSnapshot", "disks.delete", "disks.insert",
                  "disks.list", "instances.attachDisk", "instances.delete", "instances.detachDisk",
                  "instances.get", "instances.insert", "instances.list", "instances.start",
                  "instances.stop", "instances.updateNetworkInterface", "snapshots.delete",
                  "snapshots.list", "zoneOperations.list"));
}

/// Every route that the description has: method, path, query parameters, and its answer.
TEST(ComputeDescription, HasAllRoutesOfTheSimulator) {
  const std::set<std::string> elsewhere = {"regions.get", "regions.list"};  // trimmed away
  for (const auto* routes : {&read_routes(), &change_routes()})
    for (const ComputeRoute& route : *routes) {
      if (elsewhere.contains(route.operation)) continue;
      SCOPED_TRACE(route.operation);
      std::string query;
      for (const std::string& each : route.parameters)
        query += (query.empty() ? "?" : "&") + each + "=x";
      const executor::HttpCall call{
          route.method, "", "/compute/v1/" + std::string(route.path) + query, {}, ""};
      EXPECT_EQ(described_method(call), route.operation);
      for (const std::string& each : faults_of_request(call))
        if (each.find("lacks a body") == std::string::npos) ADD_FAILURE() << each;
      EXPECT_NE(std::string(route.source), "");
      EXPECT_TRUE(std::string(route.permission).starts_with("compute."));
    }
}

TEST(ComputeDescription, FitsTheAnswersOfEveryRead) {
  ComputeDoor door;
  const std::string operation =
      door.call("POST", kZone + "instances/wme-studio-1/stop").text("/name");
  door.call("POST", kZone + "disks/wme-data/createSnapshot", {{"name", "s1"}});
  const std::vector<std::string> paths = {
      "",
      "zones",
      "zones/europe-west1-b",
      kZone + "instances",
      kZone + "instances/wme-platform",
      "aggregated/instances",
      "aggregated/instances?filter=name%3Dnobody",
      kZone + "disks",
      kZone + "disks/wme-data",
      "aggregated/disks",
      "global/snapshots",
      "global/snapshots/s1",
      kRegion + "addresses",
      kRegion + "addresses/wme-platform-address",
      "aggregated/addresses",
      kZone + "operations",
      kZone + "operations/" + operation,
      "global/operations",
      kRegion + "operations",
      kZone + "machineTypes",
      kZone + "machineTypes/n2-standard-8",
      "global/images/family/ubuntu-2204-lts",
      "global/images/ubuntu-2204-lts-v20260101",
      kRegion + "subnetworks",
      kRegion + "subnetworks/wme-subnet",
      kZone + "instances/nobody",
      kZone + "disks?filter=(((",
  };
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    const auto answer = door.call("GET", path);
    const executor::HttpCall call{
        "GET", "", "/compute/v1/projects/wme-simulated" + (path.empty() ? "" : "/" + path), {}, ""};
    for (const std::string& each : faults_of_answer(call, {answer.status, {}, answer.body.dump()}))
      ADD_FAILURE() << each << "\n" << answer.body.dump(1);
  }
}

TEST(ComputeDescription, IsMissedByWhatIsInvented) {
  const std::string zone = "/compute/v1/projects/p/zones/z/";
  EXPECT_NE(faults_of_request({"POST", "", zone + "instances/i/hibernate", {}, ""}).size(), 0U);
  EXPECT_NE(faults_of_request({"POST", "", zone + "instances/i/stop?token=1", {}, ""}).size(), 0U);
  EXPECT_NE(
      faults_of_request({"POST", "", zone + "disks", {}, R"({"name":"d","sizeGb":10})"}).size(),
      0U);
  EXPECT_NE(faults_of_answer({"GET", "", zone + "disks/d", {}, ""},
                             {200, {}, R"({"status":"AVAILABLE"})"})
                .size(),
            0U);
}

}  // namespace
}  // namespace wme::simulators::gcp
