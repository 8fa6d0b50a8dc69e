#include "model/wme/entity_names.hpp"

#include <algorithm>

namespace wme::model {

namespace {
constexpr std::string_view kNewSuffix = "-new";
constexpr std::string_view kSnapshotPrefix = "snap-";
}  // namespace

bool is_new(std::string_view entity) { return entity.ends_with(kNewSuffix); }

std::string successor_of(std::string_view entity) {
  return std::string(entity) + std::string(kNewSuffix);
}

std::string without_new(std::string_view entity) {
  if (is_new(entity)) entity.remove_suffix(kNewSuffix.size());
  return std::string(entity);
}

std::string snapshot_of(std::string_view volume) {
  return std::string(kSnapshotPrefix) + std::string(volume);
}

std::string source_snapshot(std::string_view volume) { return snapshot_of(without_new(volume)); }

std::string saved_volume(std::string_view snapshot) {
  if (snapshot.starts_with(kSnapshotPrefix)) snapshot.remove_prefix(kSnapshotPrefix.size());
  return std::string(snapshot);
}

std::string machine_of(std::string_view volume) {
  return is_new(volume) ? "platform-new" : "platform";
}

const Volume* volume_of_today(const Inventory& inventory, std::string_view volume) {
  const std::string role = without_new(volume);
  if (role == "wm-data") return &inventory.platform.wm_data;
  if (role == "wm-runtime") return &inventory.platform.wm_runtime;
  return nullptr;
}

std::string cloud_id_of_machine(const Inventory& inventory, std::string_view machine) {
  if (machine == "platform") return inventory.platform.cloud_id;
  const auto place = std::ranges::find(inventory.instances, machine, &Instance::name);
  return place == inventory.instances.end() ? std::string() : place->cloud_id;
}

const Instance* external_instance(const Inventory& inventory, std::string_view machine) {
  const std::string today = without_new(machine);
  const auto named = [&](const Instance& i) { return i.name == today || i.name == machine; };
  const auto place = std::ranges::find_if(inventory.instances, named);
  return place == inventory.instances.end() ? nullptr : &*place;
}

}  // namespace wme::model
