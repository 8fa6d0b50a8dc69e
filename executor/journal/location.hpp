#pragma once

#include <memory>
#include <string>

#include "executor/journal/stored_journal.hpp"

/// Journals by where they are: the path of a file, or "postgresql://[user@]host/database[#NAME]".
namespace wme::executor {

/// A new journal. In a database without #NAME it is called `proposed`
/// ("acme-restore-1795312800"); its `location()` says how it is found again. Errors as
/// SqliteJournal::create and PostgresJournal::create.
Result<std::unique_ptr<StoredJournal>> create_journal(const std::string& location,
                                                      const std::string& proposed,
                                                      JournalOptions options = {});
/// One to go on with. Errors as SqliteJournal::open and PostgresJournal::open.
Result<std::unique_ptr<StoredJournal>> open_journal(const std::string& location,
                                                    JournalOptions options = {});
/// One to look at, also while it is written. Errors as SqliteJournal::open_read_only and
/// PostgresJournal::open_read_only.
Result<std::unique_ptr<StoredJournal>> open_journal_read_only(const std::string& location);
/// What `location()` of a journal made there will say, before it is made: whoever looks at the lock
/// meanwhile must find the same run. Error kInvalid: it is no place for a journal.
Result<std::string> full_location(const std::string& location, const std::string& proposed);
/// Whether one can be made there, before anything else is done. Errors as `create_journal`.
Status check_journal_can_be_made(const std::string& location, const std::string& proposed);

}  // namespace wme::executor
