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
/// Comments start a line with # or ;. Indented lines belong to the setting above them: "ec2 =" with
/// "  endpoint_url = U" below it is "ec2.endpoint_url". Errors: kInvalid with the line number.
Result<IniFile> parse_ini(std::string_view text, const std::string& file_name);

/// One profile as both files together give it; the credentials file wins.
struct Profile {
  std::string name;  ///< AWS_PROFILE, or "default"
  std::map<std::string, std::string> settings;
  std::map<std::string, std::string> services;  ///< of its `services` section: "ec2.endpoint_url"
  std::string files;                            ///< where it was looked for, for messages
  std::optional<std::string> setting(std::string_view key) const;
};

/// AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, else ~/.aws/credentials and ~/.aws/config.
/// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".
class SharedFiles {
 public:
  /// Files that are not there count as empty. Errors: kInvalid for a damaged file.
  static Result<SharedFiles> read(const Environment& environment);
  /// None when neither file has it. Errors: kInvalid when its `services` section is not there.
  Result<std::optional<Profile>> profile(const std::string& name) const;
  const std::string& places() const { return places_; }

 private:
  IniFile config_;
  IniFile credentials_;
  std::string places_;
};

/// The profile that the environment chooses; an empty one where nobody chose and there is none.
/// Errors: kInvalid for a damaged file or a profile that was asked for and does not exist.
Result<Profile> load_profile(const Environment& environment);

/// A switch as AWS writes it: the variable, else the profile's setting, is "true".
bool is_on(const Environment& environment, const Profile& profile, std::string_view variable_name,
           std::string_view setting);

}  // namespace wme::executor::aws
