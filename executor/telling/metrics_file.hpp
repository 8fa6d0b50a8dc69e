#pragma once

#include <string>

#include "model/result.hpp"

namespace wme::executor {

/// For node_exporter's textfile collector: whoever reads `path` sees either the old text or the new
/// one, whole. Readable by everybody, as it reads it as another user. Blocks for the disk.
/// Error kInvalid: why it cannot be written.
Status write_metrics_file(const std::string& path, const std::string& text);

}  // namespace wme::executor
