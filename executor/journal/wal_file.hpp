#pragma once

#include <filesystem>

#include "model/result.hpp"

namespace wme::executor {

/// Reads the write-ahead log beside a journal before SQLite does, which takes whatever follows a
/// damaged place for never written: right for a torn tail, and a silent loss of entries anywhere
/// else. A crash tears at most the transaction that was being written, since each one before it was
/// synced; so a log with later transactions behind a damaged one was not torn, but damaged.
/// Fine: none, an empty one, one that a live run writes to. Error kFailed: at which byte it is
/// damaged. Changes nothing. Source: SQLite file format, 4.1 to 4.4.
Status check_wal(const std::filesystem::path& journal);

}  // namespace wme::executor
