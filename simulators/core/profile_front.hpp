#pragma once

#include <map>
#include <string>

#include "model/json/api_profile.hpp"
#include "simulators/core/forms.hpp"
#include "simulators/core/http_front.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators {

/// Who may come in, and with what. The simulators compare, they never print.
struct Logins {
  std::string launchpad_user;
  std::string launchpad_password;
  std::string config_wizard_password;  ///< of setup-admin
};

/// A request, with what the API profile says about it.
struct ProfileRequest {
  const HttpRequest& http;
  std::string operation;   ///< the profile's name for it: "passivateContainer"
  model::Arguments path;   ///< values of its placeholders
  model::Arguments query;  ///< by our words for them
  std::string door;        ///< "launchpad POST /container-services/rest/...", for records
};

/// A front end that is described by the API profile: finds the operation of a request, locks the
/// world for its duration, and injects the faults that the schedule has for
/// "<METHOD> <operation>", such as "POST passivateContainer".
class ProfileFront : public HttpFront {
 public:
  HttpResponse handle(const HttpRequest& request) final;

 protected:
  ProfileFront(World& world, const model::SystemProfile& profile, std::string system);
  /// Called with the world locked and up to date.
  virtual HttpResponse answer(const ProfileRequest& request) = 0;

  World& world() { return world_; }
  const World& world() const { return world_; }
  const model::SystemProfile& profile() const { return profile_; }

 private:
  HttpResponse faulty(const ProfileRequest& request, Fault fault);
  HttpResponse remembered(const ProfileRequest& request);

  World& world_;
  const model::SystemProfile& profile_;
  std::string system_;
  std::map<std::string, HttpResponse, std::less<>> last_reads_;  ///< by target, for stale reads
};

}  // namespace wme::simulators
