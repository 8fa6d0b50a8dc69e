#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "executor/ports/secret.hpp"
#include "executor/ports/system_port.hpp"
#include "executor/ports/transport.hpp"
#include "model/json/api_profile.hpp"

namespace wme::executor {

/// Which Platform (`platform`, `platform-new`) is behind the ConfigWizard's address now; none when
/// no one is. Errors as SystemPort::observe.
using PlatformLocator = std::function<Result<std::optional<std::string>>()>;

/// By what another port sees: who holds the address, else which of the two machines runs.
/// `machines` sees address() and power(m), and must outlive the locator.
PlatformLocator locate_by_machines(SystemPort& machines);

struct ConfigWizardAccess {
  std::string base;      ///< of the Platform of today: "http://10.0.0.10:8080"
  std::string new_base;  ///< of the new one; the same when it keeps the address
  Secret password;       ///< of setup-admin; the previous one, after a restore
};

/// The ConfigWizard behind SystemPort.
///
/// perform: stop-services p, start-services p, enter-portal p, sync-setup p.
/// observe: setup(p). When both Platforms have one address, the locator says which of them answers:
/// a restored portal does not tell itself from the one it was restored from. Nothing is sent to a
/// Platform that does not answer.
/// The references must outlive it; safe for several threads.
class ConfigWizardPort final : public SystemPort {
 public:
  ConfigWizardPort(HttpTransport& transport, const model::ApiProfile& profile,
                   ConfigWizardAccess access, PlatformLocator locator);
  ~ConfigWizardPort() override;

  Result<std::string> perform(const Call& call) override;
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
