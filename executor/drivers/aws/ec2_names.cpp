#include "executor/drivers/aws/ec2_names.hpp"

#include <algorithm>

#include "executor/drivers/aws/sigv4.hpp"

namespace wme::executor::aws {

namespace {
constexpr std::string_view kNew = "-new";
constexpr std::string_view kSnapshot = "snap-";
constexpr std::size_t kClientTokenMax = 64;
}  // namespace

bool is_new(std::string_view entity) { return entity.ends_with(kNew); }

std::string without_new(std::string_view entity) {
  if (is_new(entity)) entity.remove_suffix(kNew.size());
  return std::string(entity);
}

std::string source_snapshot(std::string_view volume) {
  return std::string(kSnapshot) + without_new(volume);
}

std::string saved_volume(std::string_view snapshot) {
  if (snapshot.starts_with(kSnapshot)) snapshot.remove_prefix(kSnapshot.size());
  return std::string(snapshot);
}

std::string device_of(std::string_view volume) {
  return without_new(volume) == "wm-data" ? "/dev/sdf" : "/dev/sdg";
}

std::string machine_of(std::string_view volume) {
  return is_new(volume) ? "platform-new" : "platform";
}

const model::Volume* volume_of_today(const model::Inventory& inventory, std::string_view volume) {
  const std::string role = without_new(volume);
  if (role == "wm-data") return &inventory.platform.wm_data;
  if (role == "wm-runtime") return &inventory.platform.wm_runtime;
  return nullptr;
}

std::string cloud_id_of_machine(const model::Inventory& inventory, std::string_view machine) {
  if (machine == "platform") return inventory.platform.cloud_id;
  const auto named = [&](const model::Instance& i) { return i.name == machine; };
  const auto place = std::ranges::find_if(inventory.instances, named);
  return place == inventory.instances.end() ? std::string() : place->cloud_id;
}

const model::Instance* external_instance(const model::Inventory& inventory,
                                         std::string_view machine) {
  const std::string today = without_new(machine);
  const auto named = [&](const model::Instance& i) { return i.name == today || i.name == machine; };
  const auto place = std::ranges::find_if(inventory.instances, named);
  return place == inventory.instances.end() ? nullptr : &*place;
}

std::string client_token(const std::string& token) {
  const auto plain = [](char c) { return c > ' ' && c <= '~'; };
  const bool fits = token.size() <= kClientTokenMax && std::ranges::all_of(token, plain);
  return fits ? token : sha256_hex(token);
}

}  // namespace wme::executor::aws
