#include "executor/lease/sqlite_lease_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "executor/journal/timestamp.hpp"

namespace wme::executor {
namespace {

constexpr int kLeaseBusyTimeoutMs = 5000;
constexpr int kLeaseApplicationId = 0x574D454C;  // "WMEL", in SQLite's file header
constexpr int kLeaseSchemaVersion = 1;

// A fence never goes back, and no lease disappears: whoever held one before stays shut out.
constexpr const char* kLeaseSchema =
    "CREATE TABLE leases (installation TEXT PRIMARY KEY, fence INTEGER NOT NULL,"
    " user TEXT NOT NULL, host TEXT NOT NULL, boot_id TEXT NOT NULL, pid_space TEXT NOT NULL,"
    " pid INTEGER NOT NULL, started INTEGER NOT NULL, journal TEXT NOT NULL, since TEXT NOT NULL,"
    " until TEXT NOT NULL, until_since_boot INTEGER NOT NULL, ended TEXT NOT NULL,"
    " ended_how TEXT NOT NULL) STRICT;"
    "CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,"
    " installation TEXT NOT NULL, fence INTEGER NOT NULL, what TEXT NOT NULL, by TEXT NOT NULL,"
    " reason TEXT NOT NULL) STRICT;"
    "CREATE TRIGGER leases_keep_fence BEFORE UPDATE ON leases WHEN NEW.fence < OLD.fence"
    " OR NEW.installation <> OLD.installation BEGIN"
    " SELECT RAISE(ABORT, 'a fence never goes back'); END;"
    "CREATE TRIGGER leases_keep_rows BEFORE DELETE ON leases BEGIN"
    " SELECT RAISE(ABORT, 'a fence never goes back'); END;"
    "CREATE TRIGGER events_keep_rows BEFORE DELETE ON events BEGIN"
    " SELECT RAISE(ABORT, 'the history is append-only'); END;"
    "CREATE TRIGGER events_keep_values BEFORE UPDATE ON events BEGIN"
    " SELECT RAISE(ABORT, 'the history is append-only'); END";

constexpr const char* kLeaseColumns =
    "SELECT installation, fence, user, host, boot_id, pid_space, pid, started, journal, since,"
    " until, until_since_boot, ended, ended_how FROM leases";

Error lease_failure(ErrorCode code, const std::filesystem::path& file, const std::string& what) {
  return {code, "locks in " + file.string() + ": " + what};
}

/// Runs `work`; whatever SQLite throws comes back as an error.
template <class Work>
auto lease_guarded(const std::filesystem::path& file, const std::string& tried, Work work)
    -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& problem) {
    switch (problem.getErrorCode()) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        return lease_failure(
            ErrorCode::kUnreachable, file,
            "cannot " + tried + ": another process keeps the file locked; try again");
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        return lease_failure(
            ErrorCode::kFailed, file,
            "cannot " + tried + ": the file is damaged (" + problem.what() +
                "); make sure that no run is alive, then move it away: locks begin anew");
      default:
        return lease_failure(ErrorCode::kFailed, file, "cannot " + tried + ": " + problem.what());
    }
  } catch (const std::exception& problem) {
    return lease_failure(ErrorCode::kFailed, file, "cannot " + tried + ": " + problem.what());
  }
}

Status make_lease_file(const std::filesystem::path& folder, const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    std::filesystem::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
      return lease_failure(ErrorCode::kInvalid, file,
                           std::string("its folder cannot be made: ") + std::strerror(errno) +
                               "; set XDG_STATE_HOME to a folder that is yours to write in");
  }
  // SQLite would make it readable for everybody.
  const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (made < 0)
    return lease_failure(ErrorCode::kInvalid, file,
                         std::string("the file cannot be opened: ") + std::strerror(errno) +
                             "; set XDG_STATE_HOME to a folder that is yours to write in");
  ::close(made);
  return Done{};
}

long long pragma(SQLite::Database& database, const std::string& name) {
  return database.execAndGet("PRAGMA " + name).getInt64();
}

/// Whoever comes first to a new file writes the schema; the others wait for him.
Status prepare_leases(SQLite::Database& database, const std::filesystem::path& file) {
  database.exec("PRAGMA synchronous=FULL");
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  const bool empty = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
  if (empty && pragma(database, "application_id") == 0) {
    database.exec("PRAGMA application_id=" + std::to_string(kLeaseApplicationId));
    database.exec("PRAGMA user_version=" + std::to_string(kLeaseSchemaVersion));
    database.exec(kLeaseSchema);
  }
  transaction.commit();
  if (pragma(database, "application_id") != kLeaseApplicationId)
    return lease_failure(ErrorCode::kInvalid, file,
                         "that is something else, and was left as it is; move it away");
  if (pragma(database, "user_version") != kLeaseSchemaVersion)
    return lease_failure(ErrorCode::kInvalid, file,
                         "it was written by another version of rehydrate; use that one");
  return Done{};
}

Result<LeaseRow> lease_row(SQLite::Statement& query, const std::filesystem::path& file) {
  LeaseRow row;
  Holder& holder = row.lease.holder;
  row.lease.installation = query.getColumn(0).getString();
  row.lease.fence = query.getColumn(1).getInt64();
  holder.user = query.getColumn(2).getString();
  holder.host = query.getColumn(3).getString();
  holder.boot_id = query.getColumn(4).getString();
  holder.pid_space = query.getColumn(5).getString();
  holder.pid = query.getColumn(6).getInt64();
  holder.started = query.getColumn(7).getInt64();
  holder.journal = query.getColumn(8).getString();
  const auto since = time_from_rfc3339(query.getColumn(9).getString());
  const auto until = time_from_rfc3339(query.getColumn(10).getString());
  if (!since || !until)
    return lease_failure(ErrorCode::kFailed, file,
                         "the lock on " + row.lease.installation + " has a time that is none");
  row.lease.since = *since;
  row.lease.until = *until;
  row.until_since_boot = std::chrono::milliseconds{query.getColumn(11).getInt64()};
  row.ended = query.getColumn(12).getString();
  row.ended_how = query.getColumn(13).getString();
  return row;
}

void save_lease(SQLite::Database& database, const LeaseChange& change) {
  const LeaseRow& row = change.row;
  const Holder& holder = row.lease.holder;
  SQLite::Statement save(
      database,
      "INSERT INTO leases VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (installation) DO "
      "UPDATE "
      "SET fence=excluded.fence, user=excluded.user, host=excluded.host, boot_id=excluded.boot_id, "
      "pid_space=excluded.pid_space, pid=excluded.pid, started=excluded.started, "
      "journal=excluded.journal, since=excluded.since, until=excluded.until, "
      "until_since_boot=excluded.until_since_boot, ended=excluded.ended, "
      "ended_how=excluded.ended_how");
  save.bind(1, row.lease.installation);
  save.bind(2, static_cast<std::int64_t>(row.lease.fence));
  save.bind(3, holder.user);
  save.bind(4, holder.host);
  save.bind(5, holder.boot_id);
  save.bind(6, holder.pid_space);
  save.bind(7, static_cast<std::int64_t>(holder.pid));
  save.bind(8, static_cast<std::int64_t>(holder.started));
  save.bind(9, holder.journal);
  save.bind(10, rfc3339(row.lease.since));
  save.bind(11, rfc3339(row.lease.until));
  save.bind(12, static_cast<std::int64_t>(row.until_since_boot.count()));
  save.bind(13, row.ended);
  save.bind(14, row.ended_how);
  save.exec();
  if (!change.event) return;
  SQLite::Statement tell(
      database,
      "INSERT INTO events (at, installation, fence, what, by, reason) VALUES (?,?,?,?,?,?)");
  tell.bind(1, rfc3339(change.event->at));
  tell.bind(2, change.event->installation);
  tell.bind(3, static_cast<std::int64_t>(change.event->fence));
  tell.bind(4, change.event->what);
  tell.bind(5, change.event->by);
  tell.bind(6, change.event->reason);
  tell.exec();
}

}  // namespace

struct SqliteLeaseStore::Impl {
  Impl(const std::filesystem::path& where, LeaseTime clock, HasEnded probe)
      : file(where),
        database(where.string(), SQLite::OPEN_READWRITE, kLeaseBusyTimeoutMs),
        time(std::move(clock)),
        has_ended(std::move(probe)),
        boot_id(this_process("").boot_id) {}

  LeaseMoment now() const { return {time.wall(), boot_id, time.since_boot()}; }

  Result<std::optional<LeaseRow>> row_of(const std::string& installation) {
    SQLite::Statement query(database, std::string(kLeaseColumns) + " WHERE installation = ?");
    query.bind(1, installation);
    if (!query.executeStep()) return std::optional<LeaseRow>();
    auto row = lease_row(query, file);
    if (!row) return row.error();
    return std::optional<LeaseRow>(std::move(row).value());
  }

  /// Reads, asks `rule`, writes: nobody comes in between.
  template <class Rule>
  Result<Lease> change(const std::string& tried, const std::string& installation, Rule rule) {
    return lease_guarded(file, tried, [&]() -> Result<Lease> {
      SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
      const auto before = row_of(installation);
      if (!before) return before.error();
      const Result<LeaseChange> after = rule(before.value());
      if (!after) return after.error();
      save_lease(database, after.value());
      transaction.commit();
      return after.value().row.lease;
    });
  }

  std::filesystem::path file;
  SQLite::Database database;
  LeaseTime time;
  HasEnded has_ended;
  std::string boot_id;
};

SqliteLeaseStore::SqliteLeaseStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteLeaseStore::~SqliteLeaseStore() = default;

Result<std::unique_ptr<SqliteLeaseStore>> SqliteLeaseStore::open(
    const std::filesystem::path& folder, LeaseTime time, HasEnded has_ended) {
  const std::filesystem::path file = folder / "locks.sqlite";
  if (Status made = make_lease_file(folder, file); !made) return made.error();
  using Opened = Result<std::unique_ptr<SqliteLeaseStore>>;
  return lease_guarded(file, "open them", [&]() -> Opened {
    auto impl = std::make_unique<Impl>(file, std::move(time), std::move(has_ended));
    if (Status ready = prepare_leases(impl->database, file); !ready) return ready.error();
    return std::unique_ptr<SqliteLeaseStore>(new SqliteLeaseStore(std::move(impl)));
  });
}

Result<Lease> SqliteLeaseStore::acquire(const std::string& installation, const Holder& holder,
                                        std::chrono::milliseconds time_to_live) {
  return impl_->change("lock " + installation, installation, [&](const auto& before) {
    return acquired(before, installation, holder, time_to_live, impl_->now(), impl_->has_ended);
  });
}

Result<Lease> SqliteLeaseStore::renew(const std::string& installation, long long fence,
                                      std::chrono::milliseconds time_to_live) {
  return impl_->change("renew the lock on " + installation, installation, [&](const auto& before) {
    return renewed(before, installation, fence, time_to_live, impl_->now());
  });
}

Status SqliteLeaseStore::release(const std::string& installation, long long fence) {
  const auto done = impl_->change(
      "release the lock on " + installation, installation,
      [&](const auto& before) { return released(before, installation, fence, impl_->now()); });
  if (!done) return done.error();
  return Done{};
}

Result<Lease> SqliteLeaseStore::break_lease(const std::string& installation, const std::string& by,
                                            const std::string& reason) {
  return impl_->change("break the lock on " + installation, installation, [&](const auto& before) {
    return broken(before, installation, by, reason, impl_->now());
  });
}

Result<std::optional<LeaseNow>> SqliteLeaseStore::current(const std::string& installation) {
  using Current = Result<std::optional<LeaseNow>>;
  return lease_guarded(impl_->file, "read them", [&]() -> Current {
    const auto row = impl_->row_of(installation);
    if (!row) return row.error();
    if (!row.value()) return std::optional<LeaseNow>();
    return std::optional<LeaseNow>(
        {row.value()->lease, state_of(*row.value(), impl_->now(), impl_->has_ended)});
  });
}

Result<std::vector<LeaseNow>> SqliteLeaseStore::all() {
  using All = Result<std::vector<LeaseNow>>;
  return lease_guarded(impl_->file, "read them", [&]() -> All {
    SQLite::Statement query(impl_->database, std::string(kLeaseColumns) + " ORDER BY installation");
    std::vector<LeaseNow> all;
    while (query.executeStep()) {
      const auto row = lease_row(query, impl_->file);
      if (!row) return row.error();
      all.push_back({row.value().lease, state_of(row.value(), impl_->now(), impl_->has_ended)});
    }
    return all;
  });
}

Result<std::vector<LeaseEvent>> SqliteLeaseStore::history(const std::string& installation) {
  using Events = Result<std::vector<LeaseEvent>>;
  return lease_guarded(impl_->file, "read their history", [&]() -> Events {
    SQLite::Statement query(impl_->database,
                            "SELECT at, installation, fence, what, by, reason FROM events "
                            "WHERE installation = ? ORDER BY id");
    query.bind(1, installation);
    std::vector<LeaseEvent> events;
    while (query.executeStep()) {
      const auto at = time_from_rfc3339(query.getColumn(0).getString());
      if (!at)
        return lease_failure(ErrorCode::kFailed, impl_->file,
                             "an event on " + installation + " has a time that is none");
      events.push_back({*at, query.getColumn(1).getString(), query.getColumn(2).getInt64(),
                        query.getColumn(3).getString(), query.getColumn(4).getString(),
                        query.getColumn(5).getString()});
    }
    return events;
  });
}

}  // namespace wme::executor
