#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "executor/telling/told.hpp"

namespace wme::executor {

/// Somebody who may take his time: a disk, a web server.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Takes one event, in the order in which they happened, from one thread. May block.
  virtual void take(const Told& told) = 0;
  /// From another thread, perhaps several times: the end has come. Whatever `take` waits for is
  /// given up, so that it returns within a bounded time.
  virtual void give_up() = 0;
  /// Instead of `take`, for whatever is left after `give_up`. Must not wait for anybody.
  virtual void leave(const Told& told) = 0;
  /// What has to be said of it when all is over, without secrets; empty: it told everything.
  virtual std::string complaint() const = 0;
};

/// A bounded queue and a thread of its own before a sink, so that nobody waits for it. Events that
/// find the queue full push the oldest one out: the last words of a run are worth more than its
/// first.
class Outbox {
 public:
  /// `name`: how metrics and messages call it ("log", "webhook-1").
  Outbox(std::string name, std::unique_ptr<Sink> sink, std::size_t capacity);
  /// As `finish` without patience.
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// Never waits for the sink. False when another event had to go for it.
  bool put(std::shared_ptr<const Told> told);
  /// No more events: the thread ends with the last of those that are there.
  void close();
  /// After `close`: waits until the sink has taken all, until `deadline` at the latest; then the
  /// sink gives up, and gets what is left to leave behind. When this returns, the thread has ended.
  void finish(std::chrono::steady_clock::time_point deadline);

  const std::string& name() const { return name_; }
  std::uint64_t dropped() const;
  /// The sink's, and how many events never came to it; to be asked after `finish`.
  std::string complaint() const;

 private:
  void work();

  const std::string name_;
  const std::size_t capacity_;
  const std::unique_ptr<Sink> sink_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<const Told>> queue_;
  std::uint64_t dropped_ = 0;
  bool closed_ = false;
  bool given_up_ = false;
  bool ended_ = false;
  std::thread thread_;  ///< the last member: it uses all others
};

}  // namespace wme::executor
