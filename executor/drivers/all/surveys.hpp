#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "executor/drivers/all/secrets.hpp"
#include "executor/ports/program.hpp"
#include "executor/ports/surveys.hpp"
#include "executor/ports/transport.hpp"
#include "model/inventory.hpp"

namespace wme::executor {

/// What the surveys are built on; everything must outlive them.
struct SurveySetup {
  HttpTransport& http;
  CommandTransport& commands;
  Environment environment;
  WallTime wall_time;           ///< this machine's own clock
  ProgramRunner run_program{};  ///< programs that print credentials; empty: none can be started
};

/// The doors of one installation for whoever only looks. Every request goes through the two
/// transports of read_only.hpp. A door that cannot be opened for want of a secret or setting, or of
/// a driver for this provider, is an error of its own; the others are open all the same.
class Surveys {
 public:
  Surveys(const model::Inventory& inventory, const SurveySetup& setup);
  ~Surveys();

  Result<LaunchpadSurvey*> launchpad();
  Result<ConfigWizardSurvey*> config_wizard();
  Result<CloudSurvey*> cloud();
  HostSurvey& hosts();

  /// Every request and command that was sent so far.
  std::vector<std::string> sent() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
