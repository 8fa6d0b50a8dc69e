#pragma once

#include <string>

#include "executor/drivers/aws/profile.hpp"
#include "model/inventory.hpp"

namespace wme::executor::aws {

/// Where a service is.
struct ServicePlace {
  std::string region;  ///< that signatures are scoped to
  std::string base;    ///< "https://ec2.eu-central-1.amazonaws.com", no slash at the end
};
using Ec2Place = ServicePlace;

/// Region: the inventory's (an installation lives in one region, whatever shell it is operated
/// from), AWS_REGION, AWS_DEFAULT_REGION, the profile's, the one that the launch zone is in.
/// Endpoint: AWS_ENDPOINT_URL_EC2, AWS_ENDPOINT_URL, the inventory's, the profile's for ec2
/// (`services`), the profile's, AWS's own. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS leaves only the
/// inventory's and AWS's own; AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT choose among
/// AWS's own, and do not go with another.
/// Errors: kInvalid when no region can be found, the endpoint is not a URL, or the two disagree.
/// Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints", "FIPS and dual-stack";
/// the endpoint rules of botocore.
Result<Ec2Place> ec2_place(const model::Inventory& inventory, const Environment& environment);

/// STS of the same region (AWS_ENDPOINT_URL_STS, …; no `region`: the global one). Errors: as above.
Result<ServicePlace> sts_place(const std::string& region, const Environment& environment,
                               const Profile& profile);

}  // namespace wme::executor::aws
