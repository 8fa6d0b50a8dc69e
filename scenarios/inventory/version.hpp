#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace wme::scenarios {

/// A build of WME: "11.0.2.beta.ee.9936p1" is 11.0.2, build 9936, patch 1.
/// Source: [shot: data-un-tar.png, installing-wme-patch.png]; docs never show a shorter one.
struct BuildVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;
  int build = 0;
  int build_patch = 0;  ///< 0: the string has no pN
  auto operator<=>(const BuildVersion&) const = default;
};

/// The parts of a full build string; none for anything shorter: two builds of one release do not
/// read each other's data (INV-31).
std::optional<BuildVersion> parse_version(std::string_view text);

/// The full build strings that stand in a text, such as a package's URL.
std::vector<std::string> versions_in(std::string_view text);

/// Whether the vendor documents an upgrade from one build straight to the other (INV-50).
/// Error kInvalid says which row of the matrix is missed, and what to do instead.
/// Source: [doc: UPS, RUN], wme.md 1.5.
Status check_upgrade_path(std::string_view source, std::string_view target);

}  // namespace wme::scenarios
