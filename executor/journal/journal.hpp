#pragma once

#include <functional>
#include <string>
#include <vector>

#include "executor/journal/chain.hpp"
#include "executor/ports/journal.hpp"

namespace wme::executor {

/// A journal that can be read back. Not thread-safe: one thread owns it; others open their own.
class Journal : public JournalPort {
 public:
  /// All rows as stored, not yet verified. Errors: kFailed when the store cannot be read.
  virtual Result<std::vector<Row>> rows() const = 0;
};

/// An entry with what the journal added to it.
struct Record {
  long long sequence = 0;
  Entry entry;
  TimePoint wall_clock{};
  std::string hash;
};

/// Every entry, after the whole chain was verified: what is damaged is never read. O(entries).
Result<std::vector<Record>> records(const Journal& journal);
/// Where the chain ends, or at which entry it breaks.
Result<ChainEnd> verify(const Journal& journal);
/// All but the wall clock, one line of JSON for each entry: the same scenario and seed give the
/// same text, byte for byte. The last line is the chain's end. Verifies first.
Result<std::string> canonical_text(const Journal& journal);

using WallClock = std::function<TimePoint()>;
TimePoint system_wall_clock();

/// For tests and for rehearsals whose journal nobody keeps; same chain as the one on disk. Entries
/// become rows when somebody asks for them: most of a thousand trials are never read.
class InMemoryJournal : public Journal {
 public:
  explicit InMemoryJournal(WallClock wall_clock = system_wall_clock);
  Status append(const Entry& entry) override;
  Result<std::vector<Row>> rows() const override;

 private:
  struct Written {
    Entry entry;
    TimePoint wall_clock;
  };
  WallClock wall_clock_;
  std::vector<Written> written_;
  mutable std::vector<Row> rows_;  ///< of the first entries, as far as they were asked for
};

}  // namespace wme::executor
