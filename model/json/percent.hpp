#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wme::model {

/// RFC 3986: every byte that is not unreserved becomes %XX.
std::string percent_encode(std::string_view text);
/// None when a % is not followed by two hexadecimal digits. `plus_is_space`: as in HTML forms.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

}  // namespace wme::model
