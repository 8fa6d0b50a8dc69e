#pragma once

#include <string>
#include <string_view>

namespace wme::executor::host {

/// One word for a POSIX shell, whatever it holds: 'it'\''s'.
std::string shell_quoted(std::string_view text);

/// Whether the text has a dash that only looks like '-' (W2: `wme-rotate.sh –migrate`), or any
/// other character beyond ASCII: no command of ours has one.
bool has_non_ascii(std::string_view text);

}  // namespace wme::executor::host
