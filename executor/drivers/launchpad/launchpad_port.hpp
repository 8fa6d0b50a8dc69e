#pragma once

#include <memory>
#include <string>
#include <vector>

#include "executor/ports/container_lister.hpp"
#include "executor/ports/secret.hpp"
#include "executor/ports/system_port.hpp"
#include "executor/ports/transport.hpp"
#include "model/inventory.hpp"
#include "model/json/api_profile.hpp"

namespace wme::executor {

struct LaunchpadAccess {
  std::string base;  ///< "http://wavemaker.example.com", no slash at the end
  std::string user;
  Secret password;
};

/// Launchpad behind SystemPort: containers, instances, logins, license. Instances bear the names of
/// the model's entities there: `studio-1` today, `studio-1-new` its successor.
///
/// perform: check-health i, restrict-login, lift-restriction, hibernate-container c, stop-instance
/// i, start-instance i, passivate-container c, activate-container c, check-shard sh, check-license,
/// delete-record i, add-record i. A check succeeds or is kBlocked with what was seen.
/// observe: run(c), place(c), record(i), gate(), license(). While Launchpad does not answer they
/// cannot be seen; the others never can.
/// The references must outlive it; safe for several threads.
class LaunchpadPort final : public SystemPort, public ContainerLister {
 public:
  LaunchpadPort(HttpTransport& transport, const model::ApiProfile& profile,
                const model::Inventory& inventory, LaunchpadAccess access);
  ~LaunchpadPort() override;

  Result<std::string> perform(const Call& call) override;
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) override;
  /// Shards by their names in the inventory; a shard that it lacks by its id.
  Result<std::vector<ContainerIdentity>> containers() override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
