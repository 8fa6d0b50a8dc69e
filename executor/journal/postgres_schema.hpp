#pragma once

#include "executor/postgres/database.hpp"

namespace wme::executor {

/// Makes the tables of the journals where they are not there yet (schema "rehydrate" of the
/// database). Errors as Database; kFailed with what an administrator has to grant.
Status prepare_journals(Database& database);
/// Error kFailed when the triggers that keep entries as they were written are not as they were
/// made.
Status check_journal_triggers(Database& database);

}  // namespace wme::executor
