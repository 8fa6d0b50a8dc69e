#pragma once

#include <string>

#include "executor/drivers/gcp/credentials.hpp"
#include "model/inventory.hpp"

namespace wme::executor::gcp {

/// Where an installation lives in Compute Engine. One zone: disks cannot leave theirs.
struct ComputePlace {
  std::string project;
  std::string zone;    ///< "europe-west1-b"
  std::string region;  ///< "europe-west1"
  std::string base;    ///< "https://compute.googleapis.com", no slash at the end
  std::string prefix;  ///< "/compute/v1", no slash at the end
  /// Where the rights of the project are asked for: "https://cloudresourcemanager.googleapis.com".
  std::string rights_base;

  std::string zone_path() const { return "projects/" + project + "/zones/" + zone; }
  std::string region_path() const { return "projects/" + project + "/regions/" + region; }
  std::string global_path() const { return "projects/" + project + "/global"; }
};

/// Project: the one in platform.cloud_id or launch.subnet where that is a path
/// ("projects/P/zones/Z/instances/I"), GOOGLE_CLOUD_PROJECT, CLOUDSDK_CORE_PROJECT, that of the
/// credentials' file. Zone: launch.zone, the one in platform.cloud_id, CLOUDSDK_COMPUTE_ZONE.
/// Region: the zone's. Endpoint: CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE, access.cloud_endpoint,
/// Google's own. Sends nothing.
/// Errors: kInvalid when project or zone cannot be found, or an endpoint is no URL or plain http to
/// another machine, which would show the access token to whoever listens on the way.
Result<ComputePlace> compute_place(const model::Inventory& inventory,
                                   const Environment& environment,
                                   const CredentialChain& credentials);

}  // namespace wme::executor::gcp
