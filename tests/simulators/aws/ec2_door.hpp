#pragma once

#include <memory>
#include <pugixml.hpp>
#include <string>
#include <utility>
#include <vector>

#include "model/inventory.hpp"
#include "model/wme/installation.hpp"
#include "simulators/aws/ec2_front.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators::aws {

class FakeWorldClock : public WorldClock {
 public:
  TimePoint now() const override { return now_; }
  void advance(std::chrono::milliseconds time) { now_ += time; }

 private:
  TimePoint now_{std::chrono::seconds(1800000000)};
};

/// An answer as a client reads it.
struct Ec2Answer {
  int status = 0;
  bool is_dropped = false;
  std::shared_ptr<pugi::xml_document> document;

  std::string code() const;  ///< of the error; empty on success
  /// Text at a path below the root: "instancesSet/item/instanceId".
  std::string text(const std::string& path) const;
  std::vector<std::string> texts(const std::string& xpath) const;
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A small installation with one studio instance.
model::Inventory small_inventory();

/// One EC2 in process over its own world, with a caller who signs.
class Ec2Door {
 public:
  explicit Ec2Door(model::Procedure procedure = model::Procedure::kDehydrate,
                   FaultSchedule faults = {},
                   const model::Inventory& inventory = small_inventory());

  Ec2Answer call(const std::string& operation, const Pairs& pairs = {},
                 const std::string& method = "POST");
  void wait(std::chrono::seconds time) { clock_.advance(time); }
  World& world() { return world_; }
  Ec2Front& front() { return front_; }

 private:
  FakeWorldClock clock_;
  World world_;
  Ec2Front front_;
};

}  // namespace wme::simulators::aws
