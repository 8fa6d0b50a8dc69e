#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

/// Rendered text against a file of the tree.
namespace wme::tests {

/// "" when the file (from the root of the repository) holds exactly this text; else the first line
/// that differs. With REHYDRATE_UPDATE_GOLDEN=1 in the environment the file is rewritten: read the
/// diff before you commit it.
inline std::string golden(const std::string& file, const std::string& text) {
  const std::string path = std::string(WME_SOURCE_DIR) + "/" + file;
  if (const char* update = std::getenv("REHYDRATE_UPDATE_GOLDEN");
      update != nullptr && std::string(update) == "1") {
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream in(path, std::ios::binary);
  const std::string kept{std::istreambuf_iterator<char>(in), {}};
  if (kept == text) return "";
  std::istringstream old_lines(kept);
  std::istringstream new_lines(text);
  std::string old_line;
  std::string new_line;
  for (int number = 1;; ++number) {
    const bool old_left = static_cast<bool>(std::getline(old_lines, old_line));
    const bool new_left = static_cast<bool>(std::getline(new_lines, new_line));
    if (old_left && new_left && old_line == new_line) continue;
    return file + ":" + std::to_string(number) + ": the file has\n  " +
           (old_left ? old_line : "(its end)") + "\nbut it should be\n  " +
           (new_left ? new_line : "(its end)") +
           "\nREHYDRATE_UPDATE_GOLDEN=1 in the environment rewrites it";
  }
}

}  // namespace wme::tests
