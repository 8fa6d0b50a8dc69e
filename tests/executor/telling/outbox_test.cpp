#include "executor/telling/outbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/executor/telling/sample_told.hpp"

namespace wme::executor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// What a sink was given; outlives it.
struct SinkBook {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_open = true;  ///< else `take` blocks until it opens, or gives up
  bool given_up = false;
  std::vector<std::string> taken;
  std::vector<std::string> left;

  void open() {
    const std::lock_guard lock(mutex);
    is_open = true;
    changed.notify_all();
  }
};

class BookedSink final : public Sink {
 public:
  explicit BookedSink(SinkBook& book) : book_(book) {}
  void take(const Told& told) override {
    std::unique_lock lock(book_.mutex);
    book_.taken.push_back(told.step);
    book_.changed.notify_all();
    book_.changed.wait(lock, [this] { return book_.is_open || book_.given_up; });
  }
  void give_up() override {
    const std::lock_guard lock(book_.mutex);
    book_.given_up = true;
    book_.changed.notify_all();
  }
  void leave(const Told& told) override {
    const std::lock_guard lock(book_.mutex);
    book_.left.push_back(told.step);
  }
  std::string complaint() const override { return ""; }

 private:
  SinkBook& book_;
};

std::shared_ptr<const Told> step_named(const std::string& id) {
  return std::make_shared<const Told>(told_step(ToldKind::kStepDone, id));
}

constexpr std::chrono::seconds kLong{30};
std::chrono::steady_clock::time_point in_a_while() {
  return std::chrono::steady_clock::now() + kLong;
}

TEST(Outbox, GivesEverythingInOrderAndWaitsForTheLast) {
  SinkBook book;
  Outbox outbox("log", std::make_unique<BookedSink>(book), 8);
  for (const char* id : {"s1", "s2", "s3"}) EXPECT_TRUE(outbox.put(step_named(id)));
  outbox.close();
  outbox.finish(in_a_while());
  EXPECT_THAT(book.taken, ElementsAre("s1", "s2", "s3"));
  EXPECT_THAT(book.left, ElementsAre());
  EXPECT_EQ(outbox.complaint(), "");
}

TEST(Outbox, TakesMoreWhileItsSinkBlocksAndDropsTheOldestWhenFull) {
  SinkBook book;
  book.is_open = false;
  Outbox outbox("webhook-1", std::make_unique<BookedSink>(book), 2);
  outbox.put(step_named("s1"));
  {
    std::unique_lock lock(book.mutex);
    ASSERT_TRUE(book.changed.wait_for(lock, kLong, [&] { return !book.taken.empty(); }));
  }
  // The sink holds s1 and does not let go: each of these returns all the same.
  EXPECT_TRUE(outbox.put(step_named("s2")));
  EXPECT_TRUE(outbox.put(step_named("s3")));
  EXPECT_FALSE(outbox.put(step_named("s4")));
  EXPECT_FALSE(outbox.put(step_named("s5")));
  EXPECT_EQ(outbox.dropped(), 2U);
  book.open();
  outbox.close();
  outbox.finish(in_a_while());
  EXPECT_THAT(book.taken, ElementsAre("s1", "s4", "s5"));
  EXPECT_THAT(outbox.complaint(), HasSubstr("webhook-1: 2 events were dropped"));
}

TEST(Outbox, MakesASinkThatNeverAnswersGiveUpAndLeavesTheRestBehind) {
  SinkBook book;
  book.is_open = false;
  Outbox outbox("webhook-1", std::make_unique<BookedSink>(book), 8);
  for (const char* id : {"s1", "s2", "s3"}) outbox.put(step_named(id));
  {
    std::unique_lock lock(book.mutex);
    ASSERT_TRUE(book.changed.wait_for(lock, kLong, [&] { return !book.taken.empty(); }));
  }
  outbox.close();
  outbox.finish(std::chrono::steady_clock::now());  // returns, though nothing was ever answered
  EXPECT_THAT(book.taken, ElementsAre("s1"));
  EXPECT_THAT(book.left, ElementsAre("s2", "s3"));
}

TEST(Outbox, TakesNothingAfterItsEnd) {
  SinkBook book;
  Outbox outbox("log", std::make_unique<BookedSink>(book), 8);
  outbox.close();
  outbox.put(step_named("s1"));
  outbox.finish(in_a_while());
  EXPECT_THAT(book.taken, ElementsAre());
}

TEST(Outbox, TakesFromSeveralThreads) {
  SinkBook book;
  Outbox outbox("log", std::make_unique<BookedSink>(book), 1000);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&outbox] {
      for (int i = 0; i < 100; ++i) outbox.put(step_named("s1"));
    });
  for (std::thread& thread : threads) thread.join();
  outbox.close();
  outbox.finish(in_a_while());
  EXPECT_EQ(book.taken.size(), 400U);
}

}  // namespace
}  // namespace wme::executor
