#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "model/inventory.hpp"
#include "scenarios/inventory/diagnostics.hpp"
#include "scenarios/inventory/fields.hpp"

namespace wme::scenarios {

/// An inventory as it was read, with the places that checks point at.
struct ReadInventory {
  model::Inventory inventory;
  std::optional<Totals> totals;
  Places places;  ///< "platform.address", "containers[3].state"
  std::vector<std::size_t>
      container_rows;  ///< of each container, the row that it was unfolded from
};

/// Reads YAML by the tables of fields.hpp: keys, types and the form of each value. What is wrong
/// goes to `diagnostics`; the rest is read all the same, so that one run finds everything.
ReadInventory read_yaml(std::string_view text, Diagnostics& diagnostics);

}  // namespace wme::scenarios
