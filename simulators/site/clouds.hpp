#pragma once

#include <memory>

#include "simulators/core/cloud_front.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators {

/// The API of the provider that the world's installation is at; null where there is none to
/// simulate. `world` must outlive it.
std::unique_ptr<CloudFront> cloud_front_of(World& world);

}  // namespace wme::simulators
