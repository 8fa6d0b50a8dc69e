#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "executor/ports/system_port.hpp"

namespace wme::executor {

/// A call that came back.
struct CalledBack {
  std::size_t task = 0;
  Result<std::string> receipt = Error{};
};

/// Carries out calls beside the loop that owns the run's state, at most `workers` at once. Without
/// workers a call is carried out by whoever submits it: in a rehearsal everything happens in one
/// order. `submit`, `collect` and `wait` are for one thread.
class CallPool {
 public:
  using Work = std::function<Result<std::string>()>;

  explicit CallPool(std::size_t workers);
  /// Waits for the calls under way: a request is never cut in the middle.
  ~CallPool();
  CallPool(const CallPool&) = delete;
  CallPool& operator=(const CallPool&) = delete;

  void submit(std::size_t task, Work work);
  /// Those that came back since the last time.
  std::vector<CalledBack> collect();
  /// Returns when one has come back, or after this time.
  void wait(std::chrono::milliseconds at_most);
  /// Submitted and not yet collected.
  std::size_t pending() const { return pending_; }

 private:
  void work();

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::condition_variable has_answer_;
  std::deque<std::pair<std::size_t, Work>> queue_;
  std::vector<CalledBack> back_;
  bool ends_ = false;
  std::size_t pending_ = 0;  ///< of the loop's thread
};

}  // namespace wme::executor
