#pragma once

#include "tests/simulators/core/small_world.hpp"

namespace wme::simulators {

/// The small installation after the loss of every machine: the new Platform stands on the restored
/// volumes, initialized, and waits for somebody to enter the ConfigWizard.
struct RestoredWorld : SmallWorld {
  explicit RestoredWorld(std::vector<FaultRule> faults = {},
                         model::Inventory inventory = small_inventory())
      : SmallWorld(std::move(faults), model::Procedure::kRestore, std::move(inventory)) {
    done("launch-machine", {"platform-new"});
    done("attach-address");
    for (const std::string store : {"wm-data-new", "wm-runtime-new"}) {
      for (const char* action : {"create-volume", "attach-volume", "mount-store", "write-fstab"})
        done(action, {store});
    }
    for (const char* action : {"download-artefact", "verify-artefact", "extract-artefact"})
      done(action, {"package"});
    done("initialize", {"platform-new"});
  }

  /// Enters the portal and syncs: Launchpad answers on the new Platform.
  void serve() {
    done("enter-portal", {"platform-new"});
    done("sync-setup", {"platform-new"});
    done("verify-domains");
  }
  /// A machine that is ready to be added.
  void prepare(const std::string& instance) {
    for (const char* action : {"launch-machine", "format-disk", "mount-disk", "prepare-instance"})
      done(action, {instance});
  }
};

}  // namespace wme::simulators
