#include "executor/journal/sqlite_journal.hpp"

#include <SQLiteCpp/Database.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "executor/journal/journal_file.hpp"
#include "tests/executor/journal/sample_entries.hpp"
#include "tests/support/kill_points.hpp"

namespace wme::executor {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SqliteJournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "journal-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ / "run.journal";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<SqliteJournal> written(std::size_t entries = sample_entries().size()) {
    auto journal = SqliteJournal::create(path_, {Durability::kNone, [] { return kStart; }});
    EXPECT_TRUE(journal);
    const auto all = sample_entries();
    for (std::size_t i = 0; i < entries; ++i) EXPECT_TRUE(journal.value()->append(all[i]));
    return std::move(journal).value();
  }
  static std::string bytes_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  static void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
};

TEST_F(SqliteJournalTest, BelongsToItsOwnerOnly) {
  const auto journal = written();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((path_.string() + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST_F(SqliteJournalTest, IsWrittenThroughToTheDiskUnlessARehearsalSaysOtherwise) {
  const auto syncs_of_an_append = [&](const char* name, Durability durability) {
    auto journal = SqliteJournal::create(folder_ / name, {durability, system_wall_clock});
    EXPECT_TRUE(journal);
    EXPECT_TRUE(journal.value()->append(sample_entries()[0]));  // the first also starts the WAL
    const int before = testing_support::syncs_so_far();
    EXPECT_TRUE(journal.value()->append(sample_entries()[1]));
    return testing_support::syncs_so_far() - before;
  };
  EXPECT_GE(syncs_of_an_append("production", JournalOptions{}.durability), 1);
  EXPECT_EQ(syncs_of_an_append("rehearsal", Durability::kNone), 0);
}

TEST_F(SqliteJournalTest, IsNeverOverwritten) {
  written(3).reset();
  const std::string before = bytes_of(path_);
  const auto again = SqliteJournal::create(path_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kRefused);
  EXPECT_THAT(again.error().message, HasSubstr("already exists"));
  EXPECT_THAT(again.error().message, Not(HasSubstr("resume"))) << "there is no such command yet";
  EXPECT_EQ(bytes_of(path_), before);
}

TEST_F(SqliteJournalTest, LeavesNoFilesBehindWhenItCannotBeCreated) {
  const auto nowhere = SqliteJournal::create(folder_ / "missing" / "run.journal");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::kInvalid) << "another path mends it";
  EXPECT_THAT(nowhere.error().message, HasSubstr("No such file or directory"));
  EXPECT_THAT(nowhere.error().message, HasSubstr("name a file in a folder"));
  EXPECT_THAT(nowhere.error().message, HasSubstr((folder_ / "missing" / "run.journal: ").string()));
  EXPECT_THAT(nowhere.error().message, Not(HasSubstr(".new-"))) << "an internal name";
  ::symlink("nothing-there", path_.c_str());
  EXPECT_FALSE(SqliteJournal::create(path_));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(SqliteJournalTest, CanBeAskedBeforeAnythingIsDoneWhetherAPathWillDo) {
  EXPECT_TRUE(check_can_be_made(path_));
  EXPECT_EQ(check_can_be_made(folder_).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_can_be_made(folder_ / "").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_can_be_made(folder_ / "missing" / "x").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(check_can_be_made(folder_ / std::string(300, 'x')).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(std::filesystem::is_empty(folder_)) << "asking leaves something behind";
  write(path_, "somebody's");
  EXPECT_EQ(check_can_be_made(path_).error().code, ErrorCode::kRefused);
  EXPECT_EQ(bytes_of(path_), "somebody's");
}

TEST_F(SqliteJournalTest, RefusesWhatIsNoJournalAndLeavesItAsItIs) {
  EXPECT_EQ(SqliteJournal::open(path_).error().code, ErrorCode::kNotFound);
  const auto foreign = folder_ / "foreign.db";
  {
    SQLite::Database(foreign.string(), SQLite::OPEN_CREATE | SQLite::OPEN_READWRITE)
        .exec("CREATE TABLE entries (sequence INTEGER)");
  }
  write(folder_ / "empty", "");
  write(folder_ / "note", "Do not delete: the plan of the day\n");
  for (const char* name : {"foreign.db", "empty", "note"}) {
    const std::string before = bytes_of(folder_ / name);
    for (const auto& opened : {SqliteJournal::open(folder_ / name).error(),
                               SqliteJournal::open_read_only(folder_ / name).error()}) {
      EXPECT_EQ(opened.code, ErrorCode::kInvalid) << name;
      EXPECT_THAT(opened.message, HasSubstr("is not a journal"));
    }
    EXPECT_EQ(bytes_of(folder_ / name), before) << name;
  }
}

TEST_F(SqliteJournalTest, RefusesAnotherSchema) {
  written().reset();
  { SQLite::Database(path_.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version=1"); }
  const auto opened = SqliteJournal::open(path_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(opened.error().message, HasSubstr("rehydrate/journal/1"));
}

TEST_F(SqliteJournalTest, IsAppendOnlyForOtherProgramsThatReplace) {
  written().reset();
  SQLite::Database other(path_.string(), SQLite::OPEN_READWRITE);
  for (const char* attempt :
       {"UPDATE entries SET text = 'nothing happened' WHERE sequence = 3",
        "DELETE FROM entries WHERE sequence = 15",
        "INSERT OR REPLACE INTO entries SELECT sequence, at, kind, step, action, arguments, token, "
        "'', observed, details, hash, wall_clock, wall_seal FROM entries WHERE sequence = 3"}) {
    try {
      other.exec(attempt);
      ADD_FAILURE() << attempt;
    } catch (const SQLite::Exception& refused) {
      EXPECT_THAT(refused.what(), HasSubstr("append-only")) << attempt;
    }
  }
}

TEST_F(SqliteJournalTest, ShowsThatItsTriggersWereTakenAway) {
  written().reset();
  {
    SQLite::Database(path_.string(), SQLite::OPEN_READWRITE)
        .exec("DROP TRIGGER entries_keep_values");
  }
  const auto opened = SqliteJournal::open(path_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("tables or triggers were changed"));
}

TEST_F(SqliteJournalTest, CanBeReadFromAReadOnlyFolder) {
  const std::string text = canonical_text(*written()).value();
  std::filesystem::permissions(folder_, std::filesystem::perms(0555));
  std::filesystem::permissions(path_, std::filesystem::perms(0444));
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // Root may write everywhere: look at it as nobody.
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
    auto journal = SqliteJournal::open_read_only(path_);
    if (!journal) ::_exit(3);
    const auto read = canonical_text(*journal.value());
    ::_exit(read && read.value() == text ? 0 : 4);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  std::filesystem::permissions(folder_, std::filesystem::perms(0755));
}

/// The check that docs/schemas/journal.md gives to people who trust no tool of ours.
std::string documented_check() {
  std::ostringstream text;
  text << std::ifstream(WME_SOURCE_DIR "/docs/schemas/journal.md").rdbuf();
  const std::string page = text.str();
  const std::string open = "```python\n";
  const auto from = page.find(open) + open.size();
  return page.substr(from, page.find("```", from) - from);
}

TEST_F(SqliteJournalTest, IsVerifiedByTheScriptOfItsDocumentation) {
  std::string end;
  {
    const auto journal = written();
    Entry odd = sample_entries()[1];
    odd.text = "tab\t quote\" bell\x07 delete\x7F umlaut\xC3\xA4 broken\xFF";
    odd.observed[0].detail = odd.text;
    ASSERT_TRUE(journal->append(odd));
    end = verify(*journal).value().hash;
  }
  write(folder_ / "check.py", documented_check());
  const auto check = [&] {
    return std::system(("python3 " + (folder_ / "check.py").string() + " " + path_.string() + " >" +
                        (folder_ / "out").string() + " 2>&1")
                           .c_str());
  };
  EXPECT_EQ(check(), 0) << bytes_of(folder_ / "out");
  EXPECT_THAT(bytes_of(folder_ / "out"), HasSubstr(end));
  {
    SQLite::Database forger(path_.string(), SQLite::OPEN_READWRITE);
    forger.exec("DROP TRIGGER entries_keep_values");
    forger.exec("UPDATE entries SET token = 'another' WHERE sequence = 3");
  }
  EXPECT_NE(check(), 0);
  EXPECT_THAT(bytes_of(folder_ / "out"), HasSubstr("breaks at entry 3"));
}

/// What a child of this process comes to that is killed before its n-th change of a file.
template <class Work>
int killed_before(int n, Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    testing_support::kill_before_call(n);
    work();
    ::_exit(0);
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) || status == 0);
  return status;
}

TEST_F(SqliteJournalTest, IsThereAsAWholeOrNotAtAllWhereverItsCreationIsKilled) {
  int calls = 1;
  for (bool killed = true; killed; ++calls) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
    const int status = killed_before(calls, [&] { (void)SqliteJournal::create(path_); });
    killed = WIFSIGNALED(status);
    if (std::filesystem::exists(path_)) {
      const auto journal = SqliteJournal::open(path_);
      ASSERT_TRUE(journal) << "call " << calls << ": " << journal.error().message;
      EXPECT_TRUE(journal.value()->append(sample_entries()[0]));
    } else {
      EXPECT_TRUE(killed);
      EXPECT_TRUE(SqliteJournal::create(path_)) << "call " << calls;
    }
  }
  EXPECT_GT(calls, 10) << "it is not looked at";
}

TEST_F(SqliteJournalTest, KeepsWhatItAcknowledgedWhereverItIsKilled) {
  const auto all = sample_entries();
  int calls = 1;
  for (bool killed = true; killed; ++calls) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
    written(2).reset();
    std::array<int, 2> acknowledged{};
    ASSERT_EQ(::pipe(acknowledged.data()), 0);
    const int status = killed_before(calls, [&] {
      auto journal = SqliteJournal::open(path_);
      for (std::size_t i = 2; journal && i < 5; ++i)
        if (!journal.value()->append(all[i]) || ::write(acknowledged[1], "+", 1) != 1) return;
    });
    killed = WIFSIGNALED(status);
    ::close(acknowledged[1]);
    std::array<char, 8> bytes{};
    const auto known =
        2 + std::max<ssize_t>(::read(acknowledged[0], bytes.data(), bytes.size()), 0);
    ::close(acknowledged[0]);
    // Killed once more while it is recovered.
    for (int again = 1;
         WIFSIGNALED(killed_before(again, [&] { (void)SqliteJournal::open(path_); }));)
      ++again;
    const auto journal = SqliteJournal::open(path_);
    ASSERT_TRUE(journal) << "call " << calls << ": " << journal.error().message;
    const auto read = records(*journal.value());
    ASSERT_TRUE(read) << read.error().message;
    const auto there = static_cast<ssize_t>(read.value().size());
    EXPECT_TRUE(there == known || there == known + 1) << there << " of " << known;
    for (std::size_t i = 0; i < read.value().size(); ++i) EXPECT_EQ(read.value()[i].entry, all[i]);
  }
  EXPECT_GT(calls, 10) << "it is not looked at";
}

}  // namespace
}  // namespace wme::executor
