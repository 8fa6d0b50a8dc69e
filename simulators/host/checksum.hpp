#pragma once

#include <string>
#include <string_view>

#include "simulators/host/filesystem.hpp"

namespace wme::simulators {

/// Hex digest of a file, "sha1" or "sha256": the one that the inventory states for a stand-in,
/// otherwise that of the content.
std::string digest(std::string_view algorithm, const FileNode& node);

}  // namespace wme::simulators
