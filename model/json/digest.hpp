#pragma once

#include <string>
#include <string_view>

namespace wme::model {

/// SHA-256 in hexadecimal, for what a journal or report pins.
std::string sha256_hex(std::string_view text);

}  // namespace wme::model
