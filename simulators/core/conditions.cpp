#include "simulators/core/conditions.hpp"

#include <array>
#include <ctime>

namespace wme::simulators {

std::string http_date(std::chrono::sys_seconds time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  // The program never leaves the C locale, in which the names of days and months are English.
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

}  // namespace wme::simulators
