#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "executor/journal/journal.hpp"

namespace wme::executor {

enum class Durability {
  kEachEntry,  ///< an appended entry survives a power cut (synchronous=FULL)
  kNone,       ///< for rehearsals only: survives the end of the process, not of the machine
};

struct JournalOptions {
  Durability durability = Durability::kEachEntry;
  WallClock wall_clock = system_wall_clock;
};

/// The journal as one SQLite file in WAL mode, readable by its owner only (0600), append-only by
/// triggers, hash-chained. docs/schemas/journal.md describes the file.
class SqliteJournal : public Journal {
 public:
  /// A new journal. It appears under its name complete or not at all. Errors: kRefused when
  /// anything is there already (nothing is overwritten), kInvalid when the path cannot be written,
  /// kFailed for what SQLite cannot do there.
  static Result<std::unique_ptr<SqliteJournal>> create(const std::filesystem::path& path,
                                                       JournalOptions options = {});
  /// An existing journal, to go on with; its whole chain is verified. Errors: kNotFound, kInvalid
  /// when the file is no journal or has another schema, kFailed when it is damaged or for I/O.
  static Result<std::unique_ptr<SqliteJournal>> open(const std::filesystem::path& path,
                                                     JournalOptions options = {});
  /// An existing journal, to look at; also while a run writes to it (each `rows()` then sees the
  /// entries of that moment), and on read-only media. Errors as `open`, but the chain is not yet
  /// verified.
  static Result<std::unique_ptr<SqliteJournal>> open_read_only(const std::filesystem::path& path);

  ~SqliteJournal() override;
  Status append(const Entry& entry) override;
  Result<std::vector<Row>> rows() const override;

 private:
  struct Impl;
  explicit SqliteJournal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
