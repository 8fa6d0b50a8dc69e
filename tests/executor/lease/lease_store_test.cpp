#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <memory>

#include "executor/lease/lease.hpp"
#include "executor/lease/postgres_lease_store.hpp"
#include "executor/lease/process.hpp"
#include "executor/lease/sqlite_lease_store.hpp"
#include "executor/postgres/database.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/process.hpp"

namespace wme::executor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr TimePoint kLeaseStart{milliseconds{1'795'312'800'000}};
constexpr milliseconds kTtl{30'000};

Holder someone(const std::string& user, long long pid = 4711) {
  return {user, "ops-1", "boot-1", "pids-1", pid, 99, "/home/" + user + "/run.journal"};
}

/// A place for leases whose clock the test moves.
class LeaseWorld {
 public:
  virtual ~LeaseWorld() = default;
  virtual std::unique_ptr<LeaseStore> open() = 0;
  /// For other processes, which must not share a connection: with the real clock.
  virtual std::unique_ptr<LeaseStore> open_with_real_clock() = 0;
  virtual void advance(milliseconds time) = 0;
  std::function<bool(const Holder&)> has_ended = [](const Holder&) { return false; };
};

class SqliteLeaseWorld : public LeaseWorld {
 public:
  std::unique_ptr<LeaseStore> open() override {
    auto store = SqliteLeaseStore::open(folder_.path() / "state",
                                        {[this] { return now_; }, [this] { return since_boot_; }},
                                        [this](const Holder& holder) { return has_ended(holder); });
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(store).value() : nullptr;
  }
  std::unique_ptr<LeaseStore> open_with_real_clock() override {
    auto store = SqliteLeaseStore::open(folder_.path() / "state");
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(store).value() : nullptr;
  }
  void advance(milliseconds time) override {
    now_ += time;
    since_boot_ += time;
  }
  /// Somebody sets the machine's clock.
  void set_clock(TimePoint time) { now_ = time; }
  std::filesystem::path folder() const { return folder_.path() / "state"; }

 private:
  testing_support::TemporaryFolder folder_;
  TimePoint now_ = kLeaseStart;
  milliseconds since_boot_ = seconds{1000};
};

/// Its clock is a row of a table.
class PostgresLeaseWorld : public LeaseWorld {
 public:
  PostgresLeaseWorld() : url_{testing_support::PostgresServer::shared().url(), ""} {
    Database database(url_, Database::Access::kReadWrite);
    const auto made = database.execute(
        "DROP SCHEMA IF EXISTS rehydrate CASCADE; DROP TABLE IF EXISTS test_clock; "
        "CREATE TABLE test_clock AS SELECT '2026-11-22T02:00:00Z'::timestamptz AS now");
    EXPECT_TRUE(made) << made.error().message;
  }
  std::unique_ptr<LeaseStore> open() override {
    auto store = PostgresLeaseStore::open(
        url_, [this](const Holder& holder) { return has_ended(holder); },
        "SELECT now FROM test_clock");
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(store).value() : nullptr;
  }
  std::unique_ptr<LeaseStore> open_with_real_clock() override {
    auto store = PostgresLeaseStore::open(url_);
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(store).value() : nullptr;
  }
  void advance(milliseconds time) override {
    Database database(url_, Database::Access::kReadWrite);
    EXPECT_TRUE(database.execute("UPDATE test_clock SET now = now + ($1 || ' ms')::interval",
                                 {std::to_string(time.count())}));
  }
  const DatabaseUrl& url() const { return url_; }

 private:
  DatabaseUrl url_;
};

struct LeasePlace {
  const char* name;
  std::function<std::unique_ptr<LeaseWorld>()> make;
};
std::ostream& operator<<(std::ostream& out, const LeasePlace& place) { return out << place.name; }

class LeaseStoreTest : public ::testing::TestWithParam<LeasePlace> {
 protected:
  std::unique_ptr<LeaseWorld> world_ = GetParam().make();
};

TEST_P(LeaseStoreTest, GivesALeaseOnceAndSaysWhoHasIt) {
  const auto store = world_->open();
  const auto first = store->acquire("acme", someone("ada"), kTtl);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first.value().fence, 1);
  EXPECT_EQ(first.value().until - first.value().since, kTtl);
  const auto second = world_->open()->acquire("acme", someone("bob", 12), kTtl);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kRefused);
  EXPECT_EQ(second.error().message,
            "installation acme is locked by ada@ops-1 (process 4711) since "
            "2026-11-22T02:00:00.000Z, until 2026-11-22T02:00:30.000Z unless it is renewed, fence "
            "1, journal /home/ada/run.journal; nothing was done. See how that run is: rehydrate "
            "status '/home/ada/run.journal'. To let it stop at its next safe point: rehydrate stop "
            "'/home/ada/run.journal'. Only when you know that it is dead: rehydrate lock break "
            "--installation 'acme' --reason TEXT");
  EXPECT_TRUE(store->acquire("globex", someone("bob"), kTtl)) << "another installation";
}

TEST_P(LeaseStoreTest, RefusesEvenTheHolderASecondLease) {
  const auto store = world_->open();
  ASSERT_TRUE(store->acquire("acme", someone("ada"), kTtl));
  EXPECT_EQ(store->acquire("acme", someone("ada"), kTtl).error().code, ErrorCode::kRefused);
}

TEST_P(LeaseStoreTest, KeepsALeaseAliveWhileItIsRenewed) {
  const auto store = world_->open();
  ASSERT_TRUE(store->acquire("acme", someone("ada"), kTtl));
  for (int beat = 0; beat < 5; ++beat) {
    world_->advance(seconds{20});
    ASSERT_TRUE(store->renew("acme", 1, kTtl));
    EXPECT_FALSE(store->acquire("acme", someone("bob"), kTtl));
  }
  EXPECT_EQ(store->current("acme").value()->state, LeaseState::kHeld);
}

TEST_P(LeaseStoreTest, GivesAnExpiredLeaseToTheNextAndShutsTheFormerOutForEver) {
  const auto store = world_->open();
  ASSERT_TRUE(store->acquire("acme", someone("ada"), kTtl));
  world_->advance(kTtl - milliseconds{1});
  EXPECT_FALSE(store->acquire("acme", someone("bob"), kTtl));
  world_->advance(milliseconds{1});
  EXPECT_EQ(store->current("acme").value()->state, LeaseState::kExpired);
  const auto taken = world_->open()->acquire("acme", someone("bob"), kTtl);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken.value().fence, 2);
  for (int again = 0; again < 2; ++again) {
    const auto late = store->renew("acme", 1, kTtl);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::kRefused);
    EXPECT_THAT(late.error().message, HasSubstr("taken over by bob@ops-1"));
    EXPECT_EQ(store->release("acme", 1).error().code, ErrorCode::kRefused);
    ASSERT_TRUE(store->release("acme", 2));
  }
  EXPECT_FALSE(store->renew("acme", 2, kTtl)) << "what was given back is renewed";
}

TEST_P(LeaseStoreTest, RenewsWhatHasExpiredWhileNobodyElseTookIt) {
  const auto store = world_->open();
  ASSERT_TRUE(store->acquire("acme", someone("ada"), kTtl));
  world_->advance(10 * kTtl);
  ASSERT_TRUE(store->renew("acme", 1, kTtl));
  EXPECT_FALSE(store->acquire("acme", someone("bob"), kTtl));
}

TEST_P(LeaseStoreTest, NeverGivesAFenceTwice) {
  long long last = 0;
  const auto next = [&] {
    const auto lease = world_->open()->acquire("acme", someone("ada"), kTtl);
    EXPECT_TRUE(lease) << lease.error().message;
    EXPECT_EQ(lease.value().fence, last + 1);
    last = lease.value().fence;
    return last;
  };
  ASSERT_TRUE(world_->open()->release("acme", next()));
  next();
  ASSERT_TRUE(world_->open()->break_lease("acme", "eve@ops-2", "its machine burnt down"));
  next();
  world_->advance(kTtl);
  next();
  EXPECT_EQ(last, 4);
}

TEST_P(LeaseStoreTest, GivesTheLeaseOfADeadProcessOfThisMachineAtOnce) {
  const auto store = world_->open();
  ASSERT_TRUE(store->acquire("acme", someone("ada"), kTtl));
  world_->has_ended = [](const Holder& holder) { return holder == someone("ada"); };
  EXPECT_EQ(store->current("acme").value()->state, LeaseState::kEnded);
  const auto resumed = store->acquire("acme", someone("ada", 4712), kTtl);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(resumed.value().fence, 2);
  EXPECT_THAT(store->history("acme").value().back().reason,
              HasSubstr("journal /home/ada/run.journal, fence 1: its process is gone"));
}

TEST_P(LeaseStoreTest, IsBrokenForAReasonThatStaysInTheHistory) {
  const auto store = world_->open();
  EXPECT_EQ(store->break_lease("acme", "eve@ops-2", "why not").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store->acquire("acme", someone("ada"), kTtl));
  EXPECT_EQ(store->break_lease("acme", "eve@ops-2", "").error().code, ErrorCode::kInvalid);
  const auto broken = store->break_lease("acme", "eve@ops-2", "ops-1 burnt down");
  ASSERT_TRUE(broken) << broken.error().message;
  EXPECT_EQ(broken.value().holder, someone("ada"));
  const auto late = store->renew("acme", 1, kTtl);
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().message,
              HasSubstr("broken by eve@ops-2 at 2026-11-22T02:00:00.000Z: ops-1 burnt down"));
  EXPECT_EQ(store->break_lease("acme", "eve@ops-2", "again").error().code, ErrorCode::kNotFound);
  world_->advance(seconds{1});
  ASSERT_TRUE(store->acquire("acme", someone("bob"), kTtl)) << "at once";
  ASSERT_TRUE(store->release("acme", 2));
  std::vector<std::string> told;
  for (const LeaseEvent& event : store->history("acme").value())
    told.push_back(std::to_string(event.fence) + " " + event.what + " " + event.by + " " +
                   event.reason);
  EXPECT_THAT(
      told,
      ElementsAre("1 acquired ada@ops-1 (process 4711) ", "1 broken eve@ops-2 ops-1 burnt down",
                  "2 acquired bob@ops-1 (process 4711) ", "2 released bob@ops-1 (process 4711) "));
}

TEST_P(LeaseStoreTest, ListsTheLastLeaseOfEachInstallation) {
  const auto store = world_->open();
  EXPECT_TRUE(store->all().value().empty());
  EXPECT_FALSE(store->current("acme").value());
  ASSERT_TRUE(store->acquire("globex", someone("ada"), kTtl));
  ASSERT_TRUE(store->acquire("acme", someone("bob"), kTtl));
  ASSERT_TRUE(store->release("globex", 1));
  const auto all = store->all().value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].lease.installation, "acme");
  EXPECT_EQ(all[0].lease.holder, someone("bob"));
  EXPECT_EQ(all[1].state, LeaseState::kReleased);
}

TEST_P(LeaseStoreTest, TakesWhateverANameMayHold) {
  const auto store = world_->open();
  const std::string odd = "Acme's \"best\"; DROP TABLE leases; -- \xC3\xA4";
  Holder holder = someone("o'hara");
  ASSERT_TRUE(store->acquire(odd, holder, kTtl));
  EXPECT_EQ(store->current(odd).value()->lease.holder, holder);
  EXPECT_EQ(store->acquire("", holder, kTtl).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(store->acquire("a\nb", holder, kTtl).error().code, ErrorCode::kInvalid);
}

TEST_P(LeaseStoreTest, GivesTheLeaseToOneOfManyProcessesThatRace) {
  constexpr int kProcesses = 6;
  constexpr int kRounds = 4;
  // All of them wait for the end of one pipe, and each says by another what it got in each round.
  std::array<int, 2> gate{};
  std::array<int, 2> answers{};
  ASSERT_EQ(::pipe(gate.data()), 0);
  ASSERT_EQ(::pipe(answers.data()), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    children.push_back(::fork());
    ASSERT_GE(children.back(), 0);
    if (children.back() != 0) continue;
    ::close(gate[1]);
    char byte = 0;
    if (::read(gate[0], &byte, 1) != 0) ::_exit(1);
    for (int round = 0; round < kRounds; ++round) {
      const auto store = world_->open_with_real_clock();
      if (!store) ::_exit(2);
      const auto lease = store->acquire("acme-" + std::to_string(round), this_process(""), kTtl);
      const char got = lease ? 'y' : lease.error().code == ErrorCode::kRefused ? 'n' : '?';
      if (::write(answers[1], &got, 1) != 1) ::_exit(3);
    }
    ::_exit(0);
  }
  ::close(answers[1]);
  ::close(gate[0]);
  ::close(gate[1]);
  std::string all;
  std::array<char, 64> buffer{};
  for (ssize_t bytes = 0; (bytes = ::read(answers[0], buffer.data(), buffer.size())) > 0;)
    all.append(buffer.data(), static_cast<std::size_t>(bytes));
  ::close(answers[0]);
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(std::count(all.begin(), all.end(), '?'), 0) << all;
  // Each round is won once, and once more by whoever comes after the winner's process has ended.
  const auto store = world_->open_with_real_clock();
  long long won = 0;
  for (int round = 0; round < kRounds; ++round)
    for (const LeaseEvent& event : store->history("acme-" + std::to_string(round)).value()) {
      ++won;
      EXPECT_EQ(event.what == "acquired", event.fence == 1) << event.reason;
    }
  EXPECT_EQ(std::count(all.begin(), all.end(), 'y'), won);
  EXPECT_GE(won, kRounds);
}

INSTANTIATE_TEST_SUITE_P(
    Everywhere, LeaseStoreTest,
    ::testing::Values(LeasePlace{"sqlite", [] { return std::make_unique<SqliteLeaseWorld>(); }},
                      LeasePlace{"postgresql",
                                 [] { return std::make_unique<PostgresLeaseWorld>(); }}));

TEST(PostgresLeaseStore, KeepsItsHistoryAndItsFencesFromOtherPrograms) {
  PostgresLeaseWorld world;
  ASSERT_TRUE(world.open()->acquire("acme", someone("ada"), kTtl));
  Database database(world.url(), Database::Access::kReadWrite);
  for (const char* attempt :
       {"UPDATE rehydrate.leases SET fence = 0", "DELETE FROM rehydrate.leases",
        "TRUNCATE rehydrate.leases", "UPDATE rehydrate.lease_events SET reason = 'none'",
        "DELETE FROM rehydrate.lease_events", "TRUNCATE rehydrate.lease_events"}) {
    const auto refused = database.execute(attempt);
    ASSERT_FALSE(refused) << attempt;
    EXPECT_EQ(refused.error().code, ErrorCode::kRefused) << refused.error().message;
  }
}

TEST(PostgresLeaseStore, SaysThatItsDatabaseCannotBeReached) {
  const auto& server = testing_support::PostgresServer::shared();
  const auto away = PostgresLeaseStore::open({server.url_of("rehydrate", 1), ""});
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().code, ErrorCode::kUnreachable);
}

TEST(PostgresLeaseStore, GoesOnAfterItsConnectionWasEnded) {
  PostgresLeaseWorld world;
  const auto store = world.open();
  ASSERT_TRUE(store->acquire("acme", someone("ada"), kTtl));
  Database database(world.url(), Database::Access::kReadWrite);
  const auto end_others = [&] {
    ASSERT_TRUE(database.execute(
        "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE pid <> "
        "pg_backend_pid() AND backend_type = 'client backend'"));
  };
  end_others();
  EXPECT_TRUE(store->renew("acme", 1, kTtl));
  end_others();
  EXPECT_EQ(store->current("acme").value()->state, LeaseState::kHeld);
}

TEST(SqliteLeaseStore, BelongsToItsOwnerOnly) {
  SqliteLeaseWorld world;
  ASSERT_TRUE(world.open()->acquire("acme", someone("ada"), kTtl));
  struct stat status {};
  ASSERT_EQ(::stat(world.folder().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat((world.folder() / "locks.sqlite").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(SqliteLeaseStore, IsNotMovedByASetClockButByTime) {
  SqliteLeaseWorld world;
  const auto store = world.open();
  Holder here = someone("ada");
  here.boot_id = this_process("").boot_id;
  ASSERT_TRUE(store->acquire("acme", here, kTtl));
  world.set_clock(kLeaseStart + std::chrono::hours{24});
  EXPECT_EQ(store->current("acme").value()->state, LeaseState::kHeld);
  world.set_clock(kLeaseStart - std::chrono::hours{24});
  world.advance(kTtl);
  EXPECT_EQ(store->current("acme").value()->state, LeaseState::kExpired);
}

TEST(SqliteLeaseStore, LeavesWhatIsNotItsOwn) {
  SqliteLeaseWorld world;
  std::filesystem::create_directories(world.folder());
  testing_support::TemporaryFolder other;
  const std::string note = other.file("locks.sqlite", "a note of somebody, longer than a header");
  const auto opened = SqliteLeaseStore::open(other.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kFailed);
  EXPECT_THAT(opened.error().message, HasSubstr(note));
  EXPECT_EQ(std::filesystem::file_size(note), 40U);
  const auto nowhere = SqliteLeaseStore::open("/proc/no-such-folder");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(nowhere.error().message, HasSubstr("XDG_STATE_HOME"));
}

TEST(Process, KnowsWhoHasEnded) {
  const Holder self = this_process("here");
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_GT(self.started, 0);
  EXPECT_FALSE(has_ended_here(self));
  Holder reused = self;
  reused.started -= 1;
  EXPECT_TRUE(has_ended_here(reused)) << "the number was given to another process";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(0);
  Holder ended = self;
  ended.pid = child;
  ended.started = 0;
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_TRUE(has_ended_here(ended)) << "a zombie";
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(has_ended_here(ended));
  for (auto Holder::*where : {&Holder::host, &Holder::boot_id, &Holder::pid_space}) {
    Holder elsewhere = ended;
    elsewhere.*where += "-2";
    EXPECT_FALSE(has_ended_here(elsewhere)) << "of another machine nobody can tell";
  }
}

}  // namespace
}  // namespace wme::executor
