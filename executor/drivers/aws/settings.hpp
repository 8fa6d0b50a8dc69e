#pragma once

#include <string>

#include "executor/drivers/aws/profile.hpp"
#include "model/inventory.hpp"

namespace wme::executor::aws {

/// Where EC2 is.
struct Ec2Place {
  std::string region;
  std::string base;  ///< "https://ec2.eu-central-1.amazonaws.com", no slash at the end
};

/// Region: the inventory's (an installation lives in one region, whatever shell it is operated
/// from), AWS_REGION, AWS_DEFAULT_REGION, the profile's, the one that the launch zone is in.
/// Endpoint: AWS_ENDPOINT_URL_EC2, AWS_ENDPOINT_URL, the inventory's, the profile's, AWS's own.
/// Errors: kInvalid when no region can be found, or the endpoint is not a URL.
Result<Ec2Place> ec2_place(const model::Inventory& inventory, const Environment& environment);

}  // namespace wme::executor::aws
