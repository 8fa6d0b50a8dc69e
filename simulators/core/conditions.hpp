#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace wme::simulators {

/// What makes an installation unfit for a procedure without being a state of WME: rights that are
/// missing, clocks that are wrong, disks that are full, machines that nobody reaches. Set from
/// outside (site/control_front.hpp), for whoever looks before a run. Under the world's lock.
struct Conditions {
  std::set<std::string> denied;   ///< the cloud's operations and rights that the caller lacks
  std::set<std::string> cut_off;  ///< machines that no packet reaches
  std::set<std::string> no_sudo;  ///< machines whose sudo asks for a password
  /// How far its clock is ahead: of a machine, of the cloud ("ec2", "arm",
  /// "compute"), "launchpad", "config-wizard".
  std::map<std::string, std::chrono::seconds> clock_ahead;
  /// How long the cloud's reads do not know yet what was just made there.
  std::chrono::seconds reads_lag{0};
  /// What `df` shows as free, by machine and mount point.
  std::map<std::pair<std::string, std::string>, int> free_mb;
  /// Real time, as clients have it, whatever clock the world runs on.
  std::function<std::chrono::sys_seconds()> wall_clock = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  };

  /// What the clock on that machine or system shows.
  std::chrono::sys_seconds time_at(const std::string& place) const {
    const auto ahead = clock_ahead.find(place);
    return wall_clock() + (ahead == clock_ahead.end() ? std::chrono::seconds(0) : ahead->second);
  }
};

/// A time as the HTTP header Date has it: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::chrono::sys_seconds time);

}  // namespace wme::simulators
