#include "executor/postgres/database.hpp"

#include <pqxx/pqxx>
#include <utility>

namespace wme::executor {
namespace {

/// The server ends what takes longer; a lost network is noticed by keep-alives.
constexpr const char* kLimits =
    "SET statement_timeout = '30s'; SET lock_timeout = '20s'; "
    "SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning";
constexpr const char* kNetworkLimits =
    "connect_timeout=10&keepalives_idle=10&keepalives_interval=5&keepalives_count=3&"
    "tcp_user_timeout=30000&application_name=rehydrate";
/// Never less durable than the server's administrator wants it.
constexpr const char* kDurable =
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')";

/// Our limits first: what the URL says comes later, and counts.
std::string with_limits(const std::string& connection) {
  const auto options = connection.find('?');
  if (options == std::string::npos) return connection + "?" + kNetworkLimits;
  return connection.substr(0, options + 1) + kNetworkLimits + "&" + connection.substr(options + 1);
}

/// The server's first line, without "ERROR:  ", and what it adds in a DETAIL or HINT is left out.
std::string said(const char* what) {
  std::string text = what;
  text = text.substr(0, text.find('\n'));
  for (const std::string_view label : {"ERROR:", "FATAL:"})
    if (text.starts_with(label)) text = text.substr(label.size());
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

/// Classes of SQLSTATE. Source: PostgreSQL 15, appendix A.
ErrorCode code_of(const std::string& state) {
  if (state == "RH001" || state == "23505") return ErrorCode::kRefused;  // ours, unique_violation
  if (state == "42P01" || state == "3F000" || state == "42883") return ErrorCode::kNotFound;
  return ErrorCode::kFailed;
}

bool ends_connection(const std::string& state) {
  return state == "57P01" || state == "57P02" || state == "57P03" || state.starts_with("08");
}

Table table_of(const pqxx::result& result) {
  Table table;
  for (const auto& row : result) {
    table.emplace_back();
    for (const auto& field : row) table.back().emplace_back(field.c_str(), field.size());
  }
  return table;
}

Table executed(pqxx::transaction_base& transaction, const std::string& statement,
               const Parameters& parameters) {
  if (parameters.empty()) return table_of(transaction.exec(statement));
  return table_of(
      transaction.exec_params(statement, pqxx::prepare::make_dynamic_params(parameters)));
}

}  // namespace

struct Database::Impl {
  Impl(DatabaseUrl where, Access how, bool is_durable)
      : url(std::move(where)), access(how), durable(is_durable) {}

  Error failure(ErrorCode code, const std::string& what) const {
    return {code, "database " + url.connection + ": " + what};
  }

  /// Runs `work`; whatever libpqxx throws comes back as an error. `lost`: what the loss of the
  /// connection means here.
  template <class Work>
  auto guarded(ErrorCode lost, Work work) -> decltype(work()) {
    try {
      return work();
    } catch (const pqxx::in_doubt_error&) {
      connection.reset();
      return failure(ErrorCode::kUnknownOutcome, "the connection was lost during a commit");
    } catch (const pqxx::broken_connection& problem) {
      connection.reset();
      return failure(lost, said(problem.what()));
    } catch (const pqxx::sql_error& problem) {
      const bool gone =
          ends_connection(problem.sqlstate()) || !connection || !connection->is_open();
      if (gone) connection.reset();
      return failure(gone ? lost : code_of(problem.sqlstate()), said(problem.what()));
    } catch (const std::exception& problem) {
      // Some of its own complaints about a lost connection say something else.
      const bool gone = connection && !connection->is_open();
      connection.reset();
      return failure(lost, gone ? "the connection was lost" : said(problem.what()));
    }
  }

  Status connect() {
    if (connection && connection->is_open()) return Done{};
    connection.reset();
    return guarded(ErrorCode::kUnreachable, [&]() -> Status {
      connection = std::make_unique<pqxx::connection>(with_limits(url.connection));
// It would come back without our settings, and without telling; libpqxx 7 never does.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
      connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
      pqxx::nontransaction settings(*connection);
      settings.exec(kLimits);
      if (durable) settings.exec(kDurable);
      settings.exec(access == Access::kReadOnly ? "SET default_transaction_read_only = on"
                                                : "SET default_transaction_read_only = off");
      return Done{};
    });
  }

  DatabaseUrl url;
  Access access;
  bool durable;
  std::unique_ptr<pqxx::connection> connection;
};

namespace {

class InTransaction : public Statements {
 public:
  using Run = std::function<Result<Table>(const std::string&, const Parameters&)>;
  explicit InTransaction(Run run) : run_(std::move(run)) {}
  Result<Table> execute(const std::string& statement, const Parameters& parameters) override {
    return run_(statement, parameters);
  }

 private:
  Run run_;
};

}  // namespace

Database::Database(DatabaseUrl url, Access access, bool durable)
    : impl_(std::make_unique<Impl>(std::move(url), access, durable)) {}
Database::~Database() = default;

const DatabaseUrl& Database::url() const { return impl_->url; }

Status Database::connect() { return impl_->connect(); }

Result<Table> Database::execute(const std::string& statement, const Parameters& parameters) {
  if (Status connected = impl_->connect(); !connected) return connected.error();
  return impl_->guarded(ErrorCode::kUnknownOutcome, [&]() -> Result<Table> {
    pqxx::nontransaction alone(*impl_->connection);
    return executed(alone, statement, parameters);
  });
}

Status Database::transact(const std::function<Status(Statements&)>& work) {
  if (Status connected = impl_->connect(); !connected) return connected;
  return impl_->guarded(ErrorCode::kUnreachable, [&]() -> Status {
    pqxx::work transaction(*impl_->connection);
    // A statement's error leaves through `work`, as a value; the loss of the connection must not
    // take the connection away from under the transaction, so that it is thrown on below.
    std::exception_ptr thrown;
    InTransaction statements(
        [&](const std::string& statement, const Parameters& parameters) -> Result<Table> {
          try {
            return executed(transaction, statement, parameters);
          } catch (const std::exception& problem) {
            thrown = std::current_exception();
            return impl_->failure(ErrorCode::kFailed, said(problem.what()));
          }
        });
    const Status done = work(statements);
    if (thrown) std::rethrow_exception(thrown);
    if (!done) {
      transaction.abort();
      return done;
    }
    transaction.commit();
    return Done{};
  });
}

Status make_once(Database& database, const std::string& table, const std::string& statements) {
  const auto there = [&](Statements& on) -> Result<bool> {
    // Not to_regclass: its cache does not know yet what another session has just made.
    const auto found = on.execute(
        "SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'rehydrate' AND c.relname = $1",
        {table});
    if (!found) return found.error();
    return !found.value().empty();
  };
  const Result<bool> before = there(database);
  if (!before) return before.error();
  if (before.value()) return Done{};
  const Status made = database.transact([&](Statements& on) -> Status {
    // IF NOT EXISTS does not keep two from making the same thing at once.
    if (auto locked = on.execute("SELECT pg_advisory_xact_lock(x'574D454A'::bigint)"); !locked)
      return locked.error();
    const Result<bool> meanwhile = there(on);
    if (!meanwhile) return meanwhile.error();
    if (meanwhile.value()) return Done{};
    const auto created = on.execute("CREATE SCHEMA IF NOT EXISTS rehydrate;" + statements);
    if (!created) return created.error();
    return Done{};
  });
  if (made || made.error().code != ErrorCode::kFailed) return made;
  return Error{made.error().code,
               made.error().message +
                   "; this user has to be allowed to make tables there once: GRANT CREATE ON "
                   "DATABASE, or let the database's owner start a run first"};
}

}  // namespace wme::executor
