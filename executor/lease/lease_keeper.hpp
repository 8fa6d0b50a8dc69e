#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "executor/lease/lease.hpp"
#include "executor/lease/process.hpp"
#include "executor/ports/fence.hpp"

namespace wme::executor {

/// How long a lease lives without its heartbeat: what another machine waits at most to take over a
/// run whose machine is gone, and how long an outage of the store may last before a run pauses.
inline constexpr std::chrono::milliseconds kLeaseTimeToLive{30'000};

/// A lease that is held, and what this process knows of it: may it still act? The time that a store
/// was asked, and not the time it answered, is what the lease counts from here; and it ends here
/// a tenth earlier than there. A process that was stopped or a machine that slept finds its
/// time run out, since it goes by the time since the boot. Thread-safe.
class HeldLease : public FencePort {
 public:
  /// `asked_at`: by `time.since_boot`, before `lease` was acquired.
  HeldLease(std::unique_ptr<LeaseStore> store, Lease lease, std::chrono::milliseconds time_to_live,
            LeaseTime time, std::chrono::milliseconds asked_at);

  Status confirm() override;
  long long number() const override { return lease_.fence; }
  /// As it was acquired.
  const Lease& lease() const { return lease_; }

  /// One heartbeat. Errors as `confirm`.
  Status renew();
  /// Gives the lease back: from then on `confirm` refuses. Errors as `LeaseStore::release`.
  Status release();

 private:
  /// Done while fresh, the refusal once refused; none: the store has to be asked.
  std::optional<Status> known() const;
  /// Renews; `asking_` is held.
  Status ask();

  const Lease lease_;
  const std::chrono::milliseconds time_to_live_;
  const LeaseTime time_;
  std::mutex asking_;  ///< guards the store, which may take its time
  std::unique_ptr<LeaseStore> store_;
  mutable std::mutex knowing_;  ///< guards what follows, never for long
  std::chrono::milliseconds good_until_;
  std::optional<Error> refused_;
};

/// Keeps a lease alive in a thread of its own until it ends. The end of the keeper does not give
/// the lease back, unless told so: a run that stopped in the middle is its journal's, and whoever
/// resumes on this machine gets it at once.
class LeaseKeeper : public FencePort {
 public:
  /// Takes the lock. `store` is the keeper's own from then on. Errors as `LeaseStore::acquire`.
  static Result<std::unique_ptr<LeaseKeeper>> take(
      std::unique_ptr<LeaseStore> store, const std::string& installation, const Holder& holder,
      std::chrono::milliseconds time_to_live = kLeaseTimeToLive,
      LeaseTime time = system_lease_time());
  ~LeaseKeeper() override;
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  Status confirm() override { return held_->confirm(); }
  long long number() const override { return held_->number(); }
  const Lease& lease() const { return held_->lease(); }
  /// The run is over: gives the lease back now. Errors as `LeaseStore::release`.
  Status release();

 private:
  LeaseKeeper(std::unique_ptr<HeldLease> held, std::chrono::milliseconds time_to_live);
  void keep(std::chrono::milliseconds pause);

  std::unique_ptr<HeldLease> held_;
  std::mutex mutex_;
  std::condition_variable ending_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace wme::executor
