#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulators/host/filesystem.hpp"

/// Archives of the simulated machines: readable text, so that a damaged byte is a damaged archive.
namespace wme::simulators {

struct TarMember {
  std::string name;  ///< relative: "wm-data/volumes/x"
  FileNode node;
};

std::string pack(const std::vector<TarMember>& members);
/// None when the text is no archive, or a damaged one.
std::optional<std::vector<TarMember>> unpack(const std::string& text);

/// Members for everything at or below `path`, named relative to `base`.
std::vector<TarMember> members_of(Filesystem& files, const std::string& path,
                                  const std::string& base);

}  // namespace wme::simulators
