#include "executor/drivers/all/drivers.hpp"

#include <utility>

#include "executor/drivers/all/clouds.hpp"
#include "executor/drivers/all/places.hpp"
#include "executor/drivers/config_wizard/config_wizard_port.hpp"
#include "executor/drivers/host/host_port.hpp"
#include "executor/drivers/launchpad/launchpad_port.hpp"
#include "executor/engine/executor_port.hpp"
#include "model/json/api_profile.hpp"

namespace wme::executor {

namespace {

LaunchpadAccess launchpad_access(const model::Inventory& inventory, const Environment& environment,
                                 Secret password) {
  return {launchpad_base(inventory, environment), inventory.access.launchpad_user,
          std::move(password)};
}

ConfigWizardAccess wizard_access(const model::Inventory& inventory, const Environment& environment,
                                 Secret password) {
  ConfigWizardBases bases = config_wizard_bases(inventory, environment);
  return {std::move(bases.base), std::move(bases.new_base), std::move(password)};
}

/// REHYDRATE_SSH_IDENTITY names the key in place of the inventory's.
model::Inventory redirected(model::Inventory inventory, const Environment& environment) {
  if (const auto given = environment("REHYDRATE_SSH_IDENTITY"); given && !given->empty())
    inventory.access.ssh_identity = *given;
  return inventory;
}

}  // namespace

struct Drivers::Impl {
  Impl(model::Inventory its_inventory, model::ApiProfile its_profile, const DriverSetup& setup,
       std::unique_ptr<Cloud> its_cloud, LaunchpadAccess launchpad_at, ConfigWizardAccess wizard_at,
       const HostSettings& host_settings)
      : inventory(std::move(its_inventory)),
        profile(std::move(its_profile)),
        cloud(std::move(its_cloud)),
        launchpad(setup.http, profile, inventory, std::move(launchpad_at)),
        config_wizard(setup.http, profile, std::move(wizard_at), locate_by_machines(cloud->port())),
        host(inventory, setup.commands, host_settings),
        desk(inventory, setup.operator_desk),
        own(inventory, launchpad),
        ports{{"launchpad", &launchpad}, {"config-wizard", &config_wizard},
              {"cloud", &cloud->port()}, {"host", &host},
              {"operator", &desk},       {"executor", &own}} {}

  const model::Inventory inventory;
  const model::ApiProfile profile;
  std::unique_ptr<Cloud> cloud;
  LaunchpadPort launchpad;
  ConfigWizardPort config_wizard;
  HostPort host;
  OperatorPort desk;
  ExecutorPort own;
  Ports ports;
};

Result<std::unique_ptr<Drivers>> Drivers::connect(const model::Inventory& inventory,
                                                  model::Procedure procedure,
                                                  const DriverSetup& setup) {
  Result<std::unique_ptr<Cloud>> cloud =
      open_cloud(inventory, {setup.http, setup.environment,
                             [clock = setup.wall_clock] {
                               return std::chrono::sys_time<std::chrono::milliseconds>(clock());
                             },
                             setup.run_program});
  if (!cloud) return cloud.error();
  Result<model::ApiProfile> profile = profile_for(inventory);
  if (!profile) return profile.error();
  Result<Secret> launchpad_password =
      fetch_secret(inventory.access.launchpad_password, "password of Launchpad", setup.environment);
  if (!launchpad_password) return launchpad_password.error();
  Result<Secret> wizard_password = fetch_secret(inventory.access.config_wizard_password,
                                                "password of the ConfigWizard", setup.environment);
  if (!wizard_password) return wizard_password.error();
  HostSettings host_settings;
  host_settings.upgrade = procedure == model::Procedure::kUpgrade;
  return std::unique_ptr<Drivers>(new Drivers(std::make_unique<Impl>(
      redirected(inventory, setup.environment), std::move(profile).value(), setup,
      std::move(cloud).value(),
      launchpad_access(inventory, setup.environment, std::move(launchpad_password).value()),
      wizard_access(inventory, setup.environment, std::move(wizard_password).value()),
      host_settings)));
}

Drivers::Drivers(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Drivers::~Drivers() = default;
const Ports& Drivers::ports() const { return impl_->ports; }
ContainerLister& Drivers::launchpad() { return impl_->launchpad; }

}  // namespace wme::executor
