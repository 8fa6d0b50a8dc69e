#include "executor/lease/lease_keeper.hpp"

#include <utility>

namespace wme::executor {
namespace {

/// How much of the time to live passes unused: clocks drift, and a request takes a moment to leave.
constexpr int kMarginDivisor = 10;
/// Two heartbeats in a row may fail before the lease runs out.
constexpr int kHeartbeatDivisor = 3;

}  // namespace

HeldLease::HeldLease(std::unique_ptr<LeaseStore> store, Lease lease,
                     std::chrono::milliseconds time_to_live, LeaseTime time,
                     std::chrono::milliseconds asked_at)
    : lease_(std::move(lease)),
      time_to_live_(time_to_live),
      time_(std::move(time)),
      store_(std::move(store)),
      good_until_(asked_at + time_to_live - time_to_live / kMarginDivisor) {}

std::optional<Status> HeldLease::known() const {
  const std::lock_guard lock(knowing_);
  if (refused_) return Status(*refused_);
  if (time_.since_boot() < good_until_) return Status(Done{});
  return std::nullopt;
}

Status HeldLease::confirm() {
  if (const auto answer = known()) return *answer;
  const std::lock_guard one_at_a_time(asking_);
  // While this thread waited, another one may have asked.
  if (const auto answer = known()) return *answer;
  return ask();
}

Status HeldLease::renew() {
  const std::lock_guard one_at_a_time(asking_);
  {
    const std::lock_guard lock(knowing_);
    if (refused_) return *refused_;
  }
  return ask();
}

Status HeldLease::ask() {
  const auto unconfirmed = [&](const std::string& why) {
    return Error{ErrorCode::kUnreachable, "the lock on " + lease_.installation + " (fence " +
                                              std::to_string(number()) + ") " + why +
                                              "; nothing is sent while it is not renewed"};
  };
  const auto asked_at = time_.since_boot();
  const Result<Lease> renewed = store_->renew(lease_.installation, lease_.fence, time_to_live_);
  {
    const std::lock_guard lock(knowing_);
    if (renewed)
      good_until_ = asked_at + time_to_live_ - time_to_live_ / kMarginDivisor;
    else if (renewed.error().code == ErrorCode::kRefused)
      refused_ = renewed.error();
    else
      return unconfirmed("cannot be renewed: " + renewed.error().message);
  }
  if (const auto answer = known()) return *answer;
  return unconfirmed("ran out while the answer to its renewal was on the way");
}

Status HeldLease::release() {
  const std::lock_guard one_at_a_time(asking_);
  {
    // First here, then there: in between nobody may act.
    const std::lock_guard lock(knowing_);
    if (!refused_)
      refused_ =
          Error{ErrorCode::kRefused, "installation " + lease_.installation +
                                         ": this run has given its lock back (fence " +
                                         std::to_string(number()) + "); it sends nothing more"};
  }
  return store_->release(lease_.installation, lease_.fence);
}

Result<std::unique_ptr<LeaseKeeper>> LeaseKeeper::take(std::unique_ptr<LeaseStore> store,
                                                       const std::string& installation,
                                                       const Holder& holder,
                                                       std::chrono::milliseconds time_to_live,
                                                       LeaseTime time) {
  const auto asked_at = time.since_boot();
  Result<Lease> lease = store->acquire(installation, holder, time_to_live);
  if (!lease) return lease.error();
  auto held = std::make_unique<HeldLease>(std::move(store), std::move(lease).value(), time_to_live,
                                          std::move(time), asked_at);
  return std::unique_ptr<LeaseKeeper>(new LeaseKeeper(std::move(held), time_to_live));
}

LeaseKeeper::LeaseKeeper(std::unique_ptr<HeldLease> held, std::chrono::milliseconds time_to_live)
    : held_(std::move(held)),
      thread_([this, pause = time_to_live / kHeartbeatDivisor] { keep(pause); }) {}

LeaseKeeper::~LeaseKeeper() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ending_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LeaseKeeper::keep(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, pause, [&] { return ended_; })) {
    lock.unlock();
    // What went wrong is kept for whoever asks `confirm`; a failed heartbeat alone changes nothing.
    const Status beat = held_->renew();
    lock.lock();
    if (!beat && beat.error().code == ErrorCode::kRefused) return;
  }
}

Status LeaseKeeper::release() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ending_.notify_all();
  if (thread_.joinable()) thread_.join();
  return held_->release();
}

}  // namespace wme::executor
