#pragma once

#include <string>

#include "executor/ports/environment.hpp"
#include "model/inventory.hpp"
#include "model/result.hpp"

namespace wme::executor::azure {

/// Where Resource Manager is, and where in it the installation is.
struct ArmPlace {
  std::string base;          ///< "https://management.azure.com", no slash at the end
  std::string authority;     ///< who gives tokens: "https://login.microsoftonline.com"
  std::string audience;      ///< for whom tokens are: "https://management.azure.com"
  std::string subscription;  ///< GUID
  std::string group;         ///< resource group of everything that the inventory names shortly
  std::string location;      ///< "westeurope"
};

/// An environment variable that is set and not empty.
std::optional<std::string> variable(const Environment& environment, std::string_view name);

/// Subscription and group: of a cloud_id that is a whole resource id, else AZURE_SUBSCRIPTION_ID
/// and AZURE_RESOURCE_GROUP (or the CLI's AZURE_DEFAULTS_GROUP). Endpoint: ARM_ENDPOINT, else the
/// inventory's access.cloud_endpoint, else the cloud that the region is of. Login: AZURE_AUTHORITY_
/// HOST, else that of the same cloud. Errors: kInvalid for what is missing or damaged, and for
/// plain http to another machine, which would show tokens and secrets to whoever listens on the
/// way. Source: azure-core "AzureAuthorityHosts" and the environment variables of azure-identity.
Result<ArmPlace> arm_place(const model::Inventory& inventory, const Environment& environment);

}  // namespace wme::executor::azure
