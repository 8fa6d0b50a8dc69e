#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "executor/telling/tally.hpp"
#include "model/result.hpp"

namespace wme::executor {

/// Sends one datagram to the service manager. Must not block; a lost one is nobody's loss.
using NotifySocket = std::function<void(const std::string& datagram)>;

/// $NOTIFY_SOCKET: a path, or "@" and the name of an abstract socket.
/// Source: sd_notify(3). Error kInvalid for any other address.
Result<NotifySocket> open_notify_socket(const std::string& address);

/// Lines that systemd shows of whatever it runs. `now` is that of a clock that never goes back.
class Service {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  struct Options {
    /// WATCHDOG_USEC, when it is meant for this process: after that long without a word systemd
    /// kills it. None: nobody watches.
    std::optional<std::chrono::microseconds> watchdog;
    /// A run that said nothing for so long hangs: from then on the watchdog is not fed.
    std::chrono::milliseconds silence_max{std::chrono::minutes(10)};
  };
  Service(NotifySocket socket, Options options, std::function<Steady()> now);

  /// READY=1 when the run has begun, STATUS= with each event.
  void take(const Told& told);
  /// Somebody asked the run to stop: it ends at the next safe point, and needs time for that.
  void stopping();
  /// To be called each `period`: WATCHDOG=1 and, while it stops, EXTEND_TIMEOUT_USEC=.
  void tick();
  /// Half of the watchdog's time, and at most five seconds.
  std::chrono::milliseconds period() const;

 private:
  bool is_alive() const;

  const NotifySocket socket_;
  const Options options_;
  const std::function<Steady()> now_;
  mutable std::mutex mutex_;
  Tally tally_;
  Steady last_sign_;
  bool is_ready_ = false;
  bool is_stopping_ = false;
};

}  // namespace wme::executor
