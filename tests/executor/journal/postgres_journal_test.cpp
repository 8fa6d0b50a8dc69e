#include "executor/journal/postgres_journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/journal/location.hpp"
#include "executor/lease/postgres_lease_store.hpp"
#include "executor/postgres/database.hpp"
#include "tests/executor/journal/sample_entries.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/postgres_server.hpp"

namespace wme::executor {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::CuttingProxy;
using testing_support::PostgresServer;

class PostgresJournalTest : public ::testing::Test {
 protected:
  static constexpr int kProxyPort = 6543;
  static constexpr const char* kAppend = "INSERT INTO rehydrate.entries";

  PostgresJournalTest() { administer("DROP SCHEMA IF EXISTS rehydrate CASCADE"); }
  Table administer(const std::string& statement) {
    const auto done = administrator_.execute(statement);
    EXPECT_TRUE(done) << statement << ": " << done.error().message;
    return done ? done.value() : Table{};
  }
  void end_other_connections() {
    administer(
        "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE pid <> "
        "pg_backend_pid() AND backend_type = 'client backend'");
  }
  /// A journal behind the proxy, that gives up as soon as it has lost the database.
  std::unique_ptr<StoredJournal> behind_proxy(std::size_t entries) {
    auto journal =
        create_journal(server_.url_of("rehydrate", kProxyPort), "run-1",
                       {Durability::kNone, [] { return kStart; }, std::chrono::milliseconds{0}});
    EXPECT_TRUE(journal) << journal.error().message;
    for (std::size_t i = 0; i < entries; ++i)
      EXPECT_TRUE(journal.value()->append(sample_entries()[i]));
    return std::move(journal).value();
  }
  long long entries_there() {
    auto journal = open_journal_read_only(server_.url() + "#run-1");
    EXPECT_TRUE(journal);
    const auto end = verify(*journal.value());
    EXPECT_TRUE(end) << end.error().message;
    return end.value().entries;
  }

  const PostgresServer& server_ = PostgresServer::shared();
  Database administrator_{{server_.url(), ""}, Database::Access::kReadWrite};
  CuttingProxy proxy_{server_.socket_of(kProxyPort), server_.socket_of(PostgresServer::kPort)};
};

TEST_F(PostgresJournalTest, KeepsManyJournalsByName) {
  const auto first = create_journal(server_.url(), "acme-restore-1");
  const auto second = create_journal(server_.url() + "#chosen", "acme-restore-1");
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(first.value()->location(), server_.url() + "#acme-restore-1");
  EXPECT_EQ(second.value()->name(), "chosen");
  ASSERT_TRUE(first.value()->append(sample_entries()[0]));
  ASSERT_TRUE(second.value()->append(sample_entries()[0]));
  ASSERT_TRUE(first.value()->append(sample_entries()[1]));
  EXPECT_EQ(verify(*first.value()).value().entries, 2);
  EXPECT_EQ(verify(*second.value()).value().entries, 1);
  EXPECT_EQ(create_journal(server_.url(), "chosen").error().code, ErrorCode::kRefused);
  EXPECT_EQ(create_journal(server_.url(), "").error().code, ErrorCode::kInvalid);
  const auto which = open_journal(server_.url());
  ASSERT_FALSE(which);
  EXPECT_EQ(which.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(which.error().message, HasSubstr("chosen, acme-restore-1"));
}

TEST_F(PostgresJournalTest, IsWrittenThroughUnlessARehearsalSaysOtherwise) {
  administer("ALTER ROLE rehydrate SET synchronous_commit = off");
  Database durable({server_.url(), ""}, Database::Access::kReadWrite);
  Database quick({server_.url(), ""}, Database::Access::kReadWrite, /*durable=*/false);
  EXPECT_EQ(durable.execute("SHOW synchronous_commit").value()[0][0], "on");
  EXPECT_EQ(quick.execute("SHOW synchronous_commit").value()[0][0], "off");
  administer("ALTER ROLE rehydrate SET synchronous_commit = remote_apply");
  Database replicated({server_.url(), ""}, Database::Access::kReadWrite);
  EXPECT_EQ(replicated.execute("SHOW synchronous_commit").value()[0][0], "remote_apply");
  administer("ALTER ROLE rehydrate RESET synchronous_commit");
}

TEST_F(PostgresJournalTest, ComesBackAfterItsConnectionWasEnded) {
  const auto journal = behind_proxy(2);
  end_other_connections();
  ASSERT_TRUE(journal->append(sample_entries()[2]));
  end_other_connections();
  EXPECT_EQ(verify(*journal).value().entries, 3);
  end_other_connections();
  EXPECT_TRUE(journal->requests_after(0));
}

TEST_F(PostgresJournalTest, FindsTheEntryWhoseAnswerWasLost) {
  const auto journal = behind_proxy(2);
  for (std::size_t entry = 2; entry < 5; ++entry) {
    proxy_.lose(CuttingProxy::Loss::kAnswer, kAppend);
    const Status appended = journal->append(sample_entries()[entry]);
    EXPECT_TRUE(appended) << appended.error().message;
  }
  EXPECT_EQ(entries_there(), 5);
}

TEST_F(PostgresJournalTest, WritesTheEntryThatDidNotArriveOnce) {
  const auto journal = behind_proxy(2);
  for (std::size_t entry = 2; entry < 5; ++entry) {
    proxy_.lose(CuttingProxy::Loss::kRequest, kAppend);
    const Status appended = journal->append(sample_entries()[entry]);
    EXPECT_TRUE(appended) << appended.error().message;
  }
  EXPECT_EQ(entries_there(), 5);
}

TEST_F(PostgresJournalTest, SaysThatNothingWasWrittenOnlyWhenNothingWas) {
  const auto journal = behind_proxy(2);
  proxy_.lose(CuttingProxy::Loss::kAll);
  // The first append finds the connection dead, which may have been in the middle of it.
  const Status unknown = journal->append(sample_entries()[2]);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kUnknownOutcome);
  EXPECT_THAT(unknown.error().message, HasSubstr("not known whether entry 3 was written"));
  proxy_.lose(CuttingProxy::Loss::kNone);
  ASSERT_TRUE(journal->append(sample_entries()[3])) << "the one before comes first";
  EXPECT_EQ(entries_there(), 4);
  const auto read = records(*journal);
  EXPECT_EQ(read.value()[2].entry, sample_entries()[2]);
  EXPECT_EQ(read.value()[3].entry, sample_entries()[3]);
}

TEST_F(PostgresJournalTest, ShowsThatItsTriggersWereTakenAway) {
  behind_proxy(3).reset();
  administer("ALTER TABLE rehydrate.entries DISABLE TRIGGER entries_keep_rows");
  const auto opened = open_journal(server_.url() + "#run-1");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kFailed);
  EXPECT_THAT(opened.error().message, HasSubstr("were changed"));
  administer("ALTER TABLE rehydrate.entries ENABLE TRIGGER entries_keep_rows");
  EXPECT_TRUE(open_journal(server_.url() + "#run-1"));
  for (const char* table : {"entries", "requests", "journals"})
    EXPECT_FALSE(administrator_.execute(std::string("TRUNCATE rehydrate.") + table + " CASCADE"));
  administer("DROP TRIGGER entries_keep_table ON rehydrate.entries");
  EXPECT_FALSE(open_journal(server_.url() + "#run-1"));
}

TEST_F(PostgresJournalTest, CanBeReadByWhoMayOnlyRead) {
  behind_proxy(3).reset();
  administer("DROP ROLE IF EXISTS auditor");
  administer("CREATE ROLE auditor LOGIN");
  administer("GRANT USAGE ON SCHEMA rehydrate TO auditor");
  administer("GRANT SELECT ON ALL TABLES IN SCHEMA rehydrate TO auditor");
  const std::string url = server_.url_of("auditor", PostgresServer::kPort);
  const auto journal = open_journal_read_only(url + "#run-1");
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ(records(*journal.value()).value().size(), 3U);
  const auto made = create_journal(url + "#run-2", "");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("permission denied"));
  administer("DROP OWNED BY auditor");
  administer("DROP ROLE auditor");
}

/// What docs/journal.md tells administrators to grant.
TEST_F(PostgresJournalTest, NeedsTheDocumentedRightsOnly) {
  behind_proxy(1).reset();
  ASSERT_TRUE(PostgresLeaseStore::open({server_.url(), ""})) << "makes its tables";
  administer("DROP ROLE IF EXISTS ops");
  administer("CREATE ROLE ops LOGIN");
  administer("GRANT USAGE ON SCHEMA rehydrate TO ops");
  administer("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA rehydrate TO ops");
  administer("GRANT UPDATE ON rehydrate.leases, rehydrate.journals TO ops");
  const std::string url = server_.url_of("ops", PostgresServer::kPort);
  const auto journal = create_journal(url, "run-2");
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_TRUE(journal.value()->append(sample_entries()[0]));
  const auto posted = journal.value()->post({0, "pause", "", "ada", "", kStart});
  EXPECT_TRUE(posted) << posted.error().message;
  const auto leases = PostgresLeaseStore::open({url, ""});
  ASSERT_TRUE(leases) << leases.error().message;
  const auto lease =
      leases.value()->acquire("acme", this_process("run-2"), std::chrono::seconds{30});
  ASSERT_TRUE(lease) << lease.error().message;
  EXPECT_TRUE(leases.value()->renew("acme", lease.value().fence, std::chrono::seconds{30}));
  EXPECT_TRUE(leases.value()->release("acme", lease.value().fence));
  administer("DROP OWNED BY ops");
  administer("DROP ROLE ops");
}

TEST_F(PostgresJournalTest, SaysThatItCannotBeReached) {
  const std::string away = server_.url_of("rehydrate", 1) + "#run-1";
  for (const Error& error :
       {create_journal(away, "").error(), open_journal(away).error(),
        open_journal_read_only(away).error(), check_journal_can_be_made(away, "").error()}) {
    EXPECT_EQ(error.code, ErrorCode::kUnreachable) << error.message;
    EXPECT_THAT(error.message, HasSubstr("#run-1"));
    EXPECT_THAT(error.message, HasSubstr("No such file or directory"));
  }
}

TEST(DatabaseUrl, TakesNoPasswordAndRepeatsNone) {
  for (const char* text :
       {"postgresql://ada:sesame@db/ops", "postgres://ada:sesame@db/ops#run-1",
        "postgresql://ada:ses#ame@db/ops", "postgresql://:sesame@db",
        "postgresql://db/ops?password=sesame", "postgresql://db/ops?user=ada&password=sesame",
        "postgresql://db/ops?p%61ssword=sesame",
        "postgresql:///?sslmode=require&sslpassword=sesame"}) {
    for (const Error& error :
         {open_journal(text).error(), create_journal(text, "run").error(),
          open_journal_read_only(text).error(), check_journal_can_be_made(text, "run").error()}) {
      EXPECT_EQ(error.code, ErrorCode::kInvalid) << text;
      EXPECT_THAT(error.message, HasSubstr("PGPASSFILE"));
      EXPECT_THAT(error.message, Not(HasSubstr("ses")));
      EXPECT_THAT(error.message, Not(HasSubstr("ame@")));
    }
  }
}

TEST(DatabaseUrl, IsTakenApart) {
  const auto url = database_url_from("postgresql://ada@db:5433/ops?sslmode=require#acme-1.b_2");
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url.value().connection, "postgresql://ada@db:5433/ops?sslmode=require");
  EXPECT_EQ(url.value().name, "acme-1.b_2");
  EXPECT_EQ(url.value().named("x"), "postgresql://ada@db:5433/ops?sslmode=require#x");
  EXPECT_EQ(database_url_from("postgresql://db/ops").value().name, "");
  for (const char* bad : {"postgresql://db/ops#", "postgresql://db/ops#a b", "postgresql://db#a/b"})
    EXPECT_EQ(database_url_from(bad).error().code, ErrorCode::kInvalid) << bad;
  EXPECT_FALSE(is_database_url("/var/lib/postgresql://x"));
  EXPECT_FALSE(is_database_url("run.journal"));
}

}  // namespace
}  // namespace wme::executor
