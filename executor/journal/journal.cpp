#include "executor/journal/journal.hpp"

#include <utility>

#include "executor/journal/timestamp.hpp"

namespace wme::executor {

Result<std::vector<Record>> records(const Journal& journal) {
  const auto rows = journal.rows();
  if (!rows) return rows.error();
  if (const auto end = verify(rows.value()); !end) return end.error();
  std::vector<Record> all;
  for (const Row& row : rows.value()) {
    auto entry = decode(row);
    if (!entry) return entry.error();
    all.push_back(
        {row.sequence, std::move(entry).value(), *time_from_rfc3339(row.wall_clock), row.hash});
  }
  return all;
}

Result<ChainEnd> verify(const Journal& journal) {
  const auto rows = journal.rows();
  if (!rows) return rows.error();
  return verify(rows.value());
}

Result<std::string> canonical_text(const Journal& journal) {
  const auto rows = journal.rows();
  if (!rows) return rows.error();
  const auto end = verify(rows.value());
  if (!end) return end.error();
  std::string text = "{\"schema\":\"" + std::string(kJournalSchema) + "\"}\n";
  for (const Row& row : rows.value()) text += canonical_line(row) + '\n';
  return text + "{\"entries\":" + std::to_string(end.value().entries) + ",\"hash\":\"" +
         end.value().hash + "\"}\n";
}

TimePoint system_wall_clock() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

InMemoryJournal::InMemoryJournal(WallClock wall_clock) : wall_clock_(std::move(wall_clock)) {}

Status InMemoryJournal::append(const Entry& entry) {
  written_.push_back({entry, wall_clock_()});
  return Done{};
}

Result<std::vector<Row>> InMemoryJournal::rows() const {
  while (rows_.size() < written_.size()) {
    const Written& next = written_[rows_.size()];
    const std::string previous = rows_.empty() ? genesis_hash() : rows_.back().hash;
    rows_.push_back(
        encode(static_cast<long long>(rows_.size()) + 1, previous, next.entry, next.wall_clock));
  }
  return rows_;
}

}  // namespace wme::executor
