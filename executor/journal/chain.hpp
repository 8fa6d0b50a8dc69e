#pragma once

#include <string>
#include <vector>

#include "executor/ports/journal.hpp"

/// The form in which entries are kept, whatever the store: rows of text, each sealed by a hash over
/// the row before it. docs/schemas/journal.md describes it for other people's tools.
namespace wme::executor {

inline constexpr std::string_view kJournalSchema = "rehydrate/journal/2";

/// One row as it is stored. JSON columns hold compact JSON with sorted keys.
struct Row {
  long long sequence = 0;  ///< from 1, without gaps
  std::string at;
  std::string kind;
  std::string step;
  std::string action;
  std::string arguments;  ///< JSON array of strings
  std::string token;
  std::string text;
  std::string observed;    ///< JSON array of objects
  std::string details;     ///< JSON object of strings
  std::string hash;        ///< SHA-256, hexadecimal, over the previous hash and the columns above
  std::string wall_clock;  ///< when it was written, by the machine's clock
  std::string wall_seal;   ///< SHA-256 over `hash` and `wall_clock`
};

/// The hash that the first row builds on.
std::string genesis_hash();
/// Bytes that are no UTF-8, and NUL, become U+FFFD: a system's answer may hold anything, the
/// journal must not. `previous_hash` is that of row `sequence - 1`.
Row encode(long long sequence, const std::string& previous_hash, const Entry& entry,
           TimePoint wall_clock);
/// Error kFailed with the entry's number when a column is not in the form that `encode` gives it.
Result<Entry> decode(const Row& row);
/// One line of JSON: all columns but `hash`, `wall_clock` and `wall_seal`.
std::string canonical_line(const Row& row);

struct ChainEnd {
  long long entries = 0;
  std::string hash;  ///< what evidence pins: it vouches for everything before it
};
/// Error kFailed: at which entry the chain breaks, and what is wrong with that entry.
Result<ChainEnd> verify(const std::vector<Row>& rows);

}  // namespace wme::executor
