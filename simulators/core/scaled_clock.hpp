#pragma once

#include <chrono>

#include "simulators/core/world.hpp"

namespace wme::simulators {

/// The wall clock, `speed` times as fast: a two-hour restore in seconds, for clients that wait by
/// their own clocks.
class ScaledClock : public WorldClock {
 public:
  explicit ScaledClock(double speed)
      : speed_(speed),
        opened_(std::chrono::steady_clock::now()),
        start_(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())) {}
  TimePoint now() const override {
    const std::chrono::duration<double, std::milli> passed =
        std::chrono::steady_clock::now() - opened_;
    return start_ + std::chrono::milliseconds(static_cast<long long>(passed.count() * speed_));
  }

 private:
  double speed_;
  std::chrono::steady_clock::time_point opened_;
  TimePoint start_;
};

}  // namespace wme::simulators
