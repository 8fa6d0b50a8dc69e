#include "executor/telling/outbox.hpp"

#include <utility>

namespace wme::executor {

namespace {

/// A sink that was about to begin to wait when it was told to give up is told again.
constexpr std::chrono::milliseconds kGiveUpAgain{20};

}  // namespace

Outbox::Outbox(std::string name, std::unique_ptr<Sink> sink, std::size_t capacity)
    : name_(std::move(name)),
      capacity_(capacity),
      sink_(std::move(sink)),
      thread_([this] { work(); }) {}

Outbox::~Outbox() {
  close();
  finish(std::chrono::steady_clock::time_point::min());
}

bool Outbox::put(std::shared_ptr<const Told> told) {
  bool room = true;
  std::shared_ptr<const Told> oldest;  // freed without the lock
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return true;
    if (queue_.size() >= capacity_) {
      oldest = std::move(queue_.front());
      queue_.pop_front();
      ++dropped_;
      room = false;
    }
    queue_.push_back(std::move(told));
  }
  changed_.notify_all();
  return room;
}

void Outbox::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

void Outbox::finish(std::chrono::steady_clock::time_point deadline) {
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [this] { return ended_; });
    while (!ended_) {
      given_up_ = true;
      lock.unlock();
      sink_->give_up();
      lock.lock();
      changed_.wait_for(lock, kGiveUpAgain, [this] { return ended_; });
    }
  }
  thread_.join();
}

void Outbox::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
    if (queue_.empty()) break;
    const std::shared_ptr<const Told> next = std::move(queue_.front());
    queue_.pop_front();
    const bool too_late = given_up_;
    lock.unlock();
    if (too_late)
      sink_->leave(*next);
    else
      sink_->take(*next);
    lock.lock();
  }
  ended_ = true;
  changed_.notify_all();
}

std::uint64_t Outbox::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

std::string Outbox::complaint() const {
  std::string text = sink_->complaint();
  if (const std::uint64_t count = dropped(); count > 0)
    text += (text.empty() ? "" : "; ") + std::to_string(count) +
            " events were dropped, since it did not keep up";
  return text.empty() ? text : name_ + ": " + text;
}

}  // namespace wme::executor
