#pragma once

#include <string>

#include "simulators/host/commands/command.hpp"

namespace wme::simulators {

struct Transfer {
  std::string from;   ///< absolute
  std::string to;     ///< absolute
  std::string shown;  ///< the source as typed
  bool deep = false;
  bool moves = false;
};

/// cp and mv. Copying an archive to the backup store, or back from it, and copying wme-rotate.sh
/// into the installer directory are actions of the model.
CommandEnd transfer(Invocation& call, const Transfer& what);

/// Reading the docker CIDR is what A02 asks for.
void note_read(Invocation& call, const std::string& path);

}  // namespace wme::simulators
