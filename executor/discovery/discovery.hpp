#pragma once

#include <string>
#include <vector>

#include "executor/ports/surveys.hpp"
#include "model/inventory.hpp"

/// A live installation as an inventory: what `rehydrate discover` writes down. Only reads. What was
/// not seen is left out and told, never filled in.
namespace wme::executor {

/// Something that an inventory has and that nobody showed.
struct Gap {
  std::string path;          ///< "platform.interface", "instances[studio-1].new_address"
  bool required = false;     ///< without it the inventory is refused, or something wrong is assumed
  std::string why;           ///< "EC2 lists no machine with the address 10.0.1.10"
  std::string find;          ///< where the operator finds it, or that it is for him to choose
  bool unreachable = false;  ///< because nobody answered
};

struct DiscoveryTask {
  model::Provider provider = model::Provider::kAws;
  std::string name;              ///< of the installation; empty: as a tag of an earlier run says
  std::string platform_address;  ///< empty: as Launchpad's built-in VCS says
  std::string ssh_user;          ///< of the Platform; Launchpad knows those of the others
  model::Access access;          ///< as the operator gave it: goes into the inventory as it is
};

struct DiscoveryDoors {
  Result<LaunchpadSurvey*> launchpad;
  Result<ConfigWizardSurvey*> config_wizard;
  Result<CloudSurvey*> cloud;
  HostSurvey& hosts;  ///< is asked by several threads
};

struct Discovery {
  model::Inventory inventory;  ///< every field that was not seen is empty or 0
  std::vector<Gap> gaps;       ///< in the order of the inventory's sections
};

/// Where the Platform is, by what Launchpad tells of its built-in VCS. Error kNotFound: it does not
/// tell; those of the door.
Result<std::string> platform_address(LaunchpadSurvey& launchpad);

/// Blocks until every door has answered or given up.
Discovery discover(const DiscoveryTask& task, const DiscoveryDoors& doors);

}  // namespace wme::executor
