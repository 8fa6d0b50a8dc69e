#include "executor/journal/postgres_journal.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "executor/journal/postgres_schema.hpp"
#include "executor/journal/timestamp.hpp"
#include "executor/postgres/database.hpp"

namespace wme::executor {
namespace {

constexpr std::chrono::milliseconds kReconnectPause{200};
/// However short the patience: a connection that was lost is made anew.
constexpr int kTriesMin = 3;

constexpr std::string Row::*kTextColumns[] = {
    &Row::at,   &Row::kind,     &Row::step,    &Row::action, &Row::arguments,  &Row::token,
    &Row::text, &Row::observed, &Row::details, &Row::hash,   &Row::wall_clock, &Row::wall_seal};

constexpr const char* kInsertEntry =
    "INSERT INTO rehydrate.entries (journal, sequence, at, kind, step, action, arguments, token, "
    "text, observed, details, hash, wall_clock, wall_seal) "
    "VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)";
constexpr const char* kSelectEntries =
    "SELECT sequence, at, kind, step, action, arguments, token, text, observed, details, hash, "
    "wall_clock, wall_seal FROM rehydrate.entries WHERE journal = $1 ORDER BY sequence";

bool is_lost(const Error& error) {
  return error.code == ErrorCode::kUnreachable || error.code == ErrorCode::kUnknownOutcome;
}

/// What only reads can be asked again.
Result<Table> read(Database& database, const std::string& statement, const Parameters& parameters) {
  Result<Table> answer = database.execute(statement, parameters);
  if (answer || answer.error().code != ErrorCode::kUnknownOutcome) return answer;
  answer = database.execute(statement, parameters);
  if (!answer && answer.error().code == ErrorCode::kUnknownOutcome)
    return Error{ErrorCode::kUnreachable, answer.error().message};
  return answer;
}

Error failure(ErrorCode code, const DatabaseUrl& url, const std::string& what) {
  return {code,
          "journal " + (url.name.empty() ? url.connection : url.named(url.name)) + ": " + what};
}

/// "; it has a, b, c": the newest first.
std::string journals_there(Database& database) {
  const auto names =
      read(database, "SELECT name FROM rehydrate.journals ORDER BY id DESC LIMIT 6", {});
  if (!names || names.value().empty()) return "; the database has no journal";
  std::string text = "; the newest of this database are";
  for (const auto& row : names.value())
    text += (&row == &names.value().front() ? " " : ", ") + row.front();
  return text;
}

}  // namespace

struct PostgresJournal::Impl {
  Impl(DatabaseUrl where, Database::Access access, JournalOptions how)
      : url(where),
        read_only(access == Database::Access::kReadOnly),
        options(std::move(how)),
        database(std::move(where), access, options.durability == Durability::kEachEntry) {}

  Error fails(const std::string& tried, const Error& why) const {
    return failure(why.code, url, "cannot " + tried + ": " + why.message);
  }

  /// Finds the journal by its name.
  Status find() {
    if (url.name.empty())
      return failure(ErrorCode::kInvalid, url,
                     "the URL does not say which one: add #NAME" + journals_there(database));
    const auto found =
        read(database, "SELECT id, schema FROM rehydrate.journals WHERE name = $1", {url.name});
    if (!found && found.error().code != ErrorCode::kNotFound)
      return fails("open it", found.error());
    if (!found || found.value().empty())
      return failure(ErrorCode::kNotFound, url,
                     "there is no such journal" + journals_there(database));
    if (found.value()[0][1] != kJournalSchema)
      return failure(ErrorCode::kInvalid, url,
                     "has schema " + found.value()[0][1] + ", this rehydrate reads " +
                         std::string(kJournalSchema) + "; use the version that wrote it");
    id = found.value()[0][0];
    const Status sound = check_journal_triggers(database);
    return sound ? sound : fails("open it", sound.error());
  }

  /// The hash of the entry with this number; empty: there is none.
  Result<std::string> hash_at(long long sequence) {
    const auto found =
        database.execute("SELECT hash FROM rehydrate.entries WHERE journal = $1 AND sequence = $2",
                         {id, std::to_string(sequence)});
    if (!found) return found.error();
    return found.value().empty() ? std::string() : found.value()[0][0];
  }

  Status insert(const Row& row) {
    Parameters parameters{id, std::to_string(row.sequence)};
    for (const auto column : kTextColumns) parameters.push_back(row.*column);
    const auto answer = database.execute(kInsertEntry, parameters);
    if (!answer) return answer.error();
    return Done{};
  }

  /// Writes the pending row, whatever becomes of the connection; asks for it before it says that it
  /// is not there. The same row again does no harm: its number is taken then.
  Status settle() {
    const auto give_up = std::chrono::steady_clock::now() + options.reconnect_for;
    bool in_doubt = pending_in_doubt;
    for (int tries = 1;; ++tries) {
      const Status written = insert(*pending);
      if (written) break;
      Error why = written.error();
      in_doubt = in_doubt || why.code == ErrorCode::kUnknownOutcome;
      if (in_doubt || why.code == ErrorCode::kRefused) {
        const Result<std::string> there = hash_at(pending->sequence);
        if (there && there.value() == pending->hash) break;
        if (there && !there.value().empty()) in_doubt = false;  // somebody else's is there instead
        if (!there) why = there.error();
      }
      if (!is_lost(why)) {
        if (!in_doubt) pending.reset();
        pending_in_doubt = in_doubt;
        if (in_doubt) return unknown(why);
        if (why.code == ErrorCode::kRefused)
          return failure(why.code, url,
                         "cannot append an entry: another process writes to it as well; let only "
                         "one run at a time use a journal (" +
                             why.message + ")");
        return fails("append an entry", why);
      }
      pending_in_doubt = in_doubt;
      if (tries >= kTriesMin && std::chrono::steady_clock::now() >= give_up) {
        if (in_doubt) return unknown(why);
        pending.reset();  // it was never sent
        return fails("append an entry", {ErrorCode::kFailed, why.message});
      }
      if (why.code == ErrorCode::kUnreachable)
        std::this_thread::sleep_for(std::min(kReconnectPause, options.reconnect_for));
    }
    end = {pending->sequence, pending->hash};
    pending.reset();
    pending_in_doubt = false;
    return Done{};
  }

  Error unknown(const Error& why) const {
    return failure(ErrorCode::kUnknownOutcome, url,
                   "it is not known whether entry " + std::to_string(pending->sequence) +
                       " was written: " + why.message +
                       "; nothing more is done before the database can be reached again");
  }

  DatabaseUrl url;
  bool read_only;
  JournalOptions options;
  Database database;
  std::string id;  ///< in the database
  ChainEnd end;
  std::optional<Row> pending;  ///< sealed, but perhaps not written
  bool pending_in_doubt = false;
};

PostgresJournal::PostgresJournal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PostgresJournal::~PostgresJournal() = default;

Status PostgresJournal::check_can_be_made(const DatabaseUrl& url, const std::string& proposed) {
  const std::string& name = url.name.empty() ? proposed : url.name;
  const Result<DatabaseUrl> named = database_url_from(url.named(name));
  if (!named) return named.error();
  Database database(url, Database::Access::kReadWrite);
  if (Status ready = prepare_journals(database); !ready)
    return failure(ready.error().code, named.value(), "cannot be made: " + ready.error().message);
  const auto taken = read(database, "SELECT id FROM rehydrate.journals WHERE name = $1", {name});
  if (!taken)
    return failure(taken.error().code, named.value(), "cannot be made: " + taken.error().message);
  if (!taken.value().empty())
    return failure(ErrorCode::kRefused, named.value(),
                   "already exists, and a journal is never overwritten; keep it, and give the new "
                   "one another name");
  return Done{};
}

Result<std::unique_ptr<PostgresJournal>> PostgresJournal::create(const DatabaseUrl& url,
                                                                 const std::string& proposed,
                                                                 JournalOptions options) {
  if (Status possible = check_can_be_made(url, proposed); !possible) return possible.error();
  DatabaseUrl named = url;
  if (named.name.empty()) named.name = proposed;
  Database database(named, Database::Access::kReadWrite);
  const auto made =
      database.execute("INSERT INTO rehydrate.journals (name, schema) VALUES ($1, $2)",
                       {named.name, std::string(kJournalSchema)});
  if (!made && made.error().code == ErrorCode::kRefused)
    return failure(ErrorCode::kRefused, named,
                   "already exists, and a journal is never overwritten; keep it, and give the new "
                   "one another name");
  if (!made) return failure(made.error().code, named, "cannot be made: " + made.error().message);
  return open(named, std::move(options));
}

Result<std::unique_ptr<PostgresJournal>> PostgresJournal::open(const DatabaseUrl& url,
                                                               JournalOptions options) {
  auto impl = std::make_unique<Impl>(url, Database::Access::kReadWrite, std::move(options));
  if (Status found = impl->find(); !found) return found.error();
  std::unique_ptr<PostgresJournal> journal(new PostgresJournal(std::move(impl)));
  const auto end = verify(*journal);
  if (!end) return failure(end.error().code, url, end.error().message);
  journal->impl_->end = end.value();
  return journal;
}

Result<std::unique_ptr<PostgresJournal>> PostgresJournal::open_read_only(const DatabaseUrl& url) {
  auto impl = std::make_unique<Impl>(url, Database::Access::kReadOnly, JournalOptions{});
  if (Status found = impl->find(); !found) return found.error();
  return std::unique_ptr<PostgresJournal>(new PostgresJournal(std::move(impl)));
}

Status PostgresJournal::append(const Entry& entry) {
  Impl& impl = *impl_;
  if (impl.read_only) return failure(ErrorCode::kRefused, impl.url, "was opened for reading only");
  if (impl.pending)
    if (Status settled = impl.settle(); !settled) return settled;
  impl.pending = encode(impl.end.entries + 1, impl.end.hash, entry, impl.options.wall_clock());
  return impl.settle();
}

Result<std::vector<Row>> PostgresJournal::rows() const {
  const auto table = read(impl_->database, kSelectEntries, {impl_->id});
  if (!table) return impl_->fails("read it", table.error());
  std::vector<Row> rows;
  for (const auto& columns : table.value()) {
    Row row;
    row.sequence = std::stoll(columns[0]);
    std::size_t column = 1;
    for (const auto member : kTextColumns) row.*member = columns[column++];
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string PostgresJournal::location() const { return impl_->url.named(impl_->url.name); }

std::string PostgresJournal::name() const { return impl_->url.name; }

Result<long long> PostgresJournal::post(const PersonRequest& request) {
  if (Status good = check_request(request); !good) return good.error();
  if (impl_->read_only)
    return failure(ErrorCode::kRefused, impl_->url, "was opened for reading only");
  long long id = 0;
  const Status posted = impl_->database.transact([&](Statements& on) -> Status {
    // One after the other, or a later number could be seen first, and the earlier one be missed.
    if (auto locked = on.execute(
            "SELECT id FROM rehydrate.journals WHERE id = $1 FOR NO KEY UPDATE", {impl_->id});
        !locked)
      return locked.error();
    const auto put = on.execute(
        "INSERT INTO rehydrate.requests (journal, id, at, what, step, by, reason) SELECT "
        "$1::bigint, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6 FROM rehydrate.requests WHERE "
        "journal = $1::bigint RETURNING id",
        {impl_->id, rfc3339(request.at), request.what, request.step, request.by, request.reason});
    if (!put) return put.error();
    id = std::stoll(put.value()[0][0]);
    return Done{};
  });
  if (!posted) return impl_->fails("post a request", posted.error());
  return id;
}

Result<std::vector<PersonRequest>> PostgresJournal::requests_after(long long id) {
  const auto table = read(impl_->database,
                          "SELECT id, what, step, by, reason, at FROM rehydrate.requests "
                          "WHERE journal = $1 AND id > $2 ORDER BY id",
                          {impl_->id, std::to_string(id)});
  if (!table) return impl_->fails("read its requests", table.error());
  std::vector<PersonRequest> requests;
  for (const auto& columns : table.value()) {
    PersonRequest request{
        std::stoll(columns[0]), columns[1], columns[2], columns[3], columns[4], {}};
    const auto at = time_from_rfc3339(columns[5]);
    if (!at || !check_request(request))
      return failure(ErrorCode::kFailed, impl_->url, "request " + columns[0] + " is damaged");
    request.at = *at;
    requests.push_back(std::move(request));
  }
  return requests;
}

}  // namespace wme::executor
