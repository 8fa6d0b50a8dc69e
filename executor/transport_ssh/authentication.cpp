#include "executor/transport_ssh/authentication.hpp"

#include <libssh/libssh.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

namespace wme::executor {

namespace {

struct FreeKey {
  void operator()(ssh_key key) const { ssh_key_free(key); }
};
using Key = std::unique_ptr<ssh_key_struct, FreeKey>;

Key load(const std::string& file) {
  ssh_key key = nullptr;
  // An empty passphrase, not none: with none OpenSSL would ask the terminal for one.
  if (ssh_pki_import_privkey_file(file.c_str(), "", nullptr, nullptr, &key) != SSH_OK)
    return nullptr;
  return Key(key);
}

std::string option(ssh_session session, ssh_options_e which) {
  char* value = nullptr;
  if (ssh_options_get(session, which, &value) != SSH_OK || value == nullptr) return "";
  std::string text = value;
  ssh_string_free_char(value);
  return text;
}

/// What the configuration names, and what people have; libssh tells only the first of the former.
std::vector<std::string> files_to_try(ssh_session session, const std::string& identity_file) {
  if (!identity_file.empty()) return {identity_file};
  std::vector<std::string> files = {option(session, SSH_OPTIONS_IDENTITY)};
  const char* home = std::getenv("HOME");
  for (const char* name : {"id_ed25519", "id_ecdsa", "id_rsa"}) {
    if (home == nullptr) continue;
    const std::string file = std::string(home) + "/.ssh/" + name;
    if (std::ranges::find(files, file) == files.end()) files.push_back(file);
  }
  return files;
}

}  // namespace

Status authenticate(ssh_session_struct* session, const std::string& identity_file,
                    const std::string& where) {
  const auto broken = [&] {
    return Error{ErrorCode::kUnreachable,
                 "ssh " + where + ": authentication broke off: " + ssh_get_error(session) +
                     ". Nothing was run; check that the machine is up."};
  };
  std::string tried;
  for (const std::string& file : files_to_try(session, identity_file)) {
    const Key key = load(file);
    if (key == nullptr) continue;
    const int answer = ssh_userauth_publickey(session, nullptr, key.get());
    if (answer == SSH_AUTH_SUCCESS) return Done{};
    if (answer == SSH_AUTH_ERROR) return broken();
    tried += (tried.empty() ? "" : ", ") + file;
  }
  if (ssh_userauth_agent(session, nullptr) == SSH_AUTH_SUCCESS) return Done{};
  if (ssh_is_connected(session) == 0) return broken();
  if (!identity_file.empty() && tried.empty())
    return Error{ErrorCode::kInvalid,
                 "ssh " + where + ": the identity " + identity_file +
                     " cannot be used: it is not there, cannot be read, or has a passphrase; and "
                     "no key of the agent is accepted. Mend access.ssh_identity, or ssh-add it."};
  return Error{ErrorCode::kRefused,
               "ssh " + where + ": no key is accepted (tried " +
                   (tried.empty() ? "" : tried + " and ") +
                   "the agent). Name the right one in access.ssh_identity, or ssh-add it."};
}

}  // namespace wme::executor
