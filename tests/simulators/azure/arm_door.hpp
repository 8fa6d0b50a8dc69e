#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/wme/installation.hpp"
#include "scenarios/rehearsal/in_process.hpp"
#include "simulators/azure/arm_front.hpp"
#include "simulators/core/world.hpp"
#include "tests/simulators/azure/arm_model.hpp"

namespace wme::simulators::azure {

class FakeWorldClock : public WorldClock {
 public:
  TimePoint now() const override { return now_; }
  void advance(std::chrono::milliseconds time) { now_ += time; }

 private:
  TimePoint now_{std::chrono::seconds(1800000000)};
};

/// An answer as a client reads it.
struct ArmAnswer {
  int status = 0;
  nlohmann::json body;
  executor::Headers headers;
  bool is_lost = false;
  std::string code() const;  ///< of the error; empty on success
  std::string header(std::string_view name) const;
  std::string text(std::string_view path) const { return text_at(body, path); }
};

inline constexpr const char* kBase = "http://arm.test";
/// A small installation with one studio instance.
model::Inventory small_inventory();
/// "/subscriptions/…/providers/Microsoft.Compute/disks/wm-data".
std::string id_of(const std::string& type, const std::string& name);
/// A whole machine of a user's own, with an interface of that name.
nlohmann::json own_machine(const std::string& interface);
nlohmann::json own_interface();

/// One Resource Manager in process over its own world, with a caller who has a token; every
/// exchange is checked against Azure's own model.
class ArmDoor {
 public:
  explicit ArmDoor(model::Procedure procedure = model::Procedure::kDehydrate,
                   FaultSchedule faults = {},
                   const model::Inventory& inventory = small_inventory());

  ArmAnswer call(const std::string& method, const std::string& path,
                 const nlohmann::json& body = nullptr,
                 const std::string& query = "api-version=2022-08-01");
  /// Exactly these headers, path and query and nothing more.
  ArmAnswer plain(const executor::HttpCall& call);
  void wait(std::chrono::seconds time) { clock_.advance(time); }
  World& world() { return world_; }
  CheckedWire& wire() { return wire_; }
  std::string token();
  std::vector<std::string> rules_broken();
  std::chrono::sys_seconds wall{std::chrono::seconds(1800000000)};

 private:
  FakeWorldClock clock_;
  World world_;
  ArmFront front_;
  scenarios::InProcessHttp direct_;
  CheckedWire wire_{direct_};
  std::string token_;
};

}  // namespace wme::simulators::azure
