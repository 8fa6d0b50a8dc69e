#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "executor/ports/clock.hpp"
#include "model/result.hpp"

/// The lock on an installation: a lease that has to be renewed, with a number that fences off
/// whoever held it before. docs/journal.md tells users about it.
namespace wme::executor {

/// Who holds a lease, so that people find him and so that his end can be seen on his own machine.
struct Holder {
  std::string user;
  std::string host;
  std::string boot_id;    ///< of the host's kernel: process ids mean nothing after a reboot
  std::string pid_space;  ///< process ids of another container are not ours
  long long pid = 0;
  long long started = 0;  ///< clock ticks after the boot: process ids are given again
  std::string journal;    ///< where the run writes it: a path or a URL, without any password
  bool operator==(const Holder&) const = default;
};
/// "ada@ops-1 (process 4711)"
std::string in_words(const Holder& holder);

struct Lease {
  std::string installation;
  Holder holder;
  long long fence = 0;  ///< from 1, grows with each acquisition, never given twice
  TimePoint since{};
  TimePoint until{};  ///< unless it is renewed
};

enum class LeaseState {
  kHeld,      ///< alive: nobody else gets it
  kExpired,   ///< not renewed in time; its holder gets it back unless somebody else was faster
  kEnded,     ///< its process is gone, as was seen on its own machine
  kReleased,  ///< given back at the end of the run
  kBroken,    ///< taken away by a person
};
/// "held", "expired", "ended", "released", "broken"
std::string_view to_string(LeaseState state);

struct LeaseNow {
  Lease lease;
  LeaseState state = LeaseState::kHeld;
};

/// One line of the history, which is only ever added to.
struct LeaseEvent {
  TimePoint at{};
  std::string installation;
  long long fence = 0;  ///< of the lease that it is about
  std::string what;     ///< acquired | taken-over | released | broken
  std::string by;       ///< a holder or person in words
  std::string reason;   ///< of a break; for taken-over: why the one before did not count any more
};

/// Where leases are kept. Each call is one transaction: of two processes that ask at the same time,
/// one gets the lease. Not thread-safe. All calls block for the store; error kUnreachable: it
/// cannot be asked now (nothing was changed, or the same call again does no harm); kFailed: it is
/// damaged or not ours.
class LeaseStore {
 public:
  virtual ~LeaseStore() = default;
  /// Takes the lock for `time_to_live` from now. Errors: kRefused while a lease on this
  /// installation is alive (says whose, and what to do), kInvalid for a name that is none.
  virtual Result<Lease> acquire(const std::string& installation, const Holder& holder,
                                std::chrono::milliseconds time_to_live) = 0;
  /// Prolongs lease `fence`. Also when it has expired, as long as nobody else has taken it. Error
  /// kRefused, for ever: it was taken over, broken or released.
  virtual Result<Lease> renew(const std::string& installation, long long fence,
                              std::chrono::milliseconds time_to_live) = 0;
  /// Gives lease `fence` back; again is no error. Error kRefused: it was taken over or broken.
  virtual Status release(const std::string& installation, long long fence) = 0;
  /// The last lease on this installation and what has become of it; none: there never was one.
  virtual Result<std::optional<LeaseNow>> current(const std::string& installation) = 0;
  /// The last lease of each installation, by name.
  virtual Result<std::vector<LeaseNow>> all() = 0;
  /// Takes the lock away from whoever has it; `by` and `reason` stay in the history. Returns the
  /// lease that was broken. Errors: kNotFound when nobody has it, kInvalid without a reason.
  virtual Result<Lease> break_lease(const std::string& installation, const std::string& by,
                                    const std::string& reason) = 0;
  /// Oldest first.
  virtual Result<std::vector<LeaseEvent>> history(const std::string& installation) = 0;
};

}  // namespace wme::executor
