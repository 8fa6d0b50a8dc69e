#include "executor/drivers/gcp/compute_error.hpp"

#include <map>

namespace wme::executor::gcp {

namespace {

const std::map<std::string_view, ErrorCode>& known_reasons() {
  using E = ErrorCode;
  static const std::map<std::string_view, ErrorCode> all = {
      // Compute Engine says most of its "slow down" with status 403.
      {"rateLimitExceeded", E::kThrottled},
      {"userRateLimitExceeded", E::kThrottled},
      {"concurrentLimitExceeded", E::kThrottled},
      {"operationInProgress", E::kBlocked},
      {"quotaExceeded", E::kFailed},
      {"limitExceeded", E::kFailed},
      {"dailyLimitExceeded", E::kFailed},
      {"alreadyExists", E::kBlocked},
      {"duplicate", E::kBlocked},
      {"conditionNotMet", E::kBlocked},
      {"resourceNotReady", E::kBlocked},
      {"resourceInUseByAnotherResource", E::kBlocked},
      {"resourceInUse", E::kBlocked},
      {"badRequest", E::kInvalid},
      {"invalid", E::kInvalid},
      {"required", E::kInvalid},
      {"notFound", E::kNotFound},
      {"forbidden", E::kRefused},
      {"accessNotConfigured", E::kRefused},
      {"insufficientPermissions", E::kRefused},
      {"authError", E::kRefused},
  };
  return all;
}

bool is_about_capacity(std::string_view code) {
  return code.starts_with("ZONE_RESOURCE_POOL_EXHAUSTED") || code == "STOCKOUT" ||
         code == "RESOURCE_POOL_EXHAUSTED";
}

}  // namespace

ErrorCode classify(int status, std::string_view reason, bool reads) {
  if (status == 401) return ErrorCode::kRefused;  // its reason is "required" as well
  if (const auto place = known_reasons().find(reason); place != known_reasons().end())
    return place->second;
  if (status == 429) return ErrorCode::kThrottled;
  // A server that broke down may have done it before: only a read can simply be sent again.
  if (status >= 500) return reads ? ErrorCode::kThrottled : ErrorCode::kUnknownOutcome;
  if (status == 403) return ErrorCode::kRefused;
  if (status == 404) return ErrorCode::kNotFound;
  if (status == 409 || status == 412) return ErrorCode::kBlocked;
  if (status >= 400) return ErrorCode::kInvalid;
  return ErrorCode::kFailed;
}

ErrorCode classify_operation(std::string_view code) {
  if (code == "PERMISSIONS_ERROR" || code == "FORBIDDEN") return ErrorCode::kRefused;
  if (code == "INVALID_FIELD_VALUE" || code == "INVALID_USAGE" || code == "RESOURCE_NOT_FOUND")
    return ErrorCode::kInvalid;
  return ErrorCode::kFailed;
}

std::string_view advice(std::string_view reason) {
  if (is_about_capacity(reason))
    return "; the zone has no room for this size now: choose another size or zone in the "
           "inventory's launch section, or try later";
  if (reason == "quotaExceeded" || reason == "QUOTA_EXCEEDED" || reason == "limitExceeded")
    return "; ask for a higher quota of the project, or choose another region";
  if (reason == "IP_IN_USE_BY_ANOTHER_RESOURCE" || reason.starts_with("IP_ADDRESS_IN_USE"))
    return "; the machine that has the address must give it up, or give new_address in the "
           "inventory";
  if (reason == "forbidden" || reason == "insufficientPermissions" || reason == "PERMISSIONS_ERROR")
    return "; give the account this permission: 'rehydrate doctor' prints the role that it needs";
  if (reason == "accessNotConfigured") return "; enable the Compute Engine API of the project";
  if (reason == "authError" || reason == "required")
    return "; check the credentials and this machine's clock";
  return "";
}

}  // namespace wme::executor::gcp
