#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "executor/ports/clock.hpp"
#include "model/result.hpp"
#include "simulators/core/world.hpp"

namespace wme::scenarios {

/// VirtualClock for several processes: the time stands in a file that all of them have mapped, and
/// moves when one of them sleeps. So `rehydrate run` can be tried against `rehydrate simulate`, and
/// killed, as fast as it works.
class SharedClock : public executor::Clock, public simulators::WorldClock {
 public:
  /// Makes the file (0600), over one that is there. Error kInvalid.
  static Result<std::unique_ptr<SharedClock>> create(const std::filesystem::path& path,
                                                     executor::TimePoint start);
  /// Error kInvalid: there is no such clock.
  static Result<std::unique_ptr<SharedClock>> open(const std::filesystem::path& path);
  ~SharedClock() override;
  SharedClock(const SharedClock&) = delete;
  SharedClock& operator=(const SharedClock&) = delete;

  executor::TimePoint now() const override;
  void sleep_for(std::chrono::milliseconds time) override;

 private:
  using Milliseconds = std::atomic<std::int64_t>;
  static_assert(Milliseconds::is_always_lock_free);
  static Result<std::unique_ptr<SharedClock>> map(const std::filesystem::path& path, int flags);
  explicit SharedClock(Milliseconds* time) : time_(time) {}
  Milliseconds* time_;  ///< in the file
};

}  // namespace wme::scenarios
