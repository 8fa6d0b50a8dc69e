#pragma once

#include <memory>

#include "executor/ports/cloud.hpp"
#include "model/inventory.hpp"

namespace wme::executor::gcp {

/// Nothing is sent yet. Errors: kInvalid for settings that are missing or damaged.
Result<std::unique_ptr<Cloud>> open_gcp(const model::Inventory& inventory, const CloudSetup& setup);
/// As `open_gcp`, for whoever only looks.
Result<std::unique_ptr<CloudSurvey>> survey_gcp(const model::Inventory& inventory,
                                                const CloudSetup& setup);

}  // namespace wme::executor::gcp
