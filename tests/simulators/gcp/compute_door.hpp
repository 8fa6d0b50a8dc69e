#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/wme/installation.hpp"
#include "simulators/core/world.hpp"
#include "simulators/gcp/compute_front.hpp"

namespace wme::simulators::gcp {

class FakeComputeClock : public WorldClock {
 public:
  TimePoint now() const override { return now_; }
  void advance(std::chrono::milliseconds time) { now_ += time; }

 private:
  TimePoint now_{std::chrono::seconds(1800000000)};
};

/// An answer as a client reads it.
struct ComputeAnswer {
  int status = 0;
  bool is_dropped = false;
  nlohmann::json body;

  std::string reason() const;  ///< of the error; empty on success
  /// Text at a JSON pointer ("/items/0/name"); empty where there is none.
  std::string text(const std::string& pointer) const;
};

/// A small installation with one studio instance.
model::Inventory small_installation();

/// One Compute Engine in process over its own world, with a caller who has a token.
class ComputeDoor {
 public:
  explicit ComputeDoor(model::Procedure procedure = model::Procedure::kDehydrate,
                       FaultSchedule faults = {},
                       const model::Inventory& inventory = small_installation());

  /// `path` after "/compute/v1/projects/wme-simulated/", with its query.
  ComputeAnswer call(const std::string& method, const std::string& path,
                     const nlohmann::json& body = {});
  HttpResponse raw(const HttpRequest& request) { return front_.handle(request); }
  /// As `call`, and long enough for whatever it started to end; the operation as it is then.
  ComputeAnswer done(const std::string& method, const std::string& path,
                     const nlohmann::json& body = {});
  void wait(std::chrono::milliseconds time) { clock_.advance(time); }
  World& world() { return world_; }
  ComputeFront& front() { return front_; }
  /// The rules of the violations so far, in their order.
  std::vector<std::string> rules_broken();
  const std::string& token() const { return token_; }

 private:
  FakeComputeClock clock_;
  World world_;
  ComputeFront front_;
  std::string token_;
};

inline const std::string kZone = "zones/europe-west1-b/";
inline const std::string kRegion = "regions/europe-west1/";

}  // namespace wme::simulators::gcp
