#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "executor/postgres/database_url.hpp"
#include "model/result.hpp"

namespace wme::executor {

/// Rows of columns, as text; no column of ours is ever null.
using Table = std::vector<std::vector<std::string>>;
/// Sent apart from the statement, for its $1, $2, …
using Parameters = std::vector<std::string>;

/// What both a connection and a transaction on it can do.
class Statements {
 public:
  virtual ~Statements() = default;
  /// One statement. Errors: see Database.
  virtual Result<Table> execute(const std::string& statement,
                                const Parameters& parameters = {}) = 0;
};

/// One connection to PostgreSQL. It is made when it is first needed, and again when it was lost;
/// everything on it has a time limit. Not thread-safe. Errors, for all calls:
/// - kUnreachable: nothing was done, since there is no connection or the transaction was lost;
/// - kUnknownOutcome: the connection was lost while the server was committing;
/// - kRefused: a trigger or a unique key said no;
/// - kNotFound: no such table, schema or function;
/// - kFailed: anything else that the server says. No message holds a password.
class Database : public Statements {
 public:
  enum class Access { kReadOnly, kReadWrite };
  /// `durable`: what is committed survives a power cut of the server (synchronous_commit), also
  /// where the server's own setting says less.
  Database(DatabaseUrl url, Access access, bool durable = true);
  ~Database() override;

  /// Where it leads, for messages and for journals.
  const DatabaseUrl& url() const;
  Status connect();
  /// Outside of a transaction: commits at once.
  Result<Table> execute(const std::string& statement, const Parameters& parameters = {}) override;
  /// All of `work` or nothing: rolled back when it returns an error.
  Status transact(const std::function<Status(Statements&)>& work);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Makes schema "rehydrate" and what `statements` say, in one transaction, unless `table` is there
/// in it; of several that come at once, one does. Errors as Database; kFailed names what is to be
/// granted.
Status make_once(Database& database, const std::string& table, const std::string& statements);

}  // namespace wme::executor
