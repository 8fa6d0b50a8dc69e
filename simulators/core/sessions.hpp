#pragma once

#include <map>
#include <string>

#include "simulators/core/world.hpp"

namespace wme::simulators {

/// Who is logged in to a system, by cookie. A session ends after a while of the world's time, and
/// with the machine that it was opened on. Assumption: 30 minutes (no manual says it; 401 is
/// documented as "log in again" only in our proposal, wme.md 5.2).
class Sessions {
 public:
  explicit Sessions(std::string prefix) : prefix_(std::move(prefix)) {}
  /// A new cookie value; `machine` is the Platform that answers.
  std::string open(const World& world, const std::string& machine);
  bool holds(const World& world, const std::string& machine, const std::string& cookie) const;

 private:
  struct Session {
    std::string machine;
    TimePoint ends;
  };
  std::string prefix_;
  int opened_ = 0;
  std::map<std::string, Session, std::less<>> open_;
};

}  // namespace wme::simulators
