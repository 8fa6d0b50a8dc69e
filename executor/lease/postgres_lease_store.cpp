#include "executor/lease/postgres_lease_store.hpp"

#include <functional>
#include <utility>

#include "executor/journal/timestamp.hpp"
#include "executor/postgres/database.hpp"

namespace wme::executor {
namespace {

// A fence never goes back, and no lease disappears: whoever held one before stays shut out.
constexpr const char* kLeaseTables =
    "CREATE TABLE rehydrate.leases (installation text PRIMARY KEY, fence bigint NOT NULL,"
    " holder text NOT NULL, host text NOT NULL, boot_id text NOT NULL, pid_space text NOT NULL,"
    " pid bigint NOT NULL, started bigint NOT NULL, journal text NOT NULL, since text NOT NULL,"
    " until text NOT NULL, ended text NOT NULL, ended_how text NOT NULL);"
    "CREATE TABLE rehydrate.lease_events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " at text NOT NULL, installation text NOT NULL, fence bigint NOT NULL, what text NOT NULL,"
    " by text NOT NULL, reason text NOT NULL);"
    "CREATE FUNCTION rehydrate.keep_lease() RETURNS trigger LANGUAGE plpgsql AS $body$"
    "BEGIN IF TG_OP = 'UPDATE' AND NEW.fence >= OLD.fence AND NEW.installation = OLD.installation"
    " THEN RETURN NEW; END IF; RAISE EXCEPTION 'a fence never goes back' USING ERRCODE = 'RH001';"
    " END$body$;"
    "CREATE FUNCTION rehydrate.keep_lease_events() RETURNS trigger LANGUAGE plpgsql AS $body$"
    "BEGIN RAISE EXCEPTION 'the history is append-only' USING ERRCODE = 'RH001'; END$body$;"
    "CREATE TRIGGER leases_keep BEFORE UPDATE OR DELETE ON rehydrate.leases"
    " FOR EACH ROW EXECUTE FUNCTION rehydrate.keep_lease();"
    "CREATE TRIGGER leases_keep_table BEFORE TRUNCATE ON rehydrate.leases"
    " FOR EACH STATEMENT EXECUTE FUNCTION rehydrate.keep_lease();"
    "CREATE TRIGGER lease_events_keep BEFORE UPDATE OR DELETE ON rehydrate.lease_events"
    " FOR EACH ROW EXECUTE FUNCTION rehydrate.keep_lease_events();"
    "CREATE TRIGGER lease_events_keep_table BEFORE TRUNCATE ON rehydrate.lease_events"
    " FOR EACH STATEMENT EXECUTE FUNCTION rehydrate.keep_lease_events()";

constexpr const char* kSelectLeases =
    "SELECT installation, fence, holder, host, boot_id, pid_space, pid, started, journal, since, "
    "until, ended, ended_how FROM rehydrate.leases";

constexpr const char* kSaveLease =
    "INSERT INTO rehydrate.leases (installation, fence, holder, host, boot_id, pid_space, pid, "
    "started, journal, since, until, ended, ended_how) "
    "VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13) ON CONFLICT (installation) DO UPDATE SET "
    "fence=excluded.fence, holder=excluded.holder, host=excluded.host, boot_id=excluded.boot_id, "
    "pid_space=excluded.pid_space, pid=excluded.pid, started=excluded.started, "
    "journal=excluded.journal, since=excluded.since, until=excluded.until, ended=excluded.ended, "
    "ended_how=excluded.ended_how";

Result<LeaseRow> lease_row_of(const std::vector<std::string>& columns) {
  const auto since = time_from_rfc3339(columns[9]);
  const auto until = time_from_rfc3339(columns[10]);
  if (!since || !until)
    return Error{ErrorCode::kFailed, "the lock on " + columns[0] + " has a time that is none"};
  LeaseRow row;
  row.lease = {columns[0],
               {columns[2], columns[3], columns[4], columns[5], std::stoll(columns[6]),
                std::stoll(columns[7]), columns[8]},
               std::stoll(columns[1]),
               *since,
               *until};
  row.ended = columns[11];
  row.ended_how = columns[12];
  return row;
}

Status save_change(Statements& on, const LeaseChange& change) {
  const Lease& lease = change.row.lease;
  const Holder& holder = lease.holder;
  const auto saved = on.execute(
      kSaveLease,
      {lease.installation, std::to_string(lease.fence), holder.user, holder.host, holder.boot_id,
       holder.pid_space, std::to_string(holder.pid), std::to_string(holder.started), holder.journal,
       rfc3339(lease.since), rfc3339(lease.until), change.row.ended, change.row.ended_how});
  if (!saved) return saved.error();
  if (!change.event) return Done{};
  const LeaseEvent& event = *change.event;
  const auto told = on.execute(
      "INSERT INTO rehydrate.lease_events (at, installation, fence, what, by, reason) "
      "VALUES ($1,$2,$3,$4,$5,$6)",
      {rfc3339(event.at), event.installation, std::to_string(event.fence), event.what, event.by,
       event.reason});
  if (!told) return told.error();
  return Done{};
}

bool same_call_may_be_made_again(const Error& error) {
  return error.code == ErrorCode::kUnreachable || error.code == ErrorCode::kUnknownOutcome;
}

}  // namespace

struct PostgresLeaseStore::Impl {
  using Rule =
      std::function<Result<LeaseChange>(const std::optional<LeaseRow>&, const LeaseMoment&)>;

  Impl(const DatabaseUrl& url, HasEnded probe, const std::string& clock)
      : database(url, Database::Access::kReadWrite),
        has_ended(std::move(probe)),
        ask_time("SELECT to_char((" + clock +
                 ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')") {}

  Result<LeaseMoment> now(Statements& on) const {
    const auto answer = on.execute(ask_time);
    if (!answer) return answer.error();
    const auto time = time_from_rfc3339(answer.value()[0][0]);
    if (!time)
      return Error{ErrorCode::kFailed, "the database's clock says " + answer.value()[0][0]};
    return LeaseMoment{*time, "", std::chrono::milliseconds{0}};
  }

  static Result<std::optional<LeaseRow>> row_of(Statements& on, const std::string& installation) {
    const auto found =
        on.execute(std::string(kSelectLeases) + " WHERE installation = $1", {installation});
    if (!found) return found.error();
    if (found.value().empty()) return std::optional<LeaseRow>();
    auto row = lease_row_of(found.value()[0]);
    if (!row) return row.error();
    return std::optional<LeaseRow>(std::move(row).value());
  }

  /// Reads, asks `rule`, writes: nobody comes in between.
  Result<Lease> change_once(const std::string& installation, const Rule& rule) {
    Lease lease;
    const Status done = database.transact([&](Statements& on) -> Status {
      // There may be no row yet to be locked.
      if (auto locked =
              on.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", {installation});
          !locked)
        return locked.error();
      const auto moment = now(on);
      if (!moment) return moment.error();
      const auto before = row_of(on, installation);
      if (!before) return before.error();
      const Result<LeaseChange> after = rule(before.value(), moment.value());
      if (!after) return after.error();
      lease = after.value().row.lease;
      return save_change(on, after.value());
    });
    if (!done) return done.error();
    return lease;
  }

  /// For what does no harm when it is done twice.
  Result<Lease> change(const std::string& installation, const Rule& rule) {
    Result<Lease> done = change_once(installation, rule);
    if (!done && same_call_may_be_made_again(done.error())) done = change_once(installation, rule);
    if (!done && done.error().code == ErrorCode::kUnknownOutcome)
      return Error{ErrorCode::kUnreachable, done.error().message};
    return done;
  }

  /// A connection that was idle may be dead: one more look is free.
  Result<Table> read(const std::string& statement, const Parameters& parameters = {}) {
    Result<Table> answer = database.execute(statement, parameters);
    if (!answer && answer.error().code == ErrorCode::kUnknownOutcome)
      answer = database.execute(statement, parameters);
    if (!answer && answer.error().code == ErrorCode::kUnknownOutcome)
      return Error{ErrorCode::kUnreachable, answer.error().message};
    return answer;
  }

  Result<std::vector<LeaseNow>> leases(const std::string& where, const Parameters& parameters) {
    const auto table = read(kSelectLeases + where, parameters);
    if (!table) return table.error();
    const auto moment = now(database);
    if (!moment) return moment.error();
    std::vector<LeaseNow> all;
    for (const auto& columns : table.value()) {
      const auto row = lease_row_of(columns);
      if (!row) return row.error();
      all.push_back({row.value().lease, state_of(row.value(), moment.value(), has_ended)});
    }
    return all;
  }

  Database database;
  HasEnded has_ended;
  std::string ask_time;
};

PostgresLeaseStore::PostgresLeaseStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PostgresLeaseStore::~PostgresLeaseStore() = default;

Result<std::unique_ptr<PostgresLeaseStore>> PostgresLeaseStore::open(const DatabaseUrl& url,
                                                                     HasEnded has_ended,
                                                                     const std::string& clock) {
  auto impl = std::make_unique<Impl>(url, std::move(has_ended), clock);
  if (Status ready = make_once(impl->database, "leases", kLeaseTables); !ready)
    return Error{ready.error().code, "locks: " + ready.error().message};
  return std::unique_ptr<PostgresLeaseStore>(new PostgresLeaseStore(std::move(impl)));
}

Result<Lease> PostgresLeaseStore::acquire(const std::string& installation, const Holder& holder,
                                          std::chrono::milliseconds time_to_live) {
  const auto grant = [&](const auto& before, const LeaseMoment& now) {
    return acquired(before, installation, holder, time_to_live, now, impl_->has_ended);
  };
  Result<Lease> lease = impl_->change_once(installation, grant);
  if (lease || !same_call_may_be_made_again(lease.error())) return lease;
  // It may have been granted. It was, if it is ours now: else the rule would have refused it.
  const bool asked = lease.error().code == ErrorCode::kUnknownOutcome;
  return impl_->change(installation, [&](const auto& before, const LeaseMoment& now) {
    if (asked && before && before->ended.empty() && before->lease.holder == holder)
      return renewed(before, installation, before->lease.fence, time_to_live, now);
    return grant(before, now);
  });
}

Result<Lease> PostgresLeaseStore::renew(const std::string& installation, long long fence,
                                        std::chrono::milliseconds time_to_live) {
  return impl_->change(installation, [&](const auto& before, const LeaseMoment& now) {
    return renewed(before, installation, fence, time_to_live, now);
  });
}

Status PostgresLeaseStore::release(const std::string& installation, long long fence) {
  const auto done = impl_->change(installation, [&](const auto& before, const LeaseMoment& now) {
    return released(before, installation, fence, now);
  });
  if (!done) return done.error();
  return Done{};
}

Result<Lease> PostgresLeaseStore::break_lease(const std::string& installation,
                                              const std::string& by, const std::string& reason) {
  return impl_->change_once(installation, [&](const auto& before, const LeaseMoment& now) {
    return broken(before, installation, by, reason, now);
  });
}

Result<std::optional<LeaseNow>> PostgresLeaseStore::current(const std::string& installation) {
  const auto found = impl_->leases(" WHERE installation = $1", {installation});
  if (!found) return found.error();
  if (found.value().empty()) return std::optional<LeaseNow>();
  return std::optional<LeaseNow>(found.value()[0]);
}

Result<std::vector<LeaseNow>> PostgresLeaseStore::all() {
  return impl_->leases(" ORDER BY installation", {});
}

Result<std::vector<LeaseEvent>> PostgresLeaseStore::history(const std::string& installation) {
  const auto table = impl_->read(
      "SELECT at, installation, fence, what, by, reason FROM rehydrate.lease_events "
      "WHERE installation = $1 ORDER BY id",
      {installation});
  if (!table) return table.error();
  std::vector<LeaseEvent> events;
  for (const auto& columns : table.value()) {
    const auto at = time_from_rfc3339(columns[0]);
    if (!at)
      return Error{ErrorCode::kFailed, "an event on " + columns[1] + " has a time that is none"};
    events.push_back({*at, columns[1], std::stoll(columns[2]), columns[3], columns[4], columns[5]});
  }
  return events;
}

}  // namespace wme::executor
