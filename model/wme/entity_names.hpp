#pragma once

#include <string>
#include <string_view>

#include "model/inventory.hpp"

/// How the model calls what succeeds, saves or belongs to an entity, for the doors that have to
/// find it by its name. Arguments that are no name of the model give a name that is none either.
namespace wme::model {

bool is_new(std::string_view entity);                  ///< "platform-new"
std::string successor_of(std::string_view entity);     ///< "wm-data" -> "wm-data-new"
std::string without_new(std::string_view entity);      ///< "wm-data-new" -> "wm-data"
std::string snapshot_of(std::string_view volume);      ///< "wm-data" -> "snap-wm-data"
std::string source_snapshot(std::string_view volume);  ///< "wm-data-new" -> "snap-wm-data"
std::string saved_volume(std::string_view snapshot);   ///< "snap-wm-data" -> "wm-data"
/// The machine that a volume or store belongs to: platform, platform-new.
std::string machine_of(std::string_view volume);

/// The volume of today; none when the name is no volume.
const Volume* volume_of_today(const Inventory& inventory, std::string_view volume);
/// The instance id that the inventory gives; empty when it gives none or the machine is a new one.
std::string cloud_id_of_machine(const Inventory& inventory, std::string_view machine);
/// The external instance of that name, of today or its successor's; none for platforms.
const Instance* external_instance(const Inventory& inventory, std::string_view machine);

}  // namespace wme::model
