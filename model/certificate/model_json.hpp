#pragma once

#include <string>

namespace wme::model {

/// The model itself, as canonical JSON (RFC 8785): vocabulary, actions with guards, effects and
/// outcomes, rules; every formula as it is, nothing in prose only. Whatever changes what the model
/// says changes this text.
const std::string& model_json();

/// SHA-256 of `model_json` in hexadecimal.
const std::string& model_digest();

}  // namespace wme::model
