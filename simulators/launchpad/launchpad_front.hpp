#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "model/json/api_profile.hpp"
#include "simulators/core/fidelity.hpp"
#include "simulators/core/profile_front.hpp"
#include "simulators/core/sessions.hpp"
#include "simulators/launchpad/backend.hpp"

namespace wme::simulators {

/// Launchpad's REST API (base L of wme.md 5), through the Platform's load balancer: HTTP to the
/// backend and back. 503 while no Platform serves, 401 without a session of the admin.
/// Both arguments must outlive it.
class LaunchpadFront final : public ProfileFront {
 public:
  LaunchpadFront(World& world, const model::ApiProfile& profile, Logins logins);

  /// Every operation that it answers, for docs/FIDELITY.md.
  static FidelityLedger fidelity(const model::ApiProfile& profile);

 protected:
  HttpResponse answer(const ProfileRequest& request) override;

 private:
  using Handler = HttpResponse (LaunchpadFront::*)(const ProfileRequest&);
  static const std::map<std::string, Handler, std::less<>>& handlers();

  HttpResponse login(const ProfileRequest& request);
  HttpResponse ping(const ProfileRequest& request);
  HttpResponse metrics(const ProfileRequest& request);

  HttpResponse shards(const ProfileRequest& request);
  HttpResponse instances(const ProfileRequest& request);
  HttpResponse instance(const ProfileRequest& request);
  HttpResponse instance_health(const ProfileRequest& request);
  HttpResponse instance_action(const ProfileRequest& request);
  HttpResponse test_instance(const ProfileRequest& request);
  HttpResponse create_instance(const ProfileRequest& request);
  HttpResponse edit_instance(const ProfileRequest& request);
  HttpResponse delete_instance(const ProfileRequest& request);

  HttpResponse containers(const ProfileRequest& request);
  HttpResponse container_action(const ProfileRequest& request);
  HttpResponse hibernate_all(const ProfileRequest& request);

  HttpResponse restrict_login(const ProfileRequest& request);
  HttpResponse login_restriction(const ProfileRequest& request);
  HttpResponse licenses(const ProfileRequest& request);
  HttpResponse vcs_configs(const ProfileRequest& request);

  HttpResponse projects(const ProfileRequest& request);
  HttpResponse project(const ProfileRequest& request);
  HttpResponse user_projects(const ProfileRequest& request);
  HttpResponse deploy(const ProfileRequest& request);

  bool logged_in(const HttpRequest& request);
  HttpResponse no(int status, std::string_view id, std::string_view message) const;
  HttpResponse accepted(const Result<std::string>& task) const;
  HttpResponse page(const ProfileRequest& request, std::size_t total,
                    const std::function<nlohmann::json(std::size_t)>& row) const;
  nlohmann::json describe(const InstanceRow& row) const;
  nlohmann::json describe(const ContainerRow& row) const;
  Result<InstanceForm> read_form(const nlohmann::json& details) const;
  Result<std::string> asked_shard(const ProfileRequest& request) const;

  LaunchpadBackend backend_;
  Logins logins_;
  Sessions sessions_{"wm-auth-"};
};

}  // namespace wme::simulators
