#include "cli/looking.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "cli/programs.hpp"
#include "model/certificate/instant.hpp"

namespace wme::cli {

namespace {

executor::SocketHttpOptions http_options() {
  executor::SocketHttpOptions options;
  options.timeouts = {std::chrono::seconds(5), std::chrono::seconds(20), std::chrono::seconds(20)};
  options.ca_file = process_environment(executor::kOwnAuthorities).value_or("");
  return options;
}

executor::SshSettings ssh_settings(const model::Inventory& inventory) {
  executor::SshSettings settings;
  settings.config_file =
      process_environment("REHYDRATE_SSH_CONFIG").value_or(inventory.access.ssh_config);
  settings.identity_file = inventory.access.ssh_identity;
  settings.connect_timeout = std::chrono::seconds(10);
  settings.command_timeout = std::chrono::seconds(60);
  return settings;
}

/// Columns that a text takes, in UTF-8.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::optional<std::string> process_environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::chrono::sys_time<std::chrono::milliseconds> wall_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Looking::Looking(const model::Inventory& inventory)
    : http(http_options()),
      ssh(ssh_settings(inventory)),
      surveys(inventory, {http, ssh, process_environment, wall_time, run_program}) {}

std::string utc_text(std::chrono::sys_time<std::chrono::milliseconds> at) {
  return model::to_string(std::chrono::floor<std::chrono::seconds>(at));
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::istringstream words{std::string(text)};
  std::string out;
  std::size_t column = indent;
  for (std::string word; words >> word;) {
    const std::size_t length = columns_of(word);
    if (out.empty()) {
      out = word;
    } else if (column + 1 + length > width) {
      out += "\n" + std::string(indent, ' ') + word;
      column = indent;
    } else {
      out += " " + word;
      ++column;
    }
    column += length;
  }
  return out;
}

}  // namespace wme::cli
