#include "executor/drivers/aws/profile.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

namespace wme::executor::aws {

namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Result<IniFile> read_ini(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return Error{ErrorCode::kInvalid,
                 path +
                     ": this is a folder, not a file with AWS profiles; name the file with "
                     "AWS_SHARED_CREDENTIALS_FILE or AWS_CONFIG_FILE"};
  std::ifstream file(path, std::ios::binary);
  if (!file) return IniFile{};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_ini(text, path);
}

/// "[profile x]" and "[default]" in the config file, "[x]" in the credentials file.
void take_section(const IniFile& file, const std::string& section,
                  std::map<std::string, std::string>& into, bool& found) {
  const auto place = file.find(section);
  if (place == file.end()) return;
  found = true;
  for (const auto& [key, value] : place->second) into[key] = value;
}

std::string file_path(const Environment& environment, std::string_view name,
                      std::string_view in_home) {
  if (const auto path = variable(environment, name)) return *path;
  return variable(environment, "HOME").value_or("") + std::string(in_home);
}

}  // namespace

std::optional<std::string> variable(const Environment& environment, std::string_view name) {
  auto value = environment(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

Result<IniFile> parse_ini(std::string_view text, const std::string& file_name) {
  IniFile file;
  std::map<std::string, std::string>* section = nullptr;
  std::string above;  // the setting that indented lines belong to
  std::istringstream lines{std::string(text)};
  std::string raw;
  for (int number = 1; std::getline(lines, raw); ++number) {
    const std::string line = trimmed(raw);
    const bool nested = raw.starts_with(' ') || raw.starts_with('\t');
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    const auto damaged = [&](const std::string& why) {
      return Error{ErrorCode::kInvalid, file_name + ":" + std::to_string(number) + ": " + why};
    };
    const auto equals = line.find('=');
    if (nested && section != nullptr) {
      if (equals == std::string::npos) continue;  // a value over several lines: none of ours
      const std::string_view view = line;
      (*section)[above + "." + lower(trimmed(view.substr(0, equals)))] =
          trimmed(view.substr(equals + 1));
      continue;
    }
    if (line.front() == '[') {
      if (line.back() != ']') return damaged("the section has no closing bracket");
      section = &file[trimmed(std::string_view(line).substr(1, line.size() - 2))];
      above.clear();
      continue;
    }
    if (equals == std::string::npos) return damaged("neither [section] nor key = value");
    if (section == nullptr) return damaged("a setting before the first [section]");
    const std::string_view view = line;
    above = lower(trimmed(view.substr(0, equals)));
    (*section)[above] = trimmed(view.substr(equals + 1));
  }
  return file;
}

std::optional<std::string> Profile::setting(std::string_view key) const {
  const auto place = settings.find(std::string(key));
  if (place == settings.end() || place->second.empty()) return std::nullopt;
  return place->second;
}

Result<SharedFiles> SharedFiles::read(const Environment& environment) {
  const std::string config_path = file_path(environment, "AWS_CONFIG_FILE", "/.aws/config");
  const std::string credentials_path =
      file_path(environment, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  const auto config = read_ini(config_path);
  if (!config) return config.error();
  const auto credentials = read_ini(credentials_path);
  if (!credentials) return credentials.error();
  SharedFiles files;
  files.config_ = config.value();
  files.credentials_ = credentials.value();
  files.places_ = credentials_path + " and " + config_path;
  return files;
}

Result<std::optional<Profile>> SharedFiles::profile(const std::string& name) const {
  Profile profile{name, {}, {}, places_};
  bool found = false;
  if (name == "default") take_section(config_, "default", profile.settings, found);
  take_section(config_, "profile " + name, profile.settings, found);
  take_section(credentials_, name, profile.settings, found);
  if (!found) return std::optional<Profile>();
  if (const auto services = profile.setting("services")) {
    bool has_services = false;
    take_section(config_, "services " + *services, profile.services, has_services);
    if (!has_services)
      return Error{ErrorCode::kInvalid, "the AWS profile '" + name +
                                            "' names services = " + *services + ", but " + places_ +
                                            " have no section [services " + *services + "]"};
  }
  return std::optional(std::move(profile));
}

Result<Profile> load_profile(const Environment& environment) {
  const auto files = SharedFiles::read(environment);
  if (!files) return files.error();
  const auto asked = variable(environment, "AWS_PROFILE");
  const auto profile = files.value().profile(asked.value_or("default"));
  if (!profile) return profile.error();
  if (profile.value()) return *profile.value();
  if (!asked) return Profile{"default", {}, {}, files.value().places()};
  return Error{ErrorCode::kInvalid, "the AWS profile '" + *asked + "' (AWS_PROFILE) is not in " +
                                        files.value().places() + ": add it, or choose another"};
}

bool is_on(const Environment& environment, const Profile& profile, std::string_view variable_name,
           std::string_view setting) {
  const auto given = variable(environment, variable_name);
  return lower(given ? *given : profile.setting(setting).value_or("")) == "true";
}

}  // namespace wme::executor::aws
