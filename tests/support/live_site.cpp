#include "tests/support/live_site.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/support/world_facts.hpp"

namespace wme::tests {

namespace {

const executor::TimePoint kOpening{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

std::unique_ptr<scenarios::SharedClock> clock_in(const std::filesystem::path& folder) {
  auto clock = scenarios::SharedClock::create(folder / "clock", kOpening);
  if (!clock) throw std::runtime_error(clock.error().message);
  return std::move(clock).value();
}

}  // namespace

LiveSite::LiveSite(const std::filesystem::path& folder, const model::Inventory& inventory,
                   model::Procedure procedure, std::vector<simulators::FaultRule> faults,
                   simulators::HttpsFor https)
    : model_(model::installation_of(inventory, procedure)),
      clock_(clock_in(folder)),
      profile_(model::built_in_api_profile()),
      site_(model_.installation(), *clock_, simulators::FaultSchedule(std::move(faults)),
            profile_) {
  if (Status listening = site_.listen(folder / "simulated", https); !listening)
    throw std::runtime_error(listening.error().message);
  environment_ = site_.addresses().environment();
  environment_["REHYDRATE_CLOCK_FILE"] = (folder / "clock").string();
  environment_["XDG_STATE_HOME"] = (folder / "state").string();
  environment_["REHYDRATE_OPERATOR_COMMAND"] = (folder / "operator").string();
  std::ofstream(folder / "operator")
      << "#!/bin/sh\nexec curl -fsS -X POST '" << site_.addresses().control
      << "/operate?action='\"$1${2:+&of=$2}\"\n";
  std::filesystem::permissions(folder / "operator", std::filesystem::perms::owner_all);
}

std::map<std::string, int> LiveSite::side_effects() {
  const auto lock = world().enter();
  return tests::side_effects(world());
}

std::vector<std::string> LiveSite::state() {
  const auto lock = world().enter();
  return state_text(world(), model_);
}

bool LiveSite::is(const std::string& fluent, const std::vector<std::string>& arguments,
                  const std::string& value) {
  const auto lock = world().enter();
  return world().is(fluent, arguments, value);
}

std::size_t LiveSite::violations() {
  const auto lock = world().enter();
  return world().violations().size();
}

}  // namespace wme::tests
