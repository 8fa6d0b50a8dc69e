#include "simulators/launchpad/license_front.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "simulators/core/envelope.hpp"
#include "simulators/core/profile_fidelity.hpp"

namespace wme::simulators {

LicenseFront::LicenseFront(World& world, const model::ApiProfile& profile, Logins logins)
    : ProfileFront(world, profile.license_service, "license service"),
      backend_(world, profile.launchpad),
      logins_(std::move(logins)) {}

FidelityLedger LicenseFront::fidelity(const model::ApiProfile& profile) {
  FidelityLedger ledger = profile_fidelity(
      "License service", "The upload of a license, by HTTP Basic authentication, on the Platform.",
      profile.license_service);
  ledger.entries.push_back(
      fidelity_of("a license file", "multipart body",
                  {"vendor script: PI", "Whatever the file holds is accepted."}));
  return ledger;
}

HttpResponse LicenseFront::answer(const ProfileRequest& request) {
  if (!backend_.serving_platform())
    return failure(profile(), 503, "service.down", "the services of the Platform do not run");
  const auto login = basic_login(request.http);
  if (!login || login->first != logins_.launchpad_user ||
      login->second != logins_.launchpad_password)
    return failure(profile(), 401, "bad.credentials", "user or password is wrong");
  const auto parts = parse_multipart(request.http);
  const auto is_file = [this](const Part& part) {
    return part.name == profile().field("license.file") && !part.body.empty();
  };
  if (!parts || std::ranges::none_of(*parts, is_file))
    return failure(profile(), 400, "invalid.request", "the license file is missing");
  backend_.license_active(request.door);
  return success(profile(), nlohmann::json::object());
}

}  // namespace wme::simulators
