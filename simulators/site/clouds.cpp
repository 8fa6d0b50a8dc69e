#include "simulators/site/clouds.hpp"

#include "simulators/aws/ec2_front.hpp"
#include "simulators/azure/arm_front.hpp"
#include "simulators/gcp/compute_front.hpp"

namespace wme::simulators {

namespace {

// Good for one process only; fixed values keep rehearsals equal, byte for byte.
constexpr const char* kAccessKey = "AKIASIMULATEDONLY001";
constexpr const char* kSecretKey = "simulated/only+0000000000000000000000000";

std::unique_ptr<CloudFront> aws_front(World& world) {
  const std::string& region = world.installation().inventory.access.region;
  return std::make_unique<aws::Ec2Front>(
      world, aws::Ec2FrontOptions{{{kAccessKey, kSecretKey, ""}},
                                  // Under the world's lock, which the front holds all the time.
                                  [&world] { return world.conditions().time_at("ec2"); },
                                  region.empty() ? "us-east-1" : region});
}

std::unique_ptr<CloudFront> azure_front(World& world) {
  return std::make_unique<azure::ArmFront>(world, azure::account_of(world.installation().inventory),
                                           [&world] { return world.conditions().time_at("arm"); });
}

std::unique_ptr<CloudFront> gcp_front(World& world) {
  // Under the world's lock, which the front holds all the time.
  return std::make_unique<gcp::ComputeFront>(
      world, [&world] { return world.conditions().time_at("compute"); });
}

}  // namespace

std::unique_ptr<CloudFront> cloud_front_of(World& world) {
  switch (world.installation().inventory.provider) {
    case model::Provider::kAws:
      return aws_front(world);
    case model::Provider::kAzure:
      return azure_front(world);
    case model::Provider::kGcp:
      return gcp_front(world);
    case model::Provider::kEsxi:
    case model::Provider::kHyperV:
      break;
  }
  return nullptr;
}

}  // namespace wme::simulators
