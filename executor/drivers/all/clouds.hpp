#pragma once

#include <memory>

#include "executor/ports/cloud.hpp"
#include "model/inventory.hpp"

namespace wme::executor {

/// The driver of the inventory's provider. Nothing is sent yet.
/// Errors: kInvalid for a missing setting, or a provider that this version has no driver for.
Result<std::unique_ptr<Cloud>> open_cloud(const model::Inventory& inventory,
                                          const CloudSetup& setup);
Result<std::unique_ptr<CloudSurvey>> survey_cloud(const model::Inventory& inventory,
                                                  const CloudSetup& setup);

}  // namespace wme::executor
