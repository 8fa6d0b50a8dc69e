#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"

/// The JSON Canonicalization Scheme: one text for each value, so that equal values have equal
/// digests, whoever wrote them in whatever language. Source: RFC 8785.
namespace wme::model {

/// The number as ECMAScript writes it: the fewest digits that read back as the same double. None
/// for what JSON has no number for: NaN and the infinities.
std::optional<std::string> jcs_number(double number);

/// The canonical text, in UTF-8. Errors (kInvalid), each with the JSON pointer of the value: NaN or
/// an infinity; a whole number that a double cannot hold exactly; a text that is no UTF-8 (a lone
/// surrogate is none).
Result<std::string> jcs(const nlohmann::json& value);

/// The canonical text of a document. Errors as above; text that is no JSON; a key that stands twice
/// in one object. `name` is how messages call it.
Result<std::string> jcs_of_text(std::string_view text, std::string_view name);

}  // namespace wme::model
