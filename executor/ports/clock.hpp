#pragma once

#include <chrono>

namespace wme::executor {

/// Seconds since 1970, UTC, to the millisecond.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  virtual void sleep_for(std::chrono::milliseconds time) = 0;
};

}  // namespace wme::executor
