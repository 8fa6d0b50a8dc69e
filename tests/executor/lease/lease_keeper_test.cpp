#include "executor/lease/lease_keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <thread>

#include "executor/lease/sqlite_lease_store.hpp"
#include "tests/support/process.hpp"

namespace wme::executor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr milliseconds kKeeperTtl{30'000};
const Holder kAda{"ada", "ops-1", "boot-1", "pids-1", 4711, 99, "/run.journal"};

/// One lease; what happens to each renewal is told by the test.
class FakeLeaseStore : public LeaseStore {
 public:
  using Answer = std::function<Result<Lease>()>;
  explicit FakeLeaseStore(Answer answer) : answer_(std::move(answer)) {}
  Result<Lease> acquire(const std::string& installation, const Holder& holder,
                        milliseconds) override {
    return Lease{installation, holder, 7, TimePoint{}, TimePoint{}};
  }
  Result<Lease> renew(const std::string&, long long, milliseconds) override { return answer_(); }
  Status release(const std::string&, long long) override { return Done{}; }
  Result<std::optional<LeaseNow>> current(const std::string&) override {
    return std::optional<LeaseNow>();
  }
  Result<std::vector<LeaseNow>> all() override { return std::vector<LeaseNow>(); }
  Result<Lease> break_lease(const std::string&, const std::string&, const std::string&) override {
    return Error{ErrorCode::kNotFound, "nothing to break"};
  }
  Result<std::vector<LeaseEvent>> history(const std::string&) override {
    return std::vector<LeaseEvent>();
  }

 private:
  Answer answer_;
};

class HeldLeaseTest : public ::testing::Test {
 protected:
  std::unique_ptr<HeldLease> held(FakeLeaseStore::Answer answer) {
    return std::make_unique<HeldLease>(
        std::make_unique<FakeLeaseStore>(std::move(answer)), kLease, kKeeperTtl,
        LeaseTime{[] { return TimePoint{}; }, [this] { return now_.load(); }}, now_.load());
  }
  void advance(milliseconds time) { now_ = now_.load() + time; }
  const Lease kLease{"acme", kAda, 7, TimePoint{}, TimePoint{}};
  const Error kAway{ErrorCode::kUnreachable, "no route to host"};
  const Error kTaken{ErrorCode::kRefused, "taken over by bob"};
  std::atomic<milliseconds> now_{seconds{1000}};
};

TEST_F(HeldLeaseTest, IsConfirmedWithoutTheStoreWhileFresh) {
  int asked = 0;
  const auto lease = held([&]() -> Result<Lease> {
    ++asked;
    return kLease;
  });
  EXPECT_EQ(lease->number(), 7);
  EXPECT_TRUE(lease->confirm());
  advance(kKeeperTtl * 9 / 10 - milliseconds{1});
  EXPECT_TRUE(lease->confirm());
  EXPECT_EQ(asked, 0);
  advance(milliseconds{1});  // its last tenth is not used
  EXPECT_TRUE(lease->confirm());
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(lease->confirm());
  EXPECT_EQ(asked, 1) << "it was renewed";
}

TEST_F(HeldLeaseTest, RefusesForEverOnceRefused) {
  Result<Lease> answer = kTaken;
  const auto lease = held([&] { return answer; });
  EXPECT_TRUE(lease->confirm()) << "it does not know yet";
  EXPECT_FALSE(lease->renew());
  answer = kLease;
  for (int again = 0; again < 2; ++again) {
    ASSERT_FALSE(lease->confirm());
    EXPECT_EQ(lease->confirm().error().code, ErrorCode::kRefused);
    EXPECT_EQ(lease->confirm().error().message, kTaken.message);
    EXPECT_FALSE(lease->renew());
  }
}

TEST_F(HeldLeaseTest, SurvivesAStoreThatIsAwayForLessThanItsTime) {
  Result<Lease> answer = kAway;
  const auto lease = held([&] { return answer; });
  EXPECT_FALSE(lease->renew());
  EXPECT_TRUE(lease->confirm()) << "there is time left";
  advance(kKeeperTtl);
  const Status out = lease->confirm();
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ErrorCode::kUnreachable);
  EXPECT_EQ(out.error().message,
            "the lock on acme (fence 7) cannot be renewed: no route to host; nothing is sent while "
            "it is not renewed");
  answer = kLease;
  EXPECT_TRUE(lease->confirm()) << "nobody took it meanwhile";
}

TEST_F(HeldLeaseTest, CountsFromTheQuestionNotFromTheAnswer) {
  const auto lease = held([&]() -> Result<Lease> {
    advance(kKeeperTtl);  // stopped, or a slow network
    return kLease;
  });
  advance(kKeeperTtl);
  const Status late = lease->confirm();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kUnreachable);
  EXPECT_THAT(late.error().message, HasSubstr("ran out while the answer"));
}

TEST_F(HeldLeaseTest, AsksOnceForManyThreads) {
  std::atomic<int> asked = 0;
  const auto lease = held([&]() -> Result<Lease> {
    ++asked;
    return kLease;
  });
  advance(kKeeperTtl);
  std::vector<std::thread> workers;
  std::atomic<int> confirmed = 0;
  for (int i = 0; i < 8; ++i) workers.emplace_back([&] { confirmed += lease->confirm() ? 1 : 0; });
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(confirmed, 8);
  EXPECT_EQ(asked, 1);
}

TEST_F(HeldLeaseTest, ConfirmsNothingAfterItsRelease) {
  const auto lease = held([&]() -> Result<Lease> { return kLease; });
  ASSERT_TRUE(lease->release());
  ASSERT_FALSE(lease->confirm());
  EXPECT_THAT(lease->confirm().error().message, HasSubstr("given its lock back"));
}

TEST(LeaseKeeper, RenewsInItsOwnThread) {
  std::promise<void> renewed;
  std::atomic<int> beats = 0;
  auto keeper = LeaseKeeper::take(std::make_unique<FakeLeaseStore>([&]() -> Result<Lease> {
                                    if (++beats == 2) renewed.set_value();
                                    return Lease{};
                                  }),
                                  "acme", kAda, milliseconds{9});
  ASSERT_TRUE(keeper);
  EXPECT_EQ(renewed.get_future().wait_for(seconds{30}), std::future_status::ready);
}

TEST(LeaseKeeper, GivesTheLeaseBackOnlyWhenToldTo) {
  const testing_support::TemporaryFolder folder;
  const auto take = [&] {
    auto store = SqliteLeaseStore::open(folder.path());
    EXPECT_TRUE(store);
    return LeaseKeeper::take(std::move(store).value(), "acme", this_process(""));
  };
  {
    const auto keeper = take();
    ASSERT_TRUE(keeper);
    EXPECT_EQ(keeper.value()->number(), 1);
    EXPECT_TRUE(keeper.value()->confirm());
    const auto second = take();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kRefused);
  }
  EXPECT_FALSE(take()) << "the run's process is alive and has not said that it is over";
  {
    auto store = SqliteLeaseStore::open(folder.path());
    ASSERT_TRUE(store.value()->break_lease("acme", "eve", "to go on"));
  }
  const auto keeper = take();
  ASSERT_TRUE(keeper);
  ASSERT_TRUE(keeper.value()->release());
  ASSERT_TRUE(keeper.value()->release());
  EXPECT_FALSE(keeper.value()->confirm());
  EXPECT_TRUE(take());
}

/// A run in a process of its own, which tells by a pipe what `confirm` answers each time it is
/// asked.
class OtherRun {
 public:
  OtherRun(const std::filesystem::path& folder, milliseconds time_to_live) {
    EXPECT_EQ(::pipe(questions_.data()), 0);
    EXPECT_EQ(::pipe(answers_.data()), 0);
    pid_ = ::fork();
    EXPECT_GE(pid_, 0);
    if (pid_ != 0) return;
    ::close(questions_[1]);
    auto store = SqliteLeaseStore::open(folder);
    auto keeper = LeaseKeeper::take(std::move(store).value(), "acme",
                                    this_process("/first.journal"), time_to_live);
    char byte = keeper ? 'h' : 'x';
    while (::write(answers_[1], &byte, 1) == 1 && ::read(questions_[0], &byte, 1) == 1)
      byte = keeper.value()->confirm() ? 'y' : 'n';
    ::_exit(0);
  }
  ~OtherRun() {
    ::kill(pid_, SIGKILL);
    ::kill(pid_, SIGCONT);
    ::waitpid(pid_, nullptr, 0);
    for (const int end : {questions_[0], questions_[1], answers_[0], answers_[1]}) ::close(end);
  }
  void send(int signal) { ::kill(pid_, signal); }
  /// It is dead, but nobody has buried it yet.
  void kill_and_wait() {
    send(SIGKILL);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  }
  char next_answer() {
    pollfd waiting{answers_[0], POLLIN, 0};
    char byte = '-';
    constexpr int kPatienceMs = 30'000;
    if (::poll(&waiting, 1, kPatienceMs) == 1 && ::read(answers_[0], &byte, 1) != 1) byte = '-';
    return byte;
  }
  char confirms() { return ::write(questions_[1], "?", 1) == 1 ? next_answer() : '-'; }

 private:
  std::array<int, 2> questions_{};
  std::array<int, 2> answers_{};
  pid_t pid_ = -1;
};

TEST(LeaseKeeper, CannotActAfterItWasStoppedAndSomebodyElseTookOver) {
  const testing_support::TemporaryFolder folder;
  OtherRun first(folder.path(), milliseconds{150});
  ASSERT_EQ(first.next_answer(), 'h');
  EXPECT_EQ(first.confirms(), 'y');
  first.send(SIGSTOP);
  auto store = SqliteLeaseStore::open(folder.path());
  ASSERT_TRUE(store);
  // Refused until its lease is over, however often one asks; then ours.
  const auto patience = std::chrono::steady_clock::now() + seconds{30};
  auto second = store.value()->acquire("acme", this_process("/second.journal"), kKeeperTtl);
  EXPECT_FALSE(second) << "it is alive as far as anybody can tell";
  while (!second && std::chrono::steady_clock::now() < patience)
    second = store.value()->acquire("acme", this_process("/second.journal"), kKeeperTtl);
  ASSERT_TRUE(second) << second.error().message;
  first.send(SIGCONT);
  for (int again = 0; again < 3; ++again) EXPECT_EQ(first.confirms(), 'n');
  EXPECT_TRUE(store.value()->renew("acme", second.value().fence, kKeeperTtl));
}

TEST(LeaseKeeper, OfAKilledRunIsTakenOverAtOnce) {
  const testing_support::TemporaryFolder folder;
  OtherRun first(folder.path(), std::chrono::hours{1});
  ASSERT_EQ(first.next_answer(), 'h');
  auto store = SqliteLeaseStore::open(folder.path());
  ASSERT_TRUE(store);
  ASSERT_FALSE(store.value()->acquire("acme", this_process("/first.journal"), kKeeperTtl));
  first.kill_and_wait();
  const auto resumed = store.value()->acquire("acme", this_process("/first.journal"), kKeeperTtl);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(resumed.value().fence, 2);
}

}  // namespace
}  // namespace wme::executor
