#pragma once

#include "scenarios/inventory/diagnostics.hpp"
#include "scenarios/inventory/reader.hpp"

namespace wme::scenarios {

/// What has to hold between the values of an inventory: names and addresses without collisions,
/// one shard for each instance (INV-44), networks (INV-34), containers where they can be, versions
/// (INV-31, INV-50), room for the archive (INV-19). Values that could not be read are passed over.
void check(const ReadInventory& read, Diagnostics& diagnostics);

}  // namespace wme::scenarios
