#include <SQLiteCpp/Database.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <memory>

#include "executor/journal/location.hpp"
#include "executor/postgres/database.hpp"
#include "tests/executor/journal/sample_entries.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/process.hpp"

namespace wme::executor {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

/// A place for journals, and other programs' way to them.
class JournalWorld {
 public:
  virtual ~JournalWorld() = default;
  virtual std::string location(const std::string& name) const = 0;
  /// What another program tries; its error.
  virtual std::string sql(const std::string& statement) = 0;
  /// The same behind the back of the triggers.
  virtual void forge(const std::string& statement) = 0;
  /// As other programs know the tables.
  virtual std::string table(const std::string& name) const = 0;
};

class FileWorld : public JournalWorld {
 public:
  std::string location(const std::string& name) const override {
    return (folder_.path() / (name + ".journal")).string();
  }
  std::string sql(const std::string& statement) override {
    try {
      SQLite::Database(location("run-1"), SQLite::OPEN_READWRITE).exec(statement);
    } catch (const SQLite::Exception& refused) {
      return refused.what();
    }
    return "";
  }
  void forge(const std::string& statement) override {
    SQLite::Database forger(location("run-1"), SQLite::OPEN_READWRITE);
    const std::string trigger =
        forger.execAndGet("SELECT sql FROM sqlite_schema WHERE name = 'entries_keep_values'")
            .getString();
    forger.exec("DROP TRIGGER entries_keep_values");
    forger.exec(statement);
    forger.exec(trigger);
  }
  std::string table(const std::string& name) const override { return name; }

 private:
  testing_support::TemporaryFolder folder_;
};

class DatabaseWorld : public JournalWorld {
 public:
  DatabaseWorld() { EXPECT_EQ(sql("DROP SCHEMA IF EXISTS rehydrate CASCADE"), ""); }
  std::string location(const std::string& name) const override {
    return testing_support::PostgresServer::shared().url() + "#" + name;
  }
  std::string sql(const std::string& statement) override {
    Database database({testing_support::PostgresServer::shared().url(), ""},
                      Database::Access::kReadWrite);
    const auto done = database.execute(statement);
    return done ? "" : done.error().message;
  }
  void forge(const std::string& statement) override {
    EXPECT_EQ(sql("SET session_replication_role = replica; " + statement), "");
  }
  std::string table(const std::string& name) const override { return "rehydrate." + name; }
};

struct JournalPlace {
  const char* name;
  std::function<std::unique_ptr<JournalWorld>()> make;
};
std::ostream& operator<<(std::ostream& out, const JournalPlace& place) { return out << place.name; }

class JournalStoreTest : public ::testing::TestWithParam<JournalPlace> {
 protected:
  std::unique_ptr<StoredJournal> written(std::size_t entries) {
    auto journal = create_journal(run_, "", {Durability::kNone, [] { return kStart; }});
    EXPECT_TRUE(journal) << journal.error().message;
    const auto all = sample_entries();
    for (std::size_t i = 0; i < entries; ++i) EXPECT_TRUE(journal.value()->append(all[i]));
    return std::move(journal).value();
  }
  /// What a child of this process comes to.
  static int status_of(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
  }

  std::unique_ptr<JournalWorld> world_ = GetParam().make();
  std::string run_ = world_->location("run-1");
};

TEST_P(JournalStoreTest, KeepsTheSameTextAsTheOneInMemory) {
  InMemoryJournal memory;
  for (const Entry& entry : sample_entries()) ASSERT_TRUE(memory.append(entry));
  const auto journal = written(sample_entries().size());
  EXPECT_EQ(canonical_text(*journal).value(), canonical_text(memory).value());
}

TEST_P(JournalStoreTest, GoesOnWhereItWasLeft) {
  written(4).reset();
  const auto all = sample_entries();
  {
    auto journal = open_journal(run_);
    ASSERT_TRUE(journal) << journal.error().message;
    for (std::size_t i = 4; i < all.size(); ++i) ASSERT_TRUE(journal.value()->append(all[i]));
  }
  auto journal = open_journal_read_only(run_);
  ASSERT_TRUE(journal) << journal.error().message;
  const auto read = records(*journal.value());
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read.value().size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(read.value()[i].entry, all[i]);
  EXPECT_EQ(read.value()[0].wall_clock, kStart);
}

TEST_P(JournalStoreTest, KeepsWhateverAnEntryMayHold) {
  const auto journal = written(1);
  Entry odd = sample_entries()[1];
  odd.text = "tab\t quote\" ' \\ $1 %s bell\x07 delete\x7F umlaut\xC3\xA4 broken\xFF";
  odd.details["long"] = std::string(300'000, 'x');
  ASSERT_TRUE(journal->append(odd));
  const auto read = records(*journal);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value()[1].entry.details, odd.details);
}

TEST_P(JournalStoreTest, IsFoundAgainByItsLocation) {
  const auto journal = written(3);
  EXPECT_EQ(journal->name(), "run-1");
  EXPECT_THAT(journal->location(), HasSubstr("run-1"));
  auto again = open_journal_read_only(journal->location());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(verify(*again.value()).value().entries, 3);
  EXPECT_EQ(again.value()->location(), journal->location());
}

TEST_P(JournalStoreTest, CanBeReadWhileItIsWritten) {
  const auto writer = written(2);
  auto reader = open_journal_read_only(run_);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(verify(*reader.value()).value().entries, 2);
  ASSERT_TRUE(writer->append(sample_entries()[2]));
  EXPECT_EQ(verify(*reader.value()).value().entries, 3);
  const auto refused = reader.value()->append(sample_entries()[3]);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  EXPECT_EQ(reader.value()->post({0, "pause", "", "ada", "", kStart}).error().code,
            ErrorCode::kRefused);
}

TEST_P(JournalStoreTest, IsNeverOverwritten) {
  EXPECT_EQ(open_journal(run_).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(check_journal_can_be_made(run_, ""));
  written(3).reset();
  for (const Error& error :
       {create_journal(run_, "").error(), check_journal_can_be_made(run_, "").error()}) {
    EXPECT_EQ(error.code, ErrorCode::kRefused);
    EXPECT_THAT(error.message, HasSubstr("already exists"));
  }
  EXPECT_EQ(verify(*open_journal(run_).value()).value().entries, 3);
}

TEST_P(JournalStoreTest, IsAppendOnlyForOtherPrograms) {
  const auto journal = written(10);
  ASSERT_TRUE(journal->post({0, "pause", "", "ada", "", kStart}));
  const std::string entries = world_->table("entries");
  const std::string requests = world_->table("requests");
  for (const std::string& attempt :
       {"UPDATE " + entries + " SET text = 'nothing happened' WHERE sequence = 3",
        "DELETE FROM " + entries + " WHERE sequence = 10",
        "UPDATE " + requests + " SET what = 'abort'", "DELETE FROM " + requests})
    EXPECT_THAT(world_->sql(attempt), HasSubstr("append-only")) << attempt;
  EXPECT_EQ(verify(*journal).value().entries, 10);
}

TEST_P(JournalStoreTest, IsNotContinuedWhenAnEntryWasForged) {
  written(10).reset();
  world_->forge("UPDATE " + world_->table("entries") +
                " SET text = 'all is well' WHERE sequence = 8");
  const auto opened = open_journal(run_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kFailed);
  EXPECT_THAT(opened.error().message, HasSubstr("the chain breaks at entry 8"));
  const auto looked_at = open_journal_read_only(run_);
  ASSERT_TRUE(looked_at);
  EXPECT_FALSE(records(*looked_at.value()));
}

TEST_P(JournalStoreTest, RefusesASecondWriter) {
  const auto first = written(2);
  auto second = open_journal(run_);
  ASSERT_TRUE(second);
  ASSERT_TRUE(first->append(sample_entries()[2]));
  const auto refused = second.value()->append(sample_entries()[3]);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  EXPECT_THAT(refused.error().message, HasSubstr("another process"));
  ASSERT_TRUE(first->append(sample_entries()[3]));
  EXPECT_EQ(verify(*first).value().entries, 4);
}

TEST_P(JournalStoreTest, KeepsEachEntryOfAProcessThatWasKilled) {
  written(1).reset();
  const int status = status_of([&] {
    auto journal = open_journal(run_);
    bool good = bool(journal);
    for (std::size_t i = 1; good && i < 6; ++i)
      good = bool(journal.value()->append(sample_entries()[i]));
    if (good) ::raise(SIGKILL);
    return 1;
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  auto journal = open_journal(run_);
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ(verify(*journal.value()).value().entries, 6);
  EXPECT_TRUE(journal.value()->append(sample_entries()[6]));
}

TEST_P(JournalStoreTest, TakesWhatPeopleAskWhileARunWritesToIt) {
  const auto run = written(2);
  EXPECT_TRUE(run->requests_after(0).value().empty());
  const std::vector<PersonRequest> asked{
      {1, "pause", "", "ada@ops-1", "lunch; \"quoted\" 'too' \xC3\xA4", kStart},
      {2, "approve", "s7", "bob@ops-2", "", kStart + std::chrono::seconds{1}}};
  EXPECT_EQ(status_of([&] {
              auto person = open_journal(run_);
              if (!person) return 1;
              for (const PersonRequest& request : asked)
                if (const auto id = person.value()->post(request); !id || id.value() != request.id)
                  return 2;
              return 0;
            }),
            0);
  ASSERT_TRUE(run->append(sample_entries()[2])) << "the run goes on";
  EXPECT_EQ(run->requests_after(0).value(), asked);
  EXPECT_THAT(run->requests_after(1).value(), ElementsAre(asked[1]));
  EXPECT_TRUE(run->requests_after(2).value().empty());
  EXPECT_EQ(verify(*run).value().entries, 3);
}

TEST_P(JournalStoreTest, NumbersTheRequestsOfManyPeopleOneAfterTheOther) {
  const auto run = written(1);
  constexpr int kPeople = 4;
  constexpr int kEach = 5;
  std::vector<pid_t> people;
  for (int i = 0; i < kPeople; ++i) {
    people.push_back(::fork());
    if (people.back() != 0) continue;
    auto person = open_journal(run_);
    for (int each = 0; person && each < kEach; ++each)
      if (!person.value()->post({0, "retry", "s1", "person", "", kStart})) ::_exit(1);
    ::_exit(person ? 0 : 2);
  }
  for (const pid_t person : people) {
    int status = -1;
    ASSERT_EQ(::waitpid(person, &status, 0), person);
    EXPECT_EQ(status, 0);
  }
  const auto all = run->requests_after(0);
  ASSERT_TRUE(all);
  ASSERT_EQ(all.value().size(), std::size_t{kPeople * kEach});
  for (std::size_t i = 0; i < all.value().size(); ++i)
    EXPECT_EQ(all.value()[i].id, static_cast<long long>(i) + 1);
}

TEST_P(JournalStoreTest, RefusesRequestsThatNoRunCouldRead) {
  const auto run = written(1);
  for (const PersonRequest& request :
       std::vector<PersonRequest>{{0, "explode", "", "ada", "", kStart},
                                  {0, "pause", "", "", "", kStart},
                                  {0, "pause", "", "ada", "escape \x1B[2J", kStart},
                                  {0, "pause", "", "ada", "broken \xC3", kStart},
                                  {0, "pause", "", "ada", "overlong \xE0\x80\x80", kStart},
                                  {0, "pause", "", "ada", std::string("nul\0", 4), kStart},
                                  {0, "pause", "", "ada", std::string(5000, 'x'), kStart}}) {
    const auto refused = run->post(request);
    ASSERT_FALSE(refused) << request.reason;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  }
  EXPECT_TRUE(run->post({0, "pause", "", "ada", "\xE2\x82\xAC \xF0\x9F\x9A\x91\n", kStart}));
  EXPECT_EQ(run->requests_after(0).value().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Everywhere, JournalStoreTest,
    ::testing::Values(JournalPlace{"sqlite", [] { return std::make_unique<FileWorld>(); }},
                      JournalPlace{"postgresql",
                                   [] { return std::make_unique<DatabaseWorld>(); }}));

}  // namespace
}  // namespace wme::executor
