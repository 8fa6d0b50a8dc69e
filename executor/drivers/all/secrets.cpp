#include "executor/drivers/all/secrets.hpp"

#include <filesystem>
#include <fstream>

namespace wme::executor {

namespace {

Error missing(const std::string& what, const std::string& why) {
  return {ErrorCode::kInvalid, "the " + what + " cannot be read: " + why};
}

Result<Secret> from_file(const std::filesystem::path& path, const std::string& what) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (error || !std::filesystem::is_regular_file(status))
    return missing(what, path.string() + " is not a file; write the secret there, mode 0600");
  using Permissions = std::filesystem::perms;
  if ((status.permissions() & Permissions::others_read) != Permissions::none)
    return missing(what, path.string() + " can be read by everybody; chmod 600 " + path.string());
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line) || line.empty())
    return missing(what, path.string() + " is empty or unreadable");
  return Secret(std::move(line));
}

/// systemd lays credentials of a unit out as files that only its user can read.
Result<Secret> from_credential(const std::string& name, const std::string& what,
                               const Environment& environment) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
    return missing(what, "'" + name + "' is no name of a credential");
  const std::optional<std::string> folder = environment("CREDENTIALS_DIRECTORY");
  if (!folder || folder->empty())
    return missing(what,
                   "CREDENTIALS_DIRECTORY is not set, so systemd gave no credentials; add "
                   "LoadCredential=" +
                       name + ":PATH to the unit");
  const std::filesystem::path path = std::filesystem::path(*folder) / name;
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return missing(
        what, path.string() + " is not there; add LoadCredential=" + name + ":PATH to the unit");
  return from_file(path, what);
}

}  // namespace

Result<Secret> fetch_secret(const model::SecretRef& reference, const std::string& what,
                            const Environment& environment) {
  if (reference.where.starts_with("env:")) {
    const std::string name = reference.where.substr(4);
    std::optional<std::string> value = environment(name);
    if (!value || value->empty())
      return missing(what, "the environment variable " + name + " is not set; export it");
    return Secret(std::move(*value));
  }
  if (reference.where.starts_with("file:")) return from_file(reference.where.substr(5), what);
  if (reference.where.starts_with("credential:"))
    return from_credential(reference.where.substr(11), what, environment);
  return missing(what, "nothing says where it is; use env:NAME, file:PATH or credential:NAME");
}

}  // namespace wme::executor
