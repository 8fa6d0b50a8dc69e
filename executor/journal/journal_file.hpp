#pragma once

#include <cstdint>
#include <filesystem>

#include "model/result.hpp"

/// What has to be known and done about a journal's file before and beside SQLite.
namespace wme::executor {

inline constexpr std::uint32_t kApplicationId = 0x574D454A;  ///< "WMEJ", in SQLite's file header
inline constexpr std::uint32_t kSchemaVersion = 1;           ///< of kJournalSchema

/// Reads the file's header without SQLite, which would create, recover or lock what it opens.
/// Errors: kNotFound, kInvalid (no journal, or another schema), kFailed (cannot be read).
Status check_is_journal(const std::filesystem::path& path);
/// An empty file for its owner only. Error kFailed; kRefused when the name is taken.
Status create_private_file(const std::filesystem::path& path);
/// Gives `temporary` its final name unless the name is taken (kRefused), and makes that durable.
Status publish(const std::filesystem::path& temporary, const std::filesystem::path& path);

}  // namespace wme::executor
