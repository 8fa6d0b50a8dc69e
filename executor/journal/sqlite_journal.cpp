#include "executor/journal/sqlite_journal.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <utility>

#include "executor/journal/journal_file.hpp"
#include "executor/journal/timestamp.hpp"
#include "executor/journal/wal_file.hpp"

namespace wme::executor {
namespace {

constexpr int kBusyTimeoutMs = 5000;

// Verbatim as SQLite keeps them: `check_schema` compares.
constexpr std::array<const char*, 8> kSchema{
    "CREATE TABLE entries (\n"
    "  sequence INTEGER PRIMARY KEY,\n"
    "  at TEXT NOT NULL,\n"
    "  kind TEXT NOT NULL,\n"
    "  step TEXT NOT NULL,\n"
    "  action TEXT NOT NULL,\n"
    "  arguments TEXT NOT NULL,\n"
    "  token TEXT NOT NULL,\n"
    "  text TEXT NOT NULL,\n"
    "  observed TEXT NOT NULL,\n"
    "  details TEXT NOT NULL,\n"
    "  hash TEXT NOT NULL,\n"
    "  wall_clock TEXT NOT NULL,\n"
    "  wall_seal TEXT NOT NULL\n"
    ") STRICT",
    "CREATE TRIGGER entries_keep_rows BEFORE DELETE ON entries BEGIN "
    "SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER entries_keep_values BEFORE UPDATE ON entries BEGIN "
    "SELECT RAISE(ABORT, 'the journal is append-only'); END",
    // Also stops INSERT OR REPLACE, whose deletion fires no trigger, and a second writer.
    "CREATE TRIGGER entries_keep_order BEFORE INSERT ON entries "
    "WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM entries) BEGIN "
    "SELECT RAISE(ABORT, 'the journal is append-only: wrong sequence'); END",
    // What people ask of the run, from other processes.
    "CREATE TABLE requests (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  at TEXT NOT NULL,\n"
    "  what TEXT NOT NULL,\n"
    "  step TEXT NOT NULL,\n"
    "  by TEXT NOT NULL,\n"
    "  reason TEXT NOT NULL\n"
    ") STRICT",
    "CREATE TRIGGER requests_keep_rows BEFORE DELETE ON requests BEGIN "
    "SELECT RAISE(ABORT, 'requests are append-only'); END",
    "CREATE TRIGGER requests_keep_values BEFORE UPDATE ON requests BEGIN "
    "SELECT RAISE(ABORT, 'requests are append-only'); END",
    "CREATE TRIGGER requests_keep_order BEFORE INSERT ON requests "
    "WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM requests) BEGIN "
    "SELECT RAISE(ABORT, 'requests are append-only: wrong id'); END"};

Error failure(ErrorCode code, const std::filesystem::path& path, const std::string& what) {
  return {code, "journal " + path.string() + ": " + what};
}

/// Runs `work`; whatever SQLite throws comes back as an error.
template <class Work>
auto guarded(const std::filesystem::path& path, const std::string& tried, Work work)
    -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& problem) {
    switch (problem.getErrorCode()) {
      case SQLITE_CONSTRAINT:
        return failure(ErrorCode::kRefused, path,
                       "cannot " + tried +
                           ": another process writes to it as well; let only one "
                           "run at a time use a journal");
      case SQLITE_READONLY:
        return failure(ErrorCode::kRefused, path,
                       "cannot " + tried +
                           ": this user may not write to it and to its folder; do it as the user "
                           "who carries the run out");
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        return failure(ErrorCode::kFailed, path,
                       "cannot " + tried + ": the file is damaged (" + problem.what() +
                           "); keep it, and work on a copy");
      default:
        return failure(ErrorCode::kFailed, path, "cannot " + tried + ": " + problem.what());
    }
  } catch (const std::exception& problem) {
    return failure(ErrorCode::kFailed, path, "cannot " + tried + ": " + problem.what());
  }
}

void write_schema(SQLite::Database& database) {
  database.exec("PRAGMA journal_mode=WAL");
  database.exec("PRAGMA application_id=" + std::to_string(kApplicationId));
  database.exec("PRAGMA user_version=" + std::to_string(kSchemaVersion));
  for (const char* statement : kSchema) database.exec(statement);
}

/// How far one comes: SQLite's own words for damage often name no place.
std::string readable_part(SQLite::Database& database) {
  long long last = 0;
  const auto place = [&]() -> std::string {
    return last == 0 ? "before its first entry" : "behind entry " + std::to_string(last);
  };
  try {
    SQLite::Statement query(database, "SELECT * FROM entries ORDER BY sequence");
    while (query.executeStep()) {
      for (int column = 1; column < query.getColumnCount(); ++column)
        if (!query.getColumn(column).isText()) return place();
      last = query.getColumn(0).getInt64();
    }
  } catch (const SQLite::Exception&) {
    return place();
  }
  return "beside its entries, of which " + std::to_string(last) + " can be read";
}

Error damaged(SQLite::Database& database, const std::filesystem::path& path,
              const std::string& what) {
  return failure(ErrorCode::kFailed, path,
                 "the file is damaged " + readable_part(database) + " (" + what +
                     "); keep it, and work on a copy");
}

Status check_schema(SQLite::Database& database, const std::filesystem::path& path) {
  SQLite::Statement known(database, "SELECT count(*) FROM sqlite_schema WHERE sql = ?");
  for (const char* statement : kSchema) {
    known.bindNoCopy(1, statement);
    known.executeStep();
    if (known.getColumn(0).getInt() != 1)
      return failure(ErrorCode::kFailed, path,
                     "its tables or triggers were changed: whether it was only ever appended to "
                     "cannot be told any more; keep it as evidence and start a new one");
    known.reset();
  }
  // Finds pages that were lost as a whole, which the chain cannot miss at its end.
  SQLite::Statement sound(database, "PRAGMA quick_check(1)");
  sound.executeStep();
  const std::string answer = sound.getColumn(0).getString();
  if (answer != "ok") return damaged(database, path, answer);
  return Done{};
}

/// As above, where the damage is such that not even the looking comes to an end.
Status check_soundness(SQLite::Database& database, const std::filesystem::path& path) {
  try {
    return check_schema(database, path);
  } catch (const SQLite::Exception& problem) {
    if (problem.getErrorCode() != SQLITE_CORRUPT) throw;
    return damaged(database, path, problem.what());
  }
}

/// A database in WAL mode wants a shared-memory file beside it, which a read-only folder forbids.
/// Nobody can write there either, so the file may be taken as it is.
std::string immutable_uri(const std::filesystem::path& path) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    if (c == '%' || c == '?' || c == '#') {
      static constexpr std::string_view kDigits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      uri += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

bool in_read_only_folder(const std::filesystem::path& path) {
  const auto folder = std::filesystem::absolute(path).parent_path();
  // AT_EACCESS: by the rights that SQLite's own open(2) will be judged by.
  return ::faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) != 0 &&
         !std::filesystem::exists(path.string() + "-wal");
}

}  // namespace

struct SqliteJournal::Impl {
  std::filesystem::path path;
  bool read_only = false;
  JournalOptions options;
  SQLite::Database database;
  std::unique_ptr<SQLite::Statement> insert;
  ChainEnd end;

  Impl(const std::filesystem::path& file, const std::string& name, int flags)
      : path(file),
        read_only((flags & SQLite::OPEN_READONLY) != 0),
        database(name, flags, kBusyTimeoutMs) {}
};

SqliteJournal::SqliteJournal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteJournal::~SqliteJournal() = default;

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::create(const std::filesystem::path& path,
                                                             JournalOptions options) {
  const std::filesystem::path temporary = temporary_of(path);
  const auto written = guarded(path, "create it", [&]() -> Status {
    if (auto possible = check_can_be_made(path); !possible) return possible;
    if (auto made = create_private_file(path); !made) return made;
    {
      SQLite::Database database(temporary.string(), SQLite::OPEN_READWRITE, kBusyTimeoutMs);
      write_schema(database);
    }
    return publish(path);
  });
  if (!written) {
    std::error_code ignored;  // the error that counts is on its way already
    std::filesystem::remove(temporary, ignored);
    return written.error();
  }
  return open(path, std::move(options));
}

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const std::filesystem::path& path,
                                                           JournalOptions options) {
  if (auto known = check_is_journal(path); !known) return known.error();
  if (auto sound = check_wal(path); !sound) return sound.error();
  using Opened = Result<std::unique_ptr<SqliteJournal>>;
  return guarded(path, "open it", [&]() -> Opened {
    auto impl = std::make_unique<Impl>(path, path.string(), SQLite::OPEN_READWRITE);
    if (auto sound = check_soundness(impl->database, path); !sound) return sound.error();
    impl->database.exec(options.durability == Durability::kEachEntry ? "PRAGMA synchronous=FULL"
                                                                     : "PRAGMA synchronous=OFF");
    impl->options = std::move(options);
    std::unique_ptr<SqliteJournal> journal(new SqliteJournal(std::move(impl)));
    const auto end = verify(*journal);
    if (!end) return failure(end.error().code, path, end.error().message);
    journal->impl_->end = end.value();
    journal->impl_->insert = std::make_unique<SQLite::Statement>(
        journal->impl_->database, "INSERT INTO entries VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
    return journal;
  });
}

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open_read_only(
    const std::filesystem::path& path) {
  if (auto known = check_is_journal(path); !known) return known.error();
  if (auto sound = check_wal(path); !sound) return sound.error();
  using Opened = Result<std::unique_ptr<SqliteJournal>>;
  return guarded(path, "open it for reading", [&]() -> Opened {
    const std::string name = in_read_only_folder(path) ? immutable_uri(path) : path.string();
    auto impl = std::make_unique<Impl>(path, name, SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    if (auto sound = check_soundness(impl->database, path); !sound) return sound.error();
    return std::unique_ptr<SqliteJournal>(new SqliteJournal(std::move(impl)));
  });
}

Status SqliteJournal::append(const Entry& entry) {
  if (impl_->read_only)
    return failure(ErrorCode::kRefused, impl_->path, "was opened for reading only");
  return guarded(impl_->path, "append an entry", [&]() -> Status {
    const Row row =
        encode(impl_->end.entries + 1, impl_->end.hash, entry, impl_->options.wall_clock());
    SQLite::Statement& insert = *impl_->insert;
    insert.tryReset();  // after a failure it repeats that failure's code, which was reported
    insert.bind(1, static_cast<std::int64_t>(row.sequence));
    int column = 2;
    for (const std::string* text :
         {&row.at, &row.kind, &row.step, &row.action, &row.arguments, &row.token, &row.text,
          &row.observed, &row.details, &row.hash, &row.wall_clock, &row.wall_seal})
      insert.bindNoCopy(column++, *text);
    insert.exec();
    insert.reset();
    insert.clearBindings();
    impl_->end = {row.sequence, row.hash};
    return Done{};
  });
}

Result<std::vector<Row>> SqliteJournal::rows() const {
  using Rows = Result<std::vector<Row>>;
  std::vector<Row> rows;
  const Rows read = guarded(impl_->path, "read it", [&]() -> Rows {
    SQLite::Statement query(impl_->database, "SELECT * FROM entries ORDER BY sequence");
    while (query.executeStep()) {
      Row row;
      row.sequence = query.getColumn(0).getInt64();
      int column = 1;
      for (std::string* text :
           {&row.at, &row.kind, &row.step, &row.action, &row.arguments, &row.token, &row.text,
            &row.observed, &row.details, &row.hash, &row.wall_clock, &row.wall_seal})
        *text = query.getColumn(column++).getString();
      rows.push_back(std::move(row));
    }
    return rows;
  });
  if (read) return read;
  return Error{read.error().code,
               read.error().message + " (behind entry " + std::to_string(rows.size()) + ")"};
}

std::string SqliteJournal::location() const {
  return std::filesystem::absolute(impl_->path).string();
}

std::string SqliteJournal::name() const { return impl_->path.stem().string(); }

Result<long long> SqliteJournal::post(const PersonRequest& request) {
  if (Status good = check_request(request); !good) return good.error();
  if (impl_->read_only)
    return failure(ErrorCode::kRefused, impl_->path, "was opened for reading only");
  return guarded(impl_->path, "post a request", [&]() -> Result<long long> {
    SQLite::Statement insert(impl_->database,
                             "INSERT INTO requests SELECT coalesce(max(id), 0) + 1,?,?,?,?,? "
                             "FROM requests RETURNING id");
    insert.bind(1, rfc3339(request.at));
    insert.bind(2, request.what);
    insert.bind(3, request.step);
    insert.bind(4, request.by);
    insert.bind(5, request.reason);
    insert.executeStep();
    const long long id = insert.getColumn(0).getInt64();
    while (insert.executeStep()) continue;  // the insertion commits with its last step
    return id;
  });
}

Result<std::vector<PersonRequest>> SqliteJournal::requests_after(long long id) {
  using Requests = Result<std::vector<PersonRequest>>;
  return guarded(impl_->path, "read its requests", [&]() -> Requests {
    SQLite::Statement query(
        impl_->database,
        "SELECT id, what, step, by, reason, at FROM requests WHERE id > ? ORDER BY id");
    query.bind(1, static_cast<std::int64_t>(id));
    std::vector<PersonRequest> requests;
    while (query.executeStep()) {
      PersonRequest request{query.getColumn(0).getInt64(),  query.getColumn(1).getString(),
                            query.getColumn(2).getString(), query.getColumn(3).getString(),
                            query.getColumn(4).getString(), {}};
      const auto at = time_from_rfc3339(query.getColumn(5).getString());
      if (!at || !check_request(request))
        return failure(ErrorCode::kFailed, impl_->path,
                       "request " + std::to_string(request.id) + " is damaged");
      request.at = *at;
      requests.push_back(std::move(request));
    }
    return requests;
  });
}

}  // namespace wme::executor
