#include "scenarios/report/door.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace wme::scenarios {
namespace {

struct KnownDoor {
  std::string_view name;
  std::string_view title;
};
constexpr std::array<KnownDoor, 7> kDoors{{{"launchpad", "Launchpad"},
                                           {"config-wizard", "ConfigWizard"},
                                           {"cloud", "Cloud"},
                                           {"host", "Hosts (SSH)"},
                                           {"operator", "Operator"},
                                           {"executor", "Executor"},
                                           {"environment", "Environment"}}};

const KnownDoor* find(std::string_view door) {
  const auto* found = std::find_if(kDoors.begin(), kDoors.end(),
                                   [&](const KnownDoor& known) { return known.name == door; });
  return found == kDoors.end() ? nullptr : found;
}

}  // namespace

std::string door_class(std::string_view door) {
  return "d-" + std::string(find(door) == nullptr ? "executor" : door);
}

std::string door_title(std::string_view door) {
  const KnownDoor* known = find(door);
  return std::string(known == nullptr ? door : known->title);
}

std::vector<std::string> doors_of(const Phase& phase) {
  std::set<std::string> seen;
  for (const ReportStep& step : phase.steps) seen.insert(step.door);
  std::vector<std::string> doors;
  for (const KnownDoor& known : kDoors)
    if (seen.erase(std::string(known.name)) > 0) doors.emplace_back(known.name);
  doors.insert(doors.end(), seen.begin(), seen.end());
  return doors;
}

}  // namespace wme::scenarios
