#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace wme::executor::azure {

/// What an error of Resource Manager means for whoever called. `reads` says that the request
/// changes nothing, so that asking again is always safe.
/// Source: "Troubleshoot common Azure deployment errors"; "Throttling Resource Manager requests";
/// "Understand common error messages when you manage virtual machines".
ErrorCode classify(int status, std::string_view code, bool reads);

/// What the operator should do about it, as the end of a message; empty when the class says it all.
std::string_view advice(std::string_view code);

}  // namespace wme::executor::azure
