#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "model/json/api_profile.hpp"
#include "simulators/config_wizard/backend.hpp"
#include "simulators/core/fidelity.hpp"
#include "simulators/core/profile_front.hpp"
#include "simulators/core/sessions.hpp"

namespace wme::simulators {

/// The ConfigWizard's REST API (base C of wme.md 5), port 8080 of the Platform. 503 while its
/// docker container does not run anywhere: over a real network nobody would answer. Both arguments
/// must outlive it.
class ConfigWizardFront final : public ProfileFront {
 public:
  ConfigWizardFront(World& world, const model::ApiProfile& profile, Logins logins);

  /// Every operation that it answers, for docs/FIDELITY.md.
  static FidelityLedger fidelity(const model::ApiProfile& profile);

 protected:
  HttpResponse answer(const ProfileRequest& request) override;

 private:
  HttpResponse closed(const ProfileRequest& request, const std::string& platform);
  HttpResponse setup(const std::string& platform);
  HttpResponse set_password(const ProfileRequest& request, const std::string& platform);
  HttpResponse login(const ProfileRequest& request, const std::string& platform);
  HttpResponse installations(const std::string& platform);
  HttpResponse run_action(const ProfileRequest& request, const std::string& platform);
  HttpResponse configure(const ProfileRequest& request);
  HttpResponse configuration(const ProfileRequest& request);

  HttpResponse no(int status, std::string_view id, std::string_view message) const;
  nlohmann::json stored_configuration() const;

  ConfigWizardBackend backend_;
  Sessions sessions_{"wm-setup-"};
  nlohmann::json configuration_;  ///< without secrets; null until somebody sends one
};

}  // namespace wme::simulators
