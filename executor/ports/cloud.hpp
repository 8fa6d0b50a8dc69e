#pragma once

#include "executor/ports/environment.hpp"
#include "executor/ports/program.hpp"
#include "executor/ports/surveys.hpp"
#include "executor/ports/system_port.hpp"
#include "executor/ports/transport.hpp"

/// What each provider's folder under executor/drivers offers: `open_<provider>` for runs and
/// `survey_<provider>` for looks; executor/drivers/all/clouds.cpp chooses by the inventory.
namespace wme::executor {

/// What a provider's driver is built on; everything must outlive it.
struct CloudSetup {
  HttpTransport& http;
  Environment environment;
  WallTime wall_time;  ///< real time: credentials are judged by it, whatever clock a run keeps
  ProgramRunner run_program{};  ///< programs that print credentials; empty: none can be started
};

/// One provider's door for the "cloud" actions, with all that it owns (credentials, client).
class Cloud {
 public:
  virtual ~Cloud() = default;
  virtual SystemPort& port() = 0;
};

}  // namespace wme::executor
