#pragma once

#include <mutex>

#include "executor/ports/clock.hpp"
#include "simulators/core/world.hpp"

namespace wme::scenarios {

/// One time for executor and world: it stands still while somebody works and moves when the
/// executor sleeps. So a rehearsal takes no longer than its work, over sockets too, and repeats
/// exactly.
class VirtualClock : public executor::Clock, public simulators::WorldClock {
 public:
  explicit VirtualClock(executor::TimePoint start) : now_(start) {}
  executor::TimePoint now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void sleep_for(std::chrono::milliseconds time) override {
    const std::lock_guard lock(mutex_);
    now_ += time;
  }

 private:
  mutable std::mutex mutex_;  // server threads read the time while the executor moves it
  executor::TimePoint now_;
};

}  // namespace wme::scenarios
