#pragma once

#include <memory>
#include <string>

#include "executor/journal/stored_journal.hpp"
#include "executor/postgres/database_url.hpp"

namespace wme::executor {

/// The journal in a PostgreSQL database that several operators share: the same rows, the same chain
/// and the same refusals as in a file. A database holds many journals, each with a name.
/// A connection that is lost while an entry is appended says nothing about the entry: it is looked
/// for by its number and hash before anything is said.
class PostgresJournal : public StoredJournal {
 public:
  /// A new journal under the URL's name; without one, under `proposed`. Errors: kRefused when the
  /// name is taken, kInvalid without any name, kUnreachable, kFailed (rights, ...).
  static Result<std::unique_ptr<PostgresJournal>> create(const DatabaseUrl& url,
                                                         const std::string& proposed,
                                                         JournalOptions options = {});
  /// To go on with; its whole chain is verified. Errors: kNotFound (no such journal; says which
  /// there are), kInvalid (no name, another schema), kUnreachable, kFailed when it is damaged.
  static Result<std::unique_ptr<PostgresJournal>> open(const DatabaseUrl& url,
                                                       JournalOptions options = {});
  /// To look at; also while a run writes to it, and for a user who may only read. Errors as `open`,
  /// but the chain is not yet verified.
  static Result<std::unique_ptr<PostgresJournal>> open_read_only(const DatabaseUrl& url);
  /// Whether `create` would work; makes the tables where they are not there. Errors as `create`.
  static Status check_can_be_made(const DatabaseUrl& url, const std::string& proposed);

  ~PostgresJournal() override;
  /// Also kUnknownOutcome: the database could not be reached again to look. The entry is kept, and
  /// the next call writes it first.
  Status append(const Entry& entry) override;
  Result<std::vector<Row>> rows() const override;
  std::string location() const override;
  std::string name() const override;
  Result<long long> post(const PersonRequest& request) override;
  Result<std::vector<PersonRequest>> requests_after(long long id) override;

 private:
  struct Impl;
  explicit PostgresJournal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
