#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "executor/journal/stored_journal.hpp"

namespace wme::executor {

/// The journal as one SQLite file in WAL mode, readable by its owner only (0600), append-only by
/// triggers, hash-chained. docs/schemas/journal.md describes the file.
class SqliteJournal : public StoredJournal {
 public:
  /// A new journal. It appears under its name complete or not at all. Errors: kRefused when
  /// anything is there already (nothing is overwritten), kInvalid when the path cannot be written,
  /// kFailed for what SQLite cannot do there.
  static Result<std::unique_ptr<SqliteJournal>> create(const std::filesystem::path& path,
                                                       JournalOptions options = {});
  /// An existing journal, to go on with; its whole chain is verified. Errors: kNotFound, kInvalid
  /// when the file is no journal or has another schema, kFailed when it is damaged (says where) or
  /// for I/O. A tail that a crash has torn is cut off: whatever was appended stands before it.
  static Result<std::unique_ptr<SqliteJournal>> open(const std::filesystem::path& path,
                                                     JournalOptions options = {});
  /// An existing journal, to look at; also while a run writes to it (each `rows()` then sees the
  /// entries of that moment), and on read-only media. Errors as `open`, but the chain is not yet
  /// verified.
  static Result<std::unique_ptr<SqliteJournal>> open_read_only(const std::filesystem::path& path);

  ~SqliteJournal() override;
  Status append(const Entry& entry) override;
  Result<std::vector<Row>> rows() const override;
  std::string location() const override;
  std::string name() const override;
  Result<long long> post(const PersonRequest& request) override;
  Result<std::vector<PersonRequest>> requests_after(long long id) override;

 private:
  struct Impl;
  explicit SqliteJournal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
