#pragma once

#include <chrono>
#include <string_view>

#include "executor/ports/clock.hpp"
#include "model/result.hpp"

/// How long the executor waits, how often it asks again, and for what it does neither.
namespace wme::executor {

/// Every wait and retry has a bound.
struct Patience {
  std::chrono::milliseconds poll_first{1000};
  std::chrono::milliseconds poll_max{30000};
  int tries_max = 10;  ///< of one request that was throttled, not sent, or whose answer was lost
  std::chrono::milliseconds retry_first{1000};
  std::chrono::milliseconds retry_max{60000};
  std::chrono::milliseconds guard_max{60000};  ///< how long a closed guard may lag behind
  std::chrono::milliseconds freshness{2000};   ///< of the observation that opens a guard
  /// After a request whose outcome is unknown: a read may lag behind it, so that what looks as if
  /// it had not happened is asked for again only after this time.
  std::chrono::milliseconds settle{10000};
  std::chrono::milliseconds heartbeat{0};  ///< of silence before something is said; 0: never
  /// How long signals and people's requests may go unnoticed; 0: until the next look at a system.
  std::chrono::milliseconds attention{0};
};

/// What an error calls for.
enum class Reaction {
  kRetry,  ///< ask again after a while; look first where the outcome is unknown
  kWait,   ///< not yet: the other side is not ready, or a read lags behind
  kAsk,    ///< a person has to mend something, then the run goes on
  kStop,   ///< it was tried and has failed: choose another way
};
Reaction reaction_to(ErrorCode code);
std::string_view to_string(Reaction reaction);

/// The `n`-th delay (from 1): doubled each time up to `max`, and taken down by up to a half, by
/// `key` and `n` alone, so that equal runs wait equally long and different steps do not ask at the
/// same moment.
std::chrono::milliseconds back_off(std::chrono::milliseconds first, std::chrono::milliseconds max,
                                   int n, std::string_view key);

/// When to look next at what was requested at `since`: rarely at first, when it usually ends, then
/// at small shares of the time that has passed, so that little is lost by looking too late.
TimePoint next_look(TimePoint since, TimePoint now, std::chrono::milliseconds typical,
                    const Patience& patience);

/// What a system that asks to slow down does to the whole run: requests keep a distance, which
/// doubles each time it asks and is given back slowly.
class Pace {
 public:
  void throttled(TimePoint now);
  void accepted();
  bool is_slow() const { return level_ > 0; }
  /// The earliest moment for the next request; a request that is made then is to be `noted`.
  TimePoint earliest() const { return next_; }
  void noted(TimePoint now);
  std::chrono::milliseconds distance() const;

 private:
  int level_ = 0;
  int accepted_ = 0;
  TimePoint next_{};
};

}  // namespace wme::executor
