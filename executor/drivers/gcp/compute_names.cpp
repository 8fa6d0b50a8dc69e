#include "executor/drivers/gcp/compute_names.hpp"

#include <algorithm>
#include <cctype>

#include "model/json/digest.hpp"

namespace wme::executor::gcp {

namespace {

constexpr std::size_t kLabelMax = 63;
constexpr std::size_t kDigestShown = 8;
// A name has 63 characters at most: installation, '-', entity, '-', digest, and "-data" of a disk.
constexpr std::size_t kInstallationShown = 18;
constexpr std::size_t kEntityShown = 30;

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

/// Lower case, and '-' for whatever a name cannot have.
std::string plain(const std::string& text) {
  std::string made;
  for (const char each : text) {
    const auto low = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
    made += is_plain(low) ? low : '-';
  }
  return made;
}

std::string digest(const std::string& text) {
  return model::sha256_hex(text).substr(0, kDigestShown);
}

}  // namespace

std::string name_of_machine(const model::Inventory& inventory, std::string_view machine) {
  return last_segment(model::cloud_id_of_machine(inventory, machine));
}

std::string name_of_volume(const model::Inventory& inventory, std::string_view volume) {
  const model::Volume* today =
      model::is_new(volume) ? nullptr : model::volume_of_today(inventory, volume);
  return today == nullptr ? std::string() : last_segment(today->cloud_id);
}

std::string label_value(const std::string& text) {
  const auto allowed = [](char c) { return is_plain(c) || c == '_'; };
  if (text.size() <= kLabelMax && std::ranges::all_of(text, allowed)) return text;
  return plain(text).substr(0, kLabelMax - 1 - kDigestShown) + "-" + digest(text);
}

std::string name_prefix(const model::Inventory& inventory, const std::string& entity) {
  std::string name = plain(inventory.name);
  // RFC 1035: it begins with a letter.
  if (name.empty() || name.front() < 'a') name.insert(0, "wme-");
  std::string shown = plain(entity);
  if (shown.size() > kEntityShown)
    shown = shown.substr(0, kEntityShown - 1 - kDigestShown) + "-" + digest(entity);
  return name.substr(0, kInstallationShown) + "-" + shown + "-";
}

std::string new_name(const model::Inventory& inventory, const Call& call) {
  return name_prefix(inventory, call.arguments.front()) + digest(call.token);
}

std::map<std::string, std::string> labels_of(const model::Inventory& inventory, const Call& call) {
  return {{std::string(kInstallationLabel), label_value(inventory.name)},
          {std::string(kEntityLabel), label_value(call.arguments.front())},
          {std::string(kTokenLabel), label_value(call.token)}};
}

std::string request_id(const std::string& token, std::string_view operation) {
  std::string hex = model::sha256_hex(token + " " + std::string(operation)).substr(0, 32);
  hex[12] = '8';  // RFC 9562: version 8, made of what the maker likes
  hex[16] = 'a';  // and the variant of that RFC
  for (const std::size_t at : {20, 16, 12, 8}) hex.insert(at, "-");
  return hex;
}

std::string last_segment(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string segment_after(std::string_view path, std::string_view segment) {
  const std::string mark = std::string(segment) + "/";
  auto at = path.starts_with(mark) ? 0 : path.find("/" + mark);
  if (at == std::string_view::npos) return "";
  if (at > 0) ++at;
  path.remove_prefix(at + mark.size());
  return std::string(path.substr(0, path.find('/')));
}

}  // namespace wme::executor::gcp
