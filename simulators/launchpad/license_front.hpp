#pragma once

#include "model/json/api_profile.hpp"
#include "simulators/core/fidelity.hpp"
#include "simulators/core/profile_front.hpp"
#include "simulators/launchpad/backend.hpp"

namespace wme::simulators {

/// The license service on port 8007 of the Platform (base S of wme.md 5.1): takes a license file
/// from the admin, by HTTP Basic authentication. Source: [script: PI].
class LicenseFront final : public ProfileFront {
 public:
  LicenseFront(World& world, const model::ApiProfile& profile, Logins logins);

  /// Every operation that it answers, for docs/FIDELITY.md.
  static FidelityLedger fidelity(const model::ApiProfile& profile);

 protected:
  HttpResponse answer(const ProfileRequest& request) override;

 private:
  LaunchpadBackend backend_;
  Logins logins_;
};

}  // namespace wme::simulators
