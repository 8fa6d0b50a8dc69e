#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "model/inventory.hpp"
#include "model/result.hpp"

/// Inventories as files: YAML with schema "rehydrate/inventory/1" (docs/inventories.md). JSON is
/// accepted as YAML.
namespace wme::scenarios {

inline constexpr std::string_view kInventorySchema = "rehydrate/inventory/1";

/// A file above this size is no inventory: an XL fleet takes 8 MB with one row per container.
inline constexpr std::size_t kInventoryBytesMax = 64U << 20U;
/// Bound of what rows with ranges may unfold to: four times the XL fleet.
inline constexpr std::size_t kContainersMax = 200'000;

/// Reads and checks an inventory. Error kInvalid: every defect of the file, one a line, in the
/// order of the file, each as "FILE:LINE:COLUMN: what is wrong: why; what to do".
/// A file that cannot be read at all is kInvalid too. No secret is ever part of a message.
Result<model::Inventory> load_inventory(const std::filesystem::path& path);

/// The same for a text; `file` is how messages call it.
Result<model::Inventory> parse_inventory(std::string_view text, const std::string& file);

/// The YAML of an inventory, sections commented; parse_inventory gives the same value back.
/// Containers that differ only in a running number share a row.
std::string to_yaml(const model::Inventory& inventory);

/// What the inventory says as canonical JSON (RFC 8785), for digests: every field of every section,
/// every container by itself, however the file is laid out. Error kInvalid: a text is no UTF-8,
/// which parse_inventory would have refused.
Result<std::string> canonical_json(const model::Inventory& inventory);

}  // namespace wme::scenarios
