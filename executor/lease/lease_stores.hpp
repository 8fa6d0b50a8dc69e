#pragma once

#include <memory>
#include <string>

#include "executor/lease/lease.hpp"

namespace wme::executor {

/// Where the lock of a run is whose journal is at `journal`: in the same database, or for a file
/// (and for "") in this user's folder, $XDG_STATE_HOME/rehydrate or ~/.local/state/rehydrate.
/// Errors as SqliteLeaseStore::open and PostgresLeaseStore::open; kInvalid where there is no home,
/// or for a URL that is none.
Result<std::unique_ptr<LeaseStore>> lease_store_for(const std::string& journal);

}  // namespace wme::executor
