#pragma once

#include <optional>
#include <string_view>

#include "model/inventory.hpp"

namespace wme::scenarios {

/// Fleet sizes for tests and examples. Source: wme.md 8.
enum class Fleet {
  kXs,  ///< 1 studio + 1 qa instance, 6 containers
  kS,   ///< 1 studio + 1 qa, 30 containers: the docs' automation default
  kM,   ///< 6 studio + 1 each of qa, stage, live; 480 user + 40 app containers
  kL,   ///< 25 studio + 10/5/10, 5 000 containers
  kXl,  ///< 100 studio + 34/33/33, 50 000 containers
};
std::string_view to_string(Fleet fleet);                 ///< "XS", "S", "M", "L", "XL"
std::optional<Fleet> fleet_from(std::string_view text);  ///< in either case

/// An installation of that size: the same one for the same arguments, every time. Instances have
/// as many running and stopped containers as slots allow (two of three running), the other
/// containers are passivated. Each shard has running and passivated ones, studio stopped ones too.
/// External instances come back with new addresses, the Platform with its own.
model::Inventory generate_fleet(Fleet size, model::Provider provider);

/// The same installation, still on 10.13.2, with all that an upgrade to 11.8 needs.
model::Inventory as_upgrade(model::Inventory inventory);

}  // namespace wme::scenarios
