#include "executor/drivers/azure/arm_error.hpp"

#include <map>

namespace wme::executor::azure {

namespace {

using Codes = std::map<std::string_view, ErrorCode>;

const Codes& known_codes() {
  using E = ErrorCode;
  static const Codes codes = {
      {"TooManyRequests", E::kThrottled},
      {"SubscriptionRequestsThrottled", E::kThrottled},
      {"ResourceRequestsThrottled", E::kThrottled},
      {"OperationNotAllowed", E::kBlocked},
      {"RetryableError", E::kBlocked},
      {"AnotherOperationInProgress", E::kBlocked},
      {"Conflict", E::kBlocked},
      {"AttachDiskWhileBeingDetached", E::kBlocked},
      {"OperationPreempted", E::kBlocked},
      {"NicInUse", E::kBlocked},
      {"NicReservedForAnotherVm", E::kBlocked},
      {"PrivateIPAddressInUse", E::kBlocked},
      {"PrivateIPAddressIsAllocated", E::kBlocked},
      {"PrivateIPAddressIsBeingCleanedUp", E::kBlocked},
      {"AddingOrDeletingNetworkInterfacesOnARunningVirtualMachineNotSupported", E::kBlocked},
      {"DiskBlobAlreadyInUseByAnotherDisk", E::kBlocked},
      {"PreconditionFailed", E::kBlocked},
      {"AllocationFailed", E::kFailed},
      {"ZonalAllocationFailed", E::kFailed},
      {"OverconstrainedAllocationRequest", E::kFailed},
      {"OverconstrainedZonalAllocationRequest", E::kFailed},
      {"SkuNotAvailable", E::kFailed},
      {"QuotaExceeded", E::kFailed},
      {"PropertyChangeNotAllowed", E::kFailed},
      {"ResourceNotFound", E::kNotFound},
      {"NotFound", E::kNotFound},
      {"ResourceGroupNotFound", E::kInvalid},  // waiting does not bring these
      {"SubscriptionNotFound", E::kInvalid},
      {"InvalidSubscriptionId", E::kInvalid},
      {"AuthorizationFailed", E::kRefused},
      {"LinkedAuthorizationFailed", E::kRefused},
      {"RequestDisallowedByPolicy", E::kRefused},
      {"ScopeLocked", E::kRefused},
      {"AuthenticationFailed", E::kRefused},
      {"InvalidAuthenticationToken", E::kRefused},
      {"InvalidAuthenticationTokenTenant", E::kRefused},
      {"InvalidAuthenticationTokenAudience", E::kRefused},
      {"ExpiredAuthenticationToken", E::kRefused},
  };
  return codes;
}

bool is_transient(int status) { return status == 408 || status >= 500; }

}  // namespace

ErrorCode classify(int status, std::string_view code, bool reads) {
  if (status == 429) return ErrorCode::kThrottled;
  if (const auto place = known_codes().find(code); place != known_codes().end())
    return place->second;
  // A server that broke down may have done it before: only a read can simply be sent again.
  if (is_transient(status)) return reads ? ErrorCode::kThrottled : ErrorCode::kUnknownOutcome;
  switch (status) {
    case 401:
    case 403:
      return ErrorCode::kRefused;
    case 404:
      return ErrorCode::kNotFound;
    case 409:
    case 412:
    case 423:
      return ErrorCode::kBlocked;
    default:
      return status >= 400 ? ErrorCode::kInvalid : ErrorCode::kFailed;
  }
}

std::string_view advice(std::string_view code) {
  if (code == "AuthorizationFailed" || code == "LinkedAuthorizationFailed")
    return "; assign a role with this action: `rehydrate doctor` prints the least that is needed";
  if (code == "ResourceGroupNotFound")
    return "; correct AZURE_RESOURCE_GROUP, or the group in the inventory's cloud_ids";
  if (code == "SubscriptionNotFound" || code == "InvalidSubscriptionId")
    return "; correct AZURE_SUBSCRIPTION_ID, or the subscription in the inventory's cloud_ids";
  if (code == "ScopeLocked") return "; remove the management lock for the time of the procedure";
  if (code == "InvalidAuthenticationToken" || code == "InvalidAuthenticationTokenTenant" ||
      code == "InvalidAuthenticationTokenAudience" || code == "AuthenticationFailed")
    return "; check tenant, client and secret, and that the endpoint is of the same cloud";
  if (code == "PrivateIPAddressInUse" || code == "PrivateIPAddressIsAllocated")
    return "; another interface has the address: delete it, or give new_address in the inventory";
  if (code == "NicReservedForAnotherVm")
    return "; the interface of a machine that went stays reserved for three minutes";
  if (code == "AddingOrDeletingNetworkInterfacesOnARunningVirtualMachineNotSupported")
    return "; deallocate the machine: an interface is added and removed only then";
  if (code == "AllocationFailed" || code == "ZonalAllocationFailed" || code == "SkuNotAvailable" ||
      code == "OverconstrainedAllocationRequest" || code == "QuotaExceeded" ||
      code == "OverconstrainedZonalAllocationRequest")
    return "; choose another zone or size in the inventory's launch section, or raise the quota";
  return "";
}

}  // namespace wme::executor::azure
