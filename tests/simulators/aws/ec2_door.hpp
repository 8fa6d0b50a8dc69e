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

/// The pairs, and one more.
Pairs with(Pairs pairs, const std::string& name, const std::string& value);
/// The pairs, and the tags that say which entity of the inventory is made.
Pairs tagged(Pairs pairs, const std::string& type, const std::string& entity);

/// A small installation with one studio instance.
model::Inventory small_inventory();
/// What EC2 calls its parts.
inline const std::string kPlatform = "i-0aaaaaaaaaaaaaaa1";
inline const std::string kStudio = "i-0aaaaaaaaaaaaaaa2";
inline const std::string kAddress = "eni-0aaaaaaaaaaaaaaa1";
inline const std::string kData = "vol-0aaaaaaaaaaaaaaa1";
inline const std::string kRuntime = "vol-0aaaaaaaaaaaaaaa2";
/// What RunInstances needs at least.
inline const Pairs kNewMachine = {
    {"ImageId", "ami-0aaaaaaaaaaaaaaa1"}, {"MinCount", "1"}, {"MaxCount", "1"}};

/// One EC2 in process over its own world, with a caller who signs. Each answer is judged by EC2's
/// service model.
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
  /// The rules of the violations so far, in their order.
  std::vector<std::string> rules_broken();

 private:
  FakeWorldClock clock_;
  World world_;
  Ec2Front front_;
};

}  // namespace wme::simulators::aws
