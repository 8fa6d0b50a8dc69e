#pragma once

#include "executor/ports/surveys.hpp"
#include "executor/ports/transport.hpp"

namespace wme::executor {

/// A Linux host of WME, looked at by one command that writes nothing. No secret stands in it, and
/// of the ConfigWizard's files only the docker network is read.
class HostLooker final : public HostSurvey {
 public:
  HostLooker(CommandTransport& transport, WallTime wall_time);
  Result<HostFacts> look(const std::string& address, const std::string& user,
                         const std::vector<std::string>& paths) override;

 private:
  CommandTransport& transport_;
  WallTime wall_time_;
};

namespace host {
/// The command, for the login shell of the ssh user.
std::string survey_command(const std::vector<std::string>& paths);
/// What it printed; the clock is left out.
HostFacts read_survey(const std::string& output);
}  // namespace host

}  // namespace wme::executor
