#include "executor/drivers/aws/ec2_error.hpp"

#include <map>

namespace wme::executor::aws {

namespace {

using Codes = std::map<std::string_view, ErrorCode>;

const Codes& known_codes() {
  using E = ErrorCode;
  static const Codes codes = {
      {"RequestLimitExceeded", E::kThrottled},
      {"EC2ThrottledException", E::kThrottled},
      {"Throttling", E::kThrottled},
      {"ThrottlingException", E::kThrottled},
      {"ThrottledException", E::kThrottled},
      {"RequestThrottled", E::kThrottled},
      {"RequestThrottledException", E::kThrottled},
      {"SlowDown", E::kThrottled},
      {"BandwidthLimitExceeded", E::kThrottled},
      {"SnapshotCreationPerVolumeRateExceeded", E::kThrottled},
      {"ConcurrentSnapshotLimitExceeded", E::kThrottled},
      {"InsufficientInstanceCapacity", E::kFailed},
      {"InsufficientFreeAddressesInSubnet", E::kFailed},
      {"InstanceLimitExceeded", E::kFailed},
      {"VcpuLimitExceeded", E::kFailed},
      {"VolumeLimitExceeded", E::kFailed},
      {"IncorrectInstanceState", E::kBlocked},
      {"IncorrectState", E::kBlocked},
      {"VolumeInUse", E::kBlocked},
      {"InvalidNetworkInterface.InUse", E::kBlocked},
      {"InvalidIPAddress.InUse", E::kBlocked},
      {"InvalidSnapshot.InUse", E::kBlocked},
      {"DependencyViolation", E::kBlocked},
      {"OperationNotPermitted", E::kFailed},
      {"IdempotentParameterMismatch", E::kFailed},
      {"AuthFailure", E::kRefused},
      {"UnauthorizedOperation", E::kRefused},
      {"MissingAuthenticationToken", E::kRefused},
      {"SignatureDoesNotMatch", E::kRefused},
      {"InvalidClientTokenId", E::kRefused},
      {"RequestExpired", E::kRefused},
      {"RequestTimeTooSkewed", E::kRefused},
      {"OptInRequired", E::kRefused},
      {"Blocked", E::kRefused},
      {"PendingVerification", E::kRefused},
  };
  return codes;
}

bool is_transient(int status, std::string_view code) {
  return code == "InternalError" || code == "InternalFailure" || code == "Unavailable" ||
         code == "ServiceUnavailable" || code == "RequestTimeout" ||
         code == "RequestTimeoutException" || status >= 500;
}

}  // namespace

ErrorCode classify(int status, std::string_view code, bool reads) {
  if (const auto place = known_codes().find(code); place != known_codes().end())
    return place->second;
  if (status == 429) return ErrorCode::kThrottled;
  if (code.ends_with(".NotFound")) return ErrorCode::kNotFound;
  // A server that broke down may have done it before: only a read can simply be sent again.
  if (is_transient(status, code)) return reads ? ErrorCode::kThrottled : ErrorCode::kUnknownOutcome;
  if (status == 401 || status == 403) return ErrorCode::kRefused;
  if (status >= 400) return ErrorCode::kInvalid;
  return ErrorCode::kFailed;
}

std::string_view advice(std::string_view code) {
  if (code == "AuthFailure" || code == "SignatureDoesNotMatch" || code == "InvalidClientTokenId")
    return "; check access key, secret and region of the credentials";
  if (code == "RequestExpired")
    return "; renew the credentials, if they are temporary ones; or set this machine's clock: "
           "signatures are valid for about 15 minutes";
  if (code == "RequestTimeTooSkewed")
    return "; set this machine's clock: signatures are valid for about 15 minutes";
  if (code == "UnauthorizedOperation") return "; give the role this permission";
  if (code == "InvalidIPAddress.InUse")
    return "; the machine that has the address must be terminated, or give new_address in the "
           "inventory";
  if (code == "InsufficientInstanceCapacity" || code == "VcpuLimitExceeded" ||
      code == "InstanceLimitExceeded")
    return "; choose another zone or size in the inventory's launch section, or raise the limit";
  if (code == "IdempotentParameterMismatch")
    return "; the token of this step served another request: was the inventory changed meanwhile?";
  return "";
}

}  // namespace wme::executor::aws
