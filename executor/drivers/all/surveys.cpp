#include "executor/drivers/all/surveys.hpp"

#include <optional>
#include <utility>

#include "executor/drivers/all/clouds.hpp"
#include "executor/drivers/all/places.hpp"
#include "executor/drivers/all/read_only.hpp"
#include "executor/drivers/config_wizard/config_wizard_survey.hpp"
#include "executor/drivers/host/host_survey.hpp"
#include "executor/drivers/launchpad/launchpad_survey.hpp"

namespace wme::executor {

namespace {

std::set<std::string> login_paths(const Result<model::ApiProfile>& profile) {
  if (!profile) return {};
  return {profile.value().launchpad.operation("login").target({}),
          profile.value().config_wizard.operation("login").target({})};
}

}  // namespace

struct Surveys::Impl {
  Impl(const model::Inventory& its_inventory, const SurveySetup& its_setup)
      : inventory(its_inventory),
        setup(its_setup),
        profile(profile_for(inventory)),
        http(setup.http, login_paths(profile)),
        commands(setup.commands),
        host_survey(commands, setup.wall_time) {}

  void open_launchpad();
  void open_config_wizard();
  void open_cloud();

  const model::Inventory inventory;
  SurveySetup setup;
  Result<model::ApiProfile> profile;
  ReadOnlyHttp http;
  ReadOnlyCommands commands;
  HostLooker host_survey;
  std::unique_ptr<LaunchpadLooker> launchpad;
  std::unique_ptr<ConfigWizardLooker> config_wizard;
  std::unique_ptr<CloudSurvey> cloud;
  Error no_launchpad, no_config_wizard, no_cloud;
};

void Surveys::Impl::open_launchpad() {
  Result<Secret> password =
      fetch_secret(inventory.access.launchpad_password, "password of Launchpad", setup.environment);
  if (!profile || !password) {
    no_launchpad = profile ? password.error() : profile.error();
    return;
  }
  launchpad = std::make_unique<LaunchpadLooker>(
      http, profile.value(),
      LaunchpadAccess{launchpad_base(inventory, setup.environment), inventory.access.launchpad_user,
                      std::move(password).value()},
      setup.wall_time);
}

void Surveys::Impl::open_config_wizard() {
  Result<Secret> password = fetch_secret(inventory.access.config_wizard_password,
                                         "password of the ConfigWizard", setup.environment);
  if (!profile || !password) {
    no_config_wizard = profile ? password.error() : profile.error();
    return;
  }
  config_wizard = std::make_unique<ConfigWizardLooker>(
      http, profile.value(), config_wizard_bases(inventory, setup.environment).base,
      std::move(password).value(), setup.wall_time);
}

void Surveys::Impl::open_cloud() {
  Result<std::unique_ptr<CloudSurvey>> opened =
      survey_cloud(inventory, {http, setup.environment, setup.wall_time, setup.run_program});
  if (opened)
    cloud = std::move(opened).value();
  else
    no_cloud = opened.error();
}

Surveys::Surveys(const model::Inventory& inventory, const SurveySetup& setup)
    : impl_(std::make_unique<Impl>(inventory, setup)) {
  impl_->open_launchpad();
  impl_->open_config_wizard();
  impl_->open_cloud();
}

Surveys::~Surveys() = default;

Result<LaunchpadSurvey*> Surveys::launchpad() {
  if (!impl_->launchpad) return impl_->no_launchpad;
  return static_cast<LaunchpadSurvey*>(impl_->launchpad.get());
}

Result<ConfigWizardSurvey*> Surveys::config_wizard() {
  if (!impl_->config_wizard) return impl_->no_config_wizard;
  return static_cast<ConfigWizardSurvey*>(impl_->config_wizard.get());
}

Result<CloudSurvey*> Surveys::cloud() {
  if (!impl_->cloud) return impl_->no_cloud;
  return impl_->cloud.get();
}

HostSurvey& Surveys::hosts() { return impl_->host_survey; }

std::vector<std::string> Surveys::sent() const {
  std::vector<std::string> all = impl_->http.sent();
  const std::vector<std::string> commands = impl_->commands.sent();
  all.insert(all.end(), commands.begin(), commands.end());
  return all;
}

}  // namespace wme::executor
