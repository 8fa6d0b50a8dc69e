#include "executor/drivers/host/quoting.hpp"

#include <algorithm>

namespace wme::executor::host {

std::string shell_quoted(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'')
      word += "'\\''";
    else
      word += c;
  }
  return word + "'";
}

bool has_non_ascii(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) > 126; });
}

}  // namespace wme::executor::host
