#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <string>
#include <type_traits>

#include "scenarios/inventory/fields.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "scenarios/inventory/rows.hpp"

namespace wme::scenarios {

namespace {

/// Whether every YAML reader takes the unquoted text for a text, also within { }.
bool is_plain(std::string_view text) {
  constexpr std::array<std::string_view, 11> kWords = {"true", "false", "yes", "no",  "on", "off",
                                                       "null", "y",     "n",   "inf", "nan"};
  const auto fits = [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '_' || c == '/' || c == '@' || c == '-' || c == ':';
  };
  if (text.empty() || text.back() == ':' || !std::all_of(text.begin(), text.end(), fits))
    return false;
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) return false;
  const auto first = static_cast<unsigned char>(text.front());
  if (std::isalpha(first) || first == '/') return true;
  // With two dots it is an address or a version, never a number, a time or a date.
  return std::isdigit(first) && std::count(text.begin(), text.end(), '.') >= 2 &&
         text.find(':') == std::string_view::npos;
}

std::string scalar(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string value_text(const std::string& value) { return value.empty() ? "" : scalar(value); }
std::string value_text(int value) { return value == 0 ? "" : std::to_string(value); }
std::string value_text(const model::SecretRef& value) { return value_text(value.where); }
std::string value_text(model::Provider value) { return std::string(to_string(value)); }
std::string value_text(model::ContainerState value) { return std::string(to_string(value)); }
std::string value_text(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + scalar(value);
  return text.empty() ? "" : "[" + text + "]";
}

/// {key: value, ...}; empty when nothing is set.
template <class Owner>
std::string flow_map(const Owner& owner) {
  std::string text;
  for (const Field<Owner>& field : fields_of(&owner)) {
    std::visit(
        [&](auto member) {
          if constexpr (requires { value_text(owner.*member); }) {
            const std::string value = value_text(owner.*member);
            if (!value.empty())
              text += (text.empty() ? "" : ", ") + std::string(field.key) + ": " + value;
          }
        },
        field.member);
  }
  return text.empty() ? "" : "{" + text + "}";
}
std::string value_text(const model::Volume& value) { return flow_map(value); }
std::string value_text(const model::Artefact& value) { return flow_map(value); }

template <class Owner>
void write_map(std::ostream& out, const Fields<Owner>& fields, const Owner& owner) {
  for (const Field<Owner>& field : fields) {
    const std::string text =
        std::visit([&](auto member) { return value_text(owner.*member); }, field.member);
    if (!text.empty()) out << "  " << field.key << ": " << text << "\n";
  }
}

template <class Owner>
void write_section(std::ostream& out, std::string_view key, const Fields<Owner>& fields,
                   const Owner& owner) {
  std::ostringstream inside;
  write_map(inside, fields, owner);
  if (inside.str().empty()) return;
  const auto section = std::find_if(sections().begin(), sections().end(),
                                    [&](const Section& one) { return one.key == key; });
  out << "\n# " << section->meaning << "\n" << key << ":\n" << inside.str();
}

template <class One>
void write_list(std::ostream& out, std::string_view key, const std::vector<One>& list) {
  const auto section = std::find_if(sections().begin(), sections().end(),
                                    [&](const Section& one) { return one.key == key; });
  out << "\n# " << section->meaning << "\n" << key << (list.empty() ? ": []\n" : ":\n");
  for (const One& one : list) out << "  - " << flow_map(one) << "\n";
}

template <class Owner>
void write_section(std::ostream& out, std::string_view key, const Owner& owner) {
  write_section(out, key, fields_of(&owner), owner);
}

}  // namespace

std::string to_yaml(const model::Inventory& inventory) {
  std::ostringstream out;
  out << "schema: " << kInventorySchema << "\n";
  write_section(out, "installation", installation_fields(), inventory);
  out << "\n# How many there are below, so that a file that lost lines is noticed.\n"
      << "totals: {instances: " << inventory.instances.size()
      << ", containers: " << inventory.containers.size() << "}\n";
  write_section(out, "license", license_fields(), inventory);
  write_section(out, "backup", backup_fields(), inventory);
  write_section(out, "platform", inventory.platform);
  write_list(out, "shards", inventory.shards);
  write_list(out, "instances", inventory.instances);
  write_list(out, "containers", fold(inventory.containers));
  write_section(out, "packages", package_fields(), inventory);
  write_section(out, "launch", inventory.launch);
  write_section(out, "access", inventory.access);
  return out.str();
}

}  // namespace wme::scenarios
