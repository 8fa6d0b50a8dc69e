#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace wme::executor::gcp {

/// What an error of Compute Engine means for whoever called. `reason` as in error.errors[].reason;
/// `reads` says that the request changes nothing, so that asking again is always safe.
/// Source: "Troubleshooting API errors" and error responses of the Compute Engine API.
ErrorCode classify(int status, std::string_view reason, bool reads);

/// The same for the error of an operation that is done. It stays the end of every request with the
/// same requestId: none of these passes by asking again.
ErrorCode classify_operation(std::string_view code);

/// What the operator should do about a reason or code, as the end of a message; empty when the
/// class says it all.
std::string_view advice(std::string_view reason);

}  // namespace wme::executor::gcp
