#pragma once

#include <iosfwd>

#include "model/inventory.hpp"

namespace wme::model {
/// The YAML: what a failing property prints.
std::ostream& operator<<(std::ostream& out, const Inventory& inventory);
}  // namespace wme::model

namespace wme::scenarios {

/// A valid inventory of any shape, for use within a property (rapidcheck).
model::Inventory any_inventory();

}  // namespace wme::scenarios
