#pragma once

#include <map>
#include <string>
#include <vector>

#include "executor/drivers/host/machines.hpp"
#include "executor/drivers/host/scripts.hpp"
#include "executor/ports/system_port.hpp"
#include "executor/ports/transport.hpp"
#include "model/inventory.hpp"

namespace wme::executor {

struct HostSettings {
  /// The new Platform gets the inventory's target version: Procedure::kUpgrade. Everything else
  /// brings back exactly the version of the data (INV-31).
  bool upgrade = false;
};

/// The Linux hosts as the executor sees them: every action and fluent of the host door
/// (docs/ARCHITECTURE.md), over whatever carries commands. Each action is one idempotent shell
/// text, run by root through `sudo -n` under one lock per host; it starts with `: <action>
/// <arguments>`, so that sudo's own log tells what was done. Long ones run on in the background and
/// are observed through files (executor/drivers/host/jobs.hpp). No secret stands in any text.
///
/// Errors of perform beside the transport's: kBlocked (a condition does not hold, nothing was
/// done), kFailed (the command failed; its own words follow), kRefused (sudo, or another machine
/// has the address), kInvalid (no action of this door).
class HostPort : public SystemPort {
 public:
  HostPort(const model::Inventory& inventory, CommandTransport& transport,
           HostSettings settings = {});

  Result<std::string> perform(const Call& call) override;
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) override;
  /// What the log of a job says last, when it ended with a status other than 0.
  Result<std::optional<std::string>> failure_of(const Call& call) override;

 private:
  struct Question {
    std::size_t index = 0;  ///< into the answer
    std::string text;
  };
  /// Asks one machine several questions in one command; true when it answered.
  Result<bool> ask(const host::MachineAccess& machine, const std::vector<Question>& questions,
                   std::vector<Observation>& into);
  Result<CommandAnswer> run(const host::MachineAccess& machine, const std::string& title,
                            const std::string& text, bool locked);

  host::Site site_;
  CommandTransport& transport_;
  std::map<std::string, host::MachineAccess, std::less<>> machines_;
};

}  // namespace wme::executor
