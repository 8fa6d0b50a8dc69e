#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/inventory.hpp"
#include "model/result.hpp"

namespace wme::model {

enum class Procedure { kDehydrate, kRestore, kRotate, kUpgrade };
std::string_view to_string(Procedure procedure);
std::optional<Procedure> procedure_from(std::string_view text);

/// In what state a procedure finds the installation.
enum class Situation {
  kServing,  ///< the old Platform runs, users work
  kLost,     ///< every old machine is gone; a verified backup set exists
};
Situation situation_of(Procedure procedure);

/// The entities of one installation and what never changes about them, derived from an inventory.
/// Entity names are unique over all sorts. Generations: `X` is what stands today, `X-new` what
/// replaces it.
///
/// sort       entities
/// platform   platform, platform-new
/// instance   <name>, <name>-new for each external instance
/// machine    every platform and instance
/// store      wm-data, wm-runtime, wm-data-new, wm-runtime-new (a tree; on clouds also a volume)
/// volume     the stores of AWS, Azure, GCP
/// snapshot   snap-wm-data, snap-wm-runtime (clouds)
/// archive    tar-wm-data, tar-wm-runtime (ESXi, Hyper-V)
/// backup     every snapshot and archive
/// artefact   package, migrations, rotation
/// shard      studio, qa, stage, live, as far as the inventory has them
/// container  the names of the inventory
struct Installation {
  Inventory inventory;
  Procedure procedure = Procedure::kDehydrate;
  std::map<std::string, std::vector<std::string>, std::less<>> sorts;  ///< in inventory order
  /// "home" -> {"c1" -> "studio-1"}: home, shard, successor, predecessor, machine, source, store,
  /// target, platform, canary (model/wme/vocabulary.hpp says which maps what).
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> functions;
  /// "role" -> {"wm-data-new" -> "wm-data"}; facts of the whole installation under "".
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> attributes;
  /// Initial values that differ from the fluent's default, "run" -> {"c1" -> "running"}; the
  /// arguments joined by a comma, "" for none.
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> initial;
};

Installation installation_of(const Inventory& inventory, Procedure procedure);

}  // namespace wme::model
