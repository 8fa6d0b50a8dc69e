#pragma once

#include <memory>

#include "executor/ports/cloud.hpp"
#include "model/inventory.hpp"

namespace wme::executor::azure {

/// Nothing is sent yet. Errors: kInvalid for settings that are missing or damaged.
Result<std::unique_ptr<Cloud>> open_azure(const model::Inventory& inventory,
                                          const CloudSetup& setup);
/// As `open_azure`, for whoever only looks.
Result<std::unique_ptr<CloudSurvey>> survey_azure(const model::Inventory& inventory,
                                                  const CloudSetup& setup);

}  // namespace wme::executor::azure
