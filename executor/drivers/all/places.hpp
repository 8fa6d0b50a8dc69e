#pragma once

#include <string>

#include "executor/drivers/all/secrets.hpp"
#include "model/inventory.hpp"
#include "model/json/api_profile.hpp"
#include "model/result.hpp"

/// Where the systems of an installation are: the inventory says it, the environment may redirect it
/// (docs/ARCHITECTURE.md lists the variables).
namespace wme::executor {

/// "http://wavemaker.acme.example", no slash at the end.
std::string launchpad_base(const model::Inventory& inventory, const Environment& environment);

struct ConfigWizardBases {
  std::string base;      ///< of the Platform of today
  std::string new_base;  ///< of the new one; the same when it keeps the address
};
ConfigWizardBases config_wizard_bases(const model::Inventory& inventory,
                                      const Environment& environment);

/// The inventory's profile, else the built-in one. Error kInvalid: it cannot be read.
Result<model::ApiProfile> profile_for(const model::Inventory& inventory);

}  // namespace wme::executor
