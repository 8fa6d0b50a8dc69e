#pragma once

#include <string>
#include <vector>

/// /etc/fstab as libmount reads it (util-linux 2.38).
namespace wme::simulators {

struct FstabLine {
  int number = 0;
  std::string source;
  std::string target;
  std::string type;
  std::string options;
};

struct Fstab {
  std::vector<FstabLine> lines;
  std::vector<int> parse_errors;  ///< numbers of lines that libmount ignores
};
Fstab parse_fstab(const std::string& text);
bool has_option(const std::string& options, const std::string& option);

/// What is wrong with the lines for `target` (INV-26): they must be exactly one, by this UUID,
/// ext4, `defaults,nofail`. Empty when all is well; "absent" is said as "no line".
std::string fault_of(const std::string& text, const std::string& target, const std::string& uuid);

}  // namespace wme::simulators
