#pragma once

#include "scenarios/campaign/course.hpp"
#include "scenarios/inventory/fleet.hpp"

/// What most tests of campaigns disturb.
namespace wme::tests {

inline model::Inventory xs(model::Provider provider = model::Provider::kAws) {
  return scenarios::generate_fleet(scenarios::Fleet::kXs, provider);
}

inline scenarios::Course course_of(model::Procedure procedure,
                                   model::Provider provider = model::Provider::kAws) {
  model::Inventory inventory = xs(provider);
  if (procedure == model::Procedure::kUpgrade) inventory = scenarios::as_upgrade(inventory);
  return scenarios::prepare_course(scenarios::scenario_of(procedure, "xs.yaml"), inventory).value();
}

/// On AWS, prepared once.
inline const scenarios::Course& restore() {
  static const scenarios::Course course = course_of(model::Procedure::kRestore);
  return course;
}
inline const scenarios::Course& dehydration() {
  static const scenarios::Course course = course_of(model::Procedure::kDehydrate);
  return course;
}

}  // namespace wme::tests
