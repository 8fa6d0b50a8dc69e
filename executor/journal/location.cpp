#include "executor/journal/location.hpp"

#include <filesystem>
#include <utility>

#include "executor/journal/journal_file.hpp"
#include "executor/journal/postgres_journal.hpp"
#include "executor/journal/sqlite_journal.hpp"

namespace wme::executor {
namespace {

using Opened = Result<std::unique_ptr<StoredJournal>>;

template <class Store>
Opened as_stored(Result<std::unique_ptr<Store>> opened) {
  if (!opened) return opened.error();
  return std::unique_ptr<StoredJournal>(std::move(opened).value());
}

}  // namespace

Opened create_journal(const std::string& location, const std::string& proposed,
                      JournalOptions options) {
  if (!is_database_url(location))
    return as_stored(SqliteJournal::create(location, std::move(options)));
  const auto url = database_url_from(location);
  if (!url) return url.error();
  return as_stored(PostgresJournal::create(url.value(), proposed, std::move(options)));
}

Opened open_journal(const std::string& location, JournalOptions options) {
  if (!is_database_url(location))
    return as_stored(SqliteJournal::open(location, std::move(options)));
  const auto url = database_url_from(location);
  if (!url) return url.error();
  return as_stored(PostgresJournal::open(url.value(), std::move(options)));
}

Opened open_journal_read_only(const std::string& location) {
  if (!is_database_url(location)) return as_stored(SqliteJournal::open_read_only(location));
  const auto url = database_url_from(location);
  if (!url) return url.error();
  return as_stored(PostgresJournal::open_read_only(url.value()));
}

Result<std::string> full_location(const std::string& location, const std::string& proposed) {
  if (!is_database_url(location)) return std::filesystem::absolute(location).string();
  const auto url = database_url_from(location);
  if (!url) return url.error();
  return url.value().named(url.value().name.empty() ? proposed : url.value().name);
}

Status check_journal_can_be_made(const std::string& location, const std::string& proposed) {
  if (!is_database_url(location)) return check_can_be_made(location);
  const auto url = database_url_from(location);
  if (!url) return url.error();
  return PostgresJournal::check_can_be_made(url.value(), proposed);
}

}  // namespace wme::executor
