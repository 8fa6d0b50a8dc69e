#include "tests/support/live_site.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::tests {

namespace {

const executor::TimePoint kOpening{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

std::unique_ptr<scenarios::SharedClock> clock_in(const std::filesystem::path& folder) {
  auto clock = scenarios::SharedClock::create(folder / "clock", kOpening);
  if (!clock) throw std::runtime_error(clock.error().message);
  return std::move(clock).value();
}

bool is_only_noted(const std::string& event) {
  const model::Action* action = model::find_action(event.substr(0, event.find(' ')));
  return std::ranges::all_of(action->outcomes.front().effects, [](const model::Effect& each) {
    const auto fluent =
        std::ranges::find(model::fluents(), each.target.fluent, &model::Fluent::name);
    return fluent->seen_by == model::SeenBy::kJournal;
  });
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
  std::map<std::string, int> counted;
  for (const simulators::Event& each : world().events())
    if (each.phase == "request" && !is_only_noted(each.action)) ++counted[each.action];
  return counted;
}

std::vector<std::string> LiveSite::state() {
  const auto lock = world().enter();
  std::vector<std::string> values;
  for (model::Variable each = 0; each < model_.variable_count(); ++each) {
    const model::Fluent& fluent = model::fluents()[model_.fluent_index(each)];
    if (fluent.seen_by != model::SeenBy::kJournal)
      values.push_back(model_.text(each) + "=" +
                       world().value(fluent.name, model_.arguments_of(each)));
  }
  return values;
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
