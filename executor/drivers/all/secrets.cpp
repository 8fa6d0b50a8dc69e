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
  return missing(what, "the inventory does not say where it is; use env:NAME or file:PATH");
}

}  // namespace wme::executor
