#include "simulators/host/fstab.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace wme::simulators {

namespace {

bool is_number(const std::string& text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); });
}

}  // namespace

Fstab parse_fstab(const std::string& text) {
  Fstab fstab;
  std::istringstream input(text);
  int number = 0;
  for (std::string line; std::getline(input, line);) {
    ++number;
    std::istringstream words(line);
    std::vector<std::string> fields;
    for (std::string word; words >> word;) {
      if (word.starts_with('#') && fields.empty()) break;
      fields.push_back(word);
    }
    if (fields.empty()) continue;
    // libmount wants four fields, then two numbers: `defaults ,nofail 0 2` (users.md W1) has text
    // where the dump frequency must stand.
    const bool broken = fields.size() < 3 || (fields.size() > 4 && !is_number(fields[4])) ||
                        (fields.size() > 5 && !is_number(fields[5]));
    if (broken) {
      fstab.parse_errors.push_back(number);
    } else {
      fstab.lines.push_back({number, fields[0], fields[1], fields[2],
                             fields.size() > 3 ? fields[3] : std::string("defaults")});
    }
  }
  return fstab;
}

bool has_option(const std::string& options, const std::string& option) {
  std::istringstream input(options);
  for (std::string word; std::getline(input, word, ',');)
    if (word == option) return true;
  return false;
}

std::string fault_of(const std::string& text, const std::string& target, const std::string& uuid) {
  const Fstab fstab = parse_fstab(text);
  std::vector<FstabLine> found;
  for (const FstabLine& line : fstab.lines)
    if (line.target == target) found.push_back(line);
  if (found.empty()) {
    if (!fstab.parse_errors.empty())
      return "line " + std::to_string(fstab.parse_errors.front()) +
             " cannot be parsed, so nothing mounts " + target;
    return "no line";
  }
  if (found.size() > 1) return target + " has " + std::to_string(found.size()) + " lines";
  const FstabLine& line = found.front();
  if (!line.source.starts_with("UUID=")) return target + " is mounted by name: " + line.source;
  std::string given = line.source.substr(5);
  std::erase(given, '"');
  if (given != uuid) return target + " names another filesystem: " + line.source;
  if (line.type != "ext4") return target + " has the type " + line.type;
  if (!has_option(line.options, "nofail")) return target + " lacks nofail: " + line.options;
  if (!has_option(line.options, "defaults")) return target + " lacks defaults: " + line.options;
  return "";
}

}  // namespace wme::simulators
