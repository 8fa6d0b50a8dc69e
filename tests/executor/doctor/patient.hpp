#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "executor/doctor/doctor.hpp"
#include "executor/drivers/all/surveys.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "scenarios/rehearsal/in_process.hpp"
#include "scenarios/rehearsal/virtual_clock.hpp"
#include "simulators/site/simulated_site.hpp"

namespace wme::tests {

/// A moment for every clock: the world's, the simulators' and ours.
inline constexpr std::chrono::sys_seconds kPatientTime{
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours(12)};

/// A simulated installation and the surveys of it, without sockets.
class SimulatedPatient {
 public:
  explicit SimulatedPatient(model::Procedure world = model::Procedure::kDehydrate,
                            model::Inventory its_inventory = scenarios::generate_fleet(
                                scenarios::Fleet::kXs, model::Provider::kAws))
      : inventory(std::move(its_inventory)),
        clock_(kPatientTime),
        site(model::installation_of(inventory, world), clock_, simulators::FaultSchedule(),
             model::built_in_api_profile()),
        commands_(site.hosts()) {
    const simulators::SiteAddresses& at = site.addresses();
    http_.serve(at.launchpad, site.launchpad());
    http_.serve(at.config_wizard, site.config_wizard());
    if (site.cloud() != nullptr) http_.serve(at.cloud, *site.cloud());
    environment = at.environment();
    change([](simulators::Conditions& conditions) {
      conditions.wall_clock = [] { return kPatientTime; };
    });
  }

  template <class Change>
  void change(Change change) {
    const auto lock = site.world().enter();
    change(site.world().conditions());
  }
  /// As `run` reaches the hosts: past the guard of the surveys.
  void type(const std::string& host, const std::string& command) {
    site.hosts().execute(host, "root", command, "");
  }

  std::unique_ptr<executor::Surveys> surveys() {
    return std::make_unique<executor::Surveys>(
        inventory, executor::SurveySetup{http_, commands_,
                                         [this](std::string_view name) {
                                           const auto found = environment.find(std::string(name));
                                           return found == environment.end()
                                                      ? std::optional<std::string>()
                                                      : std::optional(found->second);
                                         },
                                         [] { return kPatientTime; }});
  }

  model::Inventory inventory;  ///< what we believe; the world has what it was made from
  std::map<std::string, std::string> environment;

 private:
  scenarios::VirtualClock clock_;

 public:
  simulators::SimulatedSite site;

 private:
  scenarios::InProcessHttp http_;
  scenarios::InProcessCommands commands_;
};

}  // namespace wme::tests
