#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace wme::model {

/// Parses a whole document and says where it is wrong: "profile.json:3:17: ...". A key that stands
/// twice in one object is an error too (the library itself would silently keep the last one).
/// `name`: of the file, for the message. Errors: kInvalid.
Result<nlohmann::json> parse_strict_json(std::string_view text, std::string_view name);

}  // namespace wme::model
