#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "executor/drivers/aws/ec2_client.hpp"
#include "executor/drivers/aws/ec2_port.hpp"
#include "executor/drivers/aws/settings.hpp"
#include "executor/transport/http_transport.hpp"

/// The driver, unchanged, against an EC2 that this project did not write. It makes a small
/// installation there by plain calls, then takes it through the cloud's part of a dehydration, a
/// restore and a retreat, waiting for each end as a run does.
///
///   foreign_ec2 IMAGE SUBNET ZONE        with AWS_ENDPOINT_URL_EC2 and credentials as always
///
/// A line for each operation; exit status 0 when every one did what it should, else 1.
namespace wme {
namespace {

using executor::Call;
using executor::aws::Ec2Client;
using executor::aws::Ec2Port;
using executor::aws::Element;
using executor::aws::Parameters;

constexpr std::chrono::seconds kPause{1};
constexpr int kLooksMax = 90;

std::optional<std::string> variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

class Journey {
 public:
  Journey(Ec2Client& client, std::string image, std::string subnet, std::string zone)
      : client_(client) {
    inventory_.name =
        "foreign-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
    inventory_.backup_id = "backup-1";
    inventory_.launch.image = std::move(image);
    inventory_.launch.subnet = std::move(subnet);
    inventory_.launch.zone = std::move(zone);
    inventory_.launch.platform_size = "m5.large";
    inventory_.launch.instance_size = "m5.large";
  }

  bool make_installation() {
    const std::string machine =
        made("RunInstances",
             {{"ImageId", inventory_.launch.image},
              {"InstanceType", "m5.large"},
              {"MinCount", "1"},
              {"MaxCount", "1"},
              {"SubnetId", inventory_.launch.subnet}},
             [](const Element& answer) {
               const auto items = answer.items("instancesSet");
               return items.empty() ? "" : items.front()->value("instanceId");
             });
    inventory_.platform.cloud_id = machine;
    inventory_.platform.wm_data = {new_volume(), 4};
    inventory_.platform.wm_runtime = {new_volume(), 4};
    inventory_.platform.interface = made(
        "CreateNetworkInterface", {{"SubnetId", inventory_.launch.subnet}},
        [](const Element& answer) { return answer.value("networkInterface/networkInterfaceId"); });
    Ec2Port port(inventory_, client_);
    if (!ends(port, "power", {"platform"}, "running")) return false;
    bool all = ends(port, "volume", {"wm-data"}, "available");
    all = done(port, "attach-volume", {"wm-data"}, "volume", {"wm-data"}, "attached") && all;
    all = done(port, "attach-volume", {"wm-runtime"}, "volume", {"wm-runtime"}, "attached") && all;
    return done(port, "return-address", {}, "address", {}, "old-platform") && all;
  }

  bool travel() {
    Ec2Port port(inventory_, client_);
    bool all = true;
    const auto go = [&](const char* action, std::vector<std::string> of, const char* fluent,
                        std::vector<std::string> seen_of, const char* end) {
      all = done(port, action, std::move(of), fluent, std::move(seen_of), end) && all;
    };
    for (const char* volume : {"wm-data", "wm-runtime"}) {
      const std::string backup = std::string("snap-") + volume;
      go("take-snapshot", {backup}, "snapshot", {backup}, "completed");
      go("take-snapshot", {backup}, "snapshot", {backup},
         "completed");  // the same token: no second
    }
    go("detach-address", {}, "address", {}, "free");
    go("stop-machine", {"platform"}, "power", {"platform"}, "stopped");
    go("stop-machine", {"platform"}, "power", {"platform"}, "stopped");
    go("launch-machine", {"platform-new"}, "power", {"platform-new"}, "running");
    go("launch-machine", {"platform-new"}, "power", {"platform-new"}, "running");
    for (const char* volume : {"wm-data-new", "wm-runtime-new"}) {
      go("create-volume", {volume}, "volume", {volume}, "available");
      go("create-volume", {volume}, "volume", {volume}, "available");
      go("attach-volume", {volume}, "volume", {volume}, "attached");
      go("attach-volume", {volume}, "volume", {volume}, "attached");
    }
    go("attach-address", {}, "address", {}, "new-platform");
    // The way back.
    go("detach-address", {}, "address", {}, "free");
    go("detach-volume", {"wm-data-new"}, "volume", {"wm-data-new"}, "available");
    go("delete-volume", {"wm-data-new"}, "volume", {"wm-data-new"}, "absent");
    go("terminate-machine", {"platform-new"}, "power", {"platform-new"}, "absent");
    go("return-address", {}, "address", {}, "old-platform");
    go("start-machine", {"platform"}, "power", {"platform"}, "running");
    for (const char* backup : {"snap-wm-data", "snap-wm-runtime"})
      go("delete-snapshot", {backup}, "snapshot", {backup}, "absent");
    return all;
  }

 private:
  std::string new_volume() {
    return made("CreateVolume", {{"Size", "4"}, {"AvailabilityZone", inventory_.launch.zone}},
                [](const Element& answer) { return answer.value("volumeId"); });
  }

  std::string made(const std::string& operation, const Parameters& parameters,
                   const std::function<std::string(const Element&)>& id_in) {
    const auto answer = client_.call(operation, parameters);
    const std::string id = answer ? id_in(answer.value()) : "";
    tell(!id.empty(), operation, answer ? id : answer.error().message);
    return id;
  }

  bool done(Ec2Port& port, const std::string& action, std::vector<std::string> of,
            const char* fluent, std::vector<std::string> seen_of, const char* end) {
    const std::string what = action + (of.empty() ? "" : " " + of.front());
    const auto receipt = port.perform({action, std::move(of), inventory_.name + "/" + what});
    if (!receipt) {
      tell(false, what, receipt.error().message);
      return false;
    }
    return ends(port, fluent, std::move(seen_of), end, what);
  }

  bool ends(Ec2Port& port, const char* fluent, std::vector<std::string> of, const char* end,
            const std::string& what = "observe") {
    std::string seen;
    for (int looks = 0; looks < kLooksMax; ++looks) {
      const auto observed = port.observe({{fluent, of}});
      if (observed && observed.value().front().value == end) {
        tell(true, what, observed.value().front().detail);
        return true;
      }
      seen = observed ? observed.value().front().detail : observed.error().message;
      std::this_thread::sleep_for(kPause);
    }
    tell(false, what, "waited for " + std::string(end) + ": " + seen);
    return false;
  }

  static void tell(bool ok, const std::string& what, const std::string& detail) {
    std::cout << (ok ? "ok      " : "FAILED  ") << what << ": " << detail << std::endl;
  }

  Ec2Client& client_;
  model::Inventory inventory_;
};

int journey(const std::vector<std::string>& words) {
  if (words.size() != 3) {
    std::cerr << "usage: foreign_ec2 IMAGE SUBNET ZONE\n";
    return 2;
  }
  const executor::aws::WallClock clock = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  };
  executor::SocketHttpTransport http;
  model::Inventory nowhere;
  nowhere.launch.zone = words[2];
  const auto place = executor::aws::ec2_place(nowhere, variable);
  if (!place) {
    std::cerr << place.error().message << "\n";
    return 2;
  }
  executor::aws::CredentialChain credentials({variable, http, clock, {}, place.value().region});
  Ec2Client client(http, place.value(), credentials, clock);
  Journey trip(client, words[0], words[1], words[2]);
  return trip.make_installation() && trip.travel() ? 0 : 1;
}

}  // namespace
}  // namespace wme

int main(int argc, char** argv) { return wme::journey({argv + 1, argv + argc}); }
