#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace wme::executor::aws {

/// What an EC2 error means for whoever called. `reads` says that the operation changes nothing, so
/// that asking again is always safe.
/// Source: EC2 "Error codes for the Amazon EC2 API"; retry tables of the AWS SDKs.
ErrorCode classify(int status, std::string_view code, bool reads);

/// What the operator should do about it, as the end of a message; empty when the class says it all.
std::string_view advice(std::string_view code);

}  // namespace wme::executor::aws
