#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "executor/ports/environment.hpp"
#include "model/result.hpp"

/// AWS's own configuration: environment variables and the two INI files with profiles.
namespace wme::executor::aws {

/// The value of a variable that is set and not empty: AWS clients treat the two alike.
std::optional<std::string> variable(const Environment& environment, std::string_view name);

/// section -> key -> value, keys in lower case.
using IniFile = std::map<std::string, std::map<std::string, std::string>>;
/// Comments start a line with # or ;. Indented lines (nested settings) are skipped.
/// Errors: kInvalid with the line number.
Result<IniFile> parse_ini(std::string_view text, const std::string& file_name);

/// One profile as both files together give it; the credentials file wins.
struct Profile {
  std::string name;    ///< AWS_PROFILE, or "default"
  bool named = false;  ///< somebody asked for it: then it must exist
  std::map<std::string, std::string> settings;
  std::string files;  ///< where it was looked for, for messages
  std::optional<std::string> setting(std::string_view key) const;
};

/// Reads the profile that the environment chooses. Files that are not there count as empty.
/// Source: AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE, HOME.
/// Errors: kInvalid for a damaged file or a profile that was asked for and does not exist.
Result<Profile> load_profile(const Environment& environment);

}  // namespace wme::executor::aws
