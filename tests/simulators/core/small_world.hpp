#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "model/json/api_profile.hpp"
#include "simulators/core/http_front.hpp"
#include "simulators/core/profile_front.hpp"
#include "simulators/core/world.hpp"

/// A small installation and the means to speak to a front end of it without a socket.
namespace wme::simulators {

class ManualClock final : public WorldClock {
 public:
  TimePoint now() const override { return now_; }
  void advance(std::chrono::milliseconds time) { now_ += time; }

 private:
  TimePoint now_{std::chrono::hours(24 * 365 * 50)};
};

inline const char* const kStudioShard = "shard-147aab1595f3qk135yK2H";
inline const char* const kQaShard = "shard-147a5c2f5c84SqfSJj1QT";

/// Two shards, an instance each; c1 runs, c2 is hibernated, c3 parked (studio), c4 runs (qa).
inline model::Inventory small_inventory() {
  using State = model::ContainerState;
  model::Inventory inventory;
  inventory.name = "acme";
  inventory.version = "11.10.5.ee.10234p1";
  inventory.studio_domain = "wavemaker.acme.com";
  inventory.apps_domain = "wm-apps.acme.com";
  inventory.license_developers = 32;
  inventory.platform.address = "10.0.0.10";
  inventory.shards = {{"studio", kStudioShard}, {"qa", kQaShard}};
  inventory.instances.resize(2);
  inventory.instances[0].name = "studio-1";
  inventory.instances[0].shard = "studio";
  inventory.instances[0].address = "10.0.0.21";
  inventory.instances[0].slots = 18;
  inventory.instances[1].name = "qa-1";
  inventory.instances[1].shard = "qa";
  inventory.instances[1].address = "10.0.0.31";
  inventory.containers = {{"c1", "ccc-1", "studio", "ann@acme.com", "studio-1", State::kRunning},
                          {"c2", "ccc-2", "studio", "bob@acme.com", "studio-1", State::kStopped},
                          {"c3", "ccc-3", "studio", "cyd@acme.com", "studio-1", State::kPassivated},
                          {"c4", "ccc-4", "qa", "qa-hrdb", "qa-1", State::kRunning}};
  return inventory;
}

inline Logins small_logins() { return {"admin@acme.com", "Admin_123", "Setup_123"}; }

struct SmallWorld {
  explicit SmallWorld(std::vector<FaultRule> faults = {},
                      model::Procedure procedure = model::Procedure::kDehydrate,
                      model::Inventory inventory = small_inventory())
      : world(model::installation_of(inventory, procedure), clock,
              FaultSchedule(std::move(faults))) {}

  void pass(std::chrono::seconds time) {
    clock.advance(time);
    const auto lock = world.enter();
  }
  std::string value(const char* fluent, const std::vector<std::string>& arguments = {}) {
    const auto lock = world.enter();
    return world.value(fluent, arguments);
  }
  /// An action of the model, begun and ended, for a test that needs its effects.
  void done(const char* action, const std::vector<std::string>& arguments = {}) {
    const auto lock = world.enter();
    const Reply reply = world.perform(action, arguments, "test");
    if (!reply.accepted())
      throw std::runtime_error(std::string(action) + ": " + reply.refusals.front());
  }
  std::vector<std::string> broken_rules() {
    const auto lock = world.enter();
    std::vector<std::string> rules;
    for (const Violation& each : world.violations()) rules.push_back(each.rule);
    return rules;
  }

  ManualClock clock;
  World world;
};

/// A client of one front end, in process.
class FrontClient {
 public:
  explicit FrontClient(HttpFront& front) : front_(front) {}

  HttpResponse send(const std::string& method, const std::string& target,
                    const std::string& body = "", const std::string& type = "application/json") {
    HttpRequest request{method, target, {}, body};
    if (!body.empty()) request.headers.emplace_back("Content-Type", type);
    if (!cookie.empty()) request.headers.emplace_back("Cookie", cookie);
    HttpResponse response = front_.handle(request);
    for (const auto& [name, value] : response.headers)
      if (name == "Set-Cookie") cookie = value.substr(0, value.find(';'));
    return response;
  }
  /// The content of the success envelope, or the whole body where there is none.
  nlohmann::json get(const std::string& target) {
    const HttpResponse response = send("GET", target);
    if (response.status != 200)
      throw std::runtime_error("GET " + target + ": " + std::to_string(response.status) + " " +
                               response.body);
    const auto body = nlohmann::json::parse(response.body);
    return body.is_object() && body.contains("success") ? body["success"]["body"] : body;
  }
  int status(const std::string& method, const std::string& target, const std::string& body = "") {
    return send(method, target, body).status;
  }

  std::string cookie;

 private:
  HttpFront& front_;
};

}  // namespace wme::simulators
