#pragma once

#include <string>

#include "simulators/host/commands/command.hpp"

namespace wme::simulators {

/// `tar -cf to /tree`, for the installer's --data-archive.
CommandEnd write_archive(Invocation& call, const std::string& tree, const std::string& to);
/// `tar -xvf archive -C directory`, for --data-untar.
CommandEnd extract_archive(Invocation& call, const std::string& archive,
                           const std::string& directory);

}  // namespace wme::simulators
