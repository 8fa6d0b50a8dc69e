#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/json/api_profile.hpp"
#include "model/result.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators {

struct ServiceGroup {
  std::string name;
  std::string state;  ///< our word: "running", "starting", "stopping", "stopped", "failed"
};

/// The ConfigWizard's rules without HTTP. Call with the world locked.
class ConfigWizardBackend {
 public:
  /// `password` of setup-admin, as the restored /wm-runtime has it.
  ConfigWizardBackend(World& world, const model::SystemProfile& profile, std::string password);

  /// The Platform whose portal answers: it runs, docker runs there, WME is initialized on it. Where
  /// two do (somebody booted the old one), the one that holds the address.
  std::optional<std::string> answering_platform() const;

  /// False: the portal shows the page for a first password, since it found no state of its own.
  bool configured(const std::string& platform) const;
  bool right_password(const std::string& platform, std::string_view password) const;
  /// Tells the world that somebody entered the portal.
  void entered(const std::string& platform, const std::string& door);
  /// The first password. On restored data this is the start of a fresh installation (INV-39).
  Status set_password(const std::string& platform, std::string_view password,
                      const std::string& door);

  const std::string& state(const std::string& platform) const;  ///< value of setup(p)
  std::string action(const std::string& platform) const;        ///< our word: "stop", "sync"
  int progress(const std::string& platform) const;              ///< 0..100
  std::vector<ServiceGroup> groups(const std::string& platform) const;
  const std::string& version(const std::string& platform) const;

  /// `action` is our word for it: init, start, stop, sync, clean, upgrade.
  /// Errors: kBlocked (illegal in this state), kThrottled (another action is in progress).
  Status run(const std::string& platform, std::string_view action, const std::string& door);

 private:
  World& world_;
  const model::SystemProfile& profile_;
  std::string password_;
  std::map<std::string, std::string, std::less<>> new_passwords_;  ///< by platform
  std::map<std::string, std::string, std::less<>> last_action_;    ///< by platform
};

/// 8-20 characters with lower case, upper case, digit and one of _ @ . [doc: CWS]
bool fits_password_rule(std::string_view password);

}  // namespace wme::simulators
