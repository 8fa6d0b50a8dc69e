#pragma once

#include <thread>

#include "executor/ports/clock.hpp"

namespace wme::executor {

/// The machine's own clock, for runs that are not rehearsals.
class SystemClock : public Clock {
 public:
  TimePoint now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  void sleep_for(std::chrono::milliseconds time) override { std::this_thread::sleep_for(time); }
};

}  // namespace wme::executor
