#include "scenarios/inventory/inventory_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "scenarios/inventory/checks.hpp"
#include "scenarios/inventory/diagnostics.hpp"
#include "scenarios/inventory/reader.hpp"
#include "scenarios/inventory/text.hpp"

namespace wme::scenarios {

namespace {

/// Shards that the file names without an id have the one that stands in every installation.
void fill_in_shard_ids(model::Inventory& inventory) {
  for (model::Shard& shard : inventory.shards)
    for (const model::Shard& known : known_shards())
      if (shard.id.empty() && shard.name == known.name) shard.id = known.id;
}

Error unreadable(const std::string& file, const std::string& why, const std::string& mend) {
  return Error{ErrorCode::kInvalid, file + ": the inventory cannot be read: " + why + "; " + mend};
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const std::string file = path.string();
  std::error_code failure;
  if (std::filesystem::is_directory(path, failure))
    return unreadable(file, "it is a directory", "give the YAML file in it");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return unreadable(file, std::strerror(errno != 0 ? errno : EIO),
                      "check the path and its permissions");
  std::string text;
  for (std::array<char, 1U << 16U> part{}; in && text.size() <= kInventoryBytesMax;) {
    in.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return unreadable(file, "reading it failed", "check the disk it is on");
  if (text.size() > kInventoryBytesMax)
    return unreadable(file,
                      "it is larger than " + std::to_string(kInventoryBytesMax >> 20U) + " MB",
                      "is this another file? Ranges of containers keep an inventory small");
  return text;
}

}  // namespace

Result<model::Inventory> parse_inventory(std::string_view text, const std::string& file) {
  Diagnostics diagnostics(file);
  if (const auto defect = defect_of(text)) {
    diagnostics.add(defect->place, defect->what, defect->why, defect->mend);
    return diagnostics.error();
  }
  ReadInventory read = read_yaml(text, diagnostics);
  // What could not be read would look missing or contradictory: one mistake, many messages.
  if (!diagnostics.empty()) return diagnostics.error();
  fill_in_shard_ids(read.inventory);
  check(read, diagnostics);
  if (!diagnostics.empty()) return diagnostics.error();
  return std::move(read.inventory);
}

Result<model::Inventory> load_inventory(const std::filesystem::path& path) {
  const Result<std::string> text = read_file(path);
  if (!text) return text.error();
  return parse_inventory(text.value(), path.string());
}

}  // namespace wme::scenarios
