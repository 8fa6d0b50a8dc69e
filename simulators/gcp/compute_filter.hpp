#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "simulators/gcp/compute_error.hpp"

namespace wme::simulators::gcp {

/// Whether a resource passes a filter of a list request: `field OP value` with =, !=, :, <, >, <=,
/// >= and the older eq and ne with regular expressions; AND, OR, NOT, parentheses; terms beside
/// each other mean AND. Fields are paths ("labels.env", "disks.source": any element). An empty
/// filter lets everything pass. Refuses what it cannot read.
/// Source: Compute Engine API, parameter `filter` of the list methods.
ComputeResult<bool> passes(const std::string& filter, const nlohmann::json& resource);

}  // namespace wme::simulators::gcp
