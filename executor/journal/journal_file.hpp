#pragma once

#include <cstdint>
#include <filesystem>

#include "model/result.hpp"

/// What has to be known and done about a journal's file before and beside SQLite.
namespace wme::executor {

inline constexpr std::uint32_t kApplicationId = 0x574D454A;  ///< "WMEJ", in SQLite's file header
inline constexpr std::uint32_t kSchemaVersion = 2;           ///< of kJournalSchema

/// Reads the file's header without SQLite, which would create, recover or lock what it opens.
/// Errors: kNotFound, kInvalid (no journal, or another schema), kFailed (cannot be read).
Status check_is_journal(const std::filesystem::path& path);
/// Where a journal is made, beside its place, before it gets its name.
std::filesystem::path temporary_of(const std::filesystem::path& path);
/// Whether a journal can be made there; leaves nothing behind. Errors: kInvalid (no such folder, no
/// right to write, ...), kRefused when the name is taken.
Status check_can_be_made(const std::filesystem::path& path);
/// An empty `temporary_of(path)` for its owner only. Error kInvalid: it cannot be written.
Status create_private_file(const std::filesystem::path& path);
/// Gives the temporary file its final name unless the name is taken (kRefused), and makes that
/// durable. Errors: kInvalid, kFailed.
Status publish(const std::filesystem::path& path);

}  // namespace wme::executor
