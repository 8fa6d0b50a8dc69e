#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace wme::executor {

/// Calls something again and again from a thread of its own: at once, then after each `period`.
class Ticker {
 public:
  Ticker(std::chrono::milliseconds period, std::function<void()> tick)
      : thread_([this, period, act = std::move(tick)] {
          std::unique_lock lock(mutex_);
          while (!stopped_) {
            lock.unlock();
            act();
            lock.lock();
            changed_.wait_for(lock, period, [this] { return stopped_; });
          }
        }) {}
  /// Waits for a call under way.
  ~Ticker() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
  std::thread thread_;  ///< the last member: it uses all others
};

}  // namespace wme::executor
