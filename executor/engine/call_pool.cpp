#include "executor/engine/call_pool.hpp"

#include <utility>

namespace wme::executor {

CallPool::CallPool(std::size_t workers) {
  for (std::size_t i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
}

CallPool::~CallPool() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  has_work_.notify_all();
  for (std::thread& each : threads_) each.join();
}

void CallPool::submit(std::size_t task, Work work) {
  ++pending_;
  if (threads_.empty()) {
    back_.push_back({task, work()});
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    queue_.emplace_back(task, std::move(work));
  }
  has_work_.notify_one();
}

std::vector<CalledBack> CallPool::collect() {
  const std::lock_guard lock(mutex_);
  pending_ -= back_.size();
  return std::exchange(back_, {});
}

void CallPool::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  has_answer_.wait_for(lock, at_most, [this] { return !back_.empty(); });
}

void CallPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    has_work_.wait(lock, [this] { return ends_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto [task, todo] = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    Result<std::string> receipt = todo();
    lock.lock();
    back_.push_back({task, std::move(receipt)});
    has_answer_.notify_one();
  }
}

}  // namespace wme::executor
