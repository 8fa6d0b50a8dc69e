#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace wme::cli {

/// The whole of a file, or of stdin for "-". Error kInvalid: why it cannot be read, and what to do;
/// `what` is what it should have been ("the plan").
Result<std::string> read_text(const std::string& path, const std::string& what,
                              std::size_t bytes_max);

/// Writes a file so that there is either all of it or nothing, also when the machine dies: a new
/// file beside it, synced, then renamed over it. A link is followed. What is no regular file (a
/// device, a pipe) is written to as it is. Error kInvalid: why it cannot be written; whatever stood
/// there before still stands there.
Status write_whole(const std::string& path, std::string_view text);

/// Whether both names lead to one existing file.
bool same_file(const std::string& one, const std::string& other);

}  // namespace wme::cli
