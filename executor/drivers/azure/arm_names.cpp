#include "executor/drivers/azure/arm_names.hpp"

#include <algorithm>
#include <cctype>

#include "model/json/digest.hpp"

namespace wme::executor::azure {

namespace {

constexpr std::size_t kNameMax = 60;  // Source: "Naming rules": virtual machines 1-64 (Linux)
constexpr std::size_t kDigestLength = 8;

std::vector<std::string> segments_of(std::string_view text) {
  std::vector<std::string> segments;
  while (!text.empty()) {
    const auto slash = text.find('/');
    if (slash != 0) segments.emplace_back(text.substr(0, slash));
    if (slash == std::string_view::npos) break;
    text.remove_prefix(slash + 1);
  }
  return segments;
}

std::string plain(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool fits = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (fits || (!made.empty() && made.back() != '-')) made += fits ? c : '-';
  }
  while (made.ends_with('-')) made.pop_back();
  return made;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), [](unsigned char c) { return std::tolower(c); });
  return made;
}

std::optional<ResourceId> parse_resource_id(std::string_view text) {
  const auto parts = segments_of(text);
  const bool is_id = text.starts_with('/') && parts.size() >= 8 &&
                     lower(parts[0]) == "subscriptions" && lower(parts[2]) == "resourcegroups" &&
                     lower(parts[4]) == "providers";
  if (!is_id) return std::nullopt;
  return ResourceId{parts[1], parts[3], parts[5] + "/" + parts[6], parts.back()};
}

std::string list_of(const ArmPlace& place, const ResourceType& type) {
  return "/subscriptions/" + place.subscription + "/resourceGroups/" + place.group + "/providers/" +
         std::string(type.path);
}

std::string id_of(const ArmPlace& place, const ResourceType& type, const std::string& name) {
  return name.starts_with('/') ? name : list_of(place, type) + "/" + name;
}

bool same_id(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

std::string name_in(std::string_view id) {
  return std::string(id.substr(id.rfind('/') == std::string_view::npos ? 0 : id.rfind('/') + 1));
}

int lun_of(std::string_view volume) { return model::without_new(volume) == "wm-data" ? 0 : 1; }

bool keeps_address(const model::Inventory& inventory) {
  const model::Platform& platform = inventory.platform;
  return platform.new_address.empty() || platform.new_address == platform.address;
}

std::string new_name(const model::Inventory& inventory, std::string_view entity,
                     const std::string& token) {
  const std::string end = "-" + plain(model::without_new(entity)) + "-" +
                          model::sha256_hex(token).substr(0, kDigestLength);
  std::string begin = plain(inventory.name);
  if (end.size() < kNameMax) begin = begin.substr(0, kNameMax - end.size());
  return begin.empty() ? "wme" + end : begin + end;
}

std::string zone_number(const ArmPlace& place, const model::Inventory& inventory) {
  const std::string& zone = inventory.launch.zone;
  if (zone.starts_with(place.location + "-")) return zone.substr(place.location.size() + 1);
  return zone == place.location ? "" : zone;
}

}  // namespace wme::executor::azure
