#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "model/certificate/trusted_keys.hpp"

namespace wme::cli {

namespace {

struct KeygenOptions {
  std::string output;
  std::string name;
};

/// A file that was not there before; an existing key is never written over: what it has signed
/// could not be checked any more.
Status write_new(const std::string& path, std::string_view text, mode_t mode) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (file < 0 && errno == EEXIST)
    return Error{ErrorCode::kInvalid,
                 path +
                     ": stands there already, and keys are never overwritten; name another file "
                     "with -o"};
  if (file < 0)
    return Error{ErrorCode::kInvalid, path + ": cannot be written: " + std::strerror(errno) +
                                          "; check the folder and its permissions"};
  // The mode as it is asked for, whatever the umask.
  const bool done = ::fchmod(file, mode) == 0 &&
                    ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                    ::fsync(file) == 0;
  const int cause = errno;
  ::close(file);
  if (done) return Done{};
  ::unlink(path.c_str());
  return Error{ErrorCode::kInvalid, path + ": cannot be written: " + std::strerror(cause) +
                                        "; check the space on the disk"};
}

Status write_pair(const model::SigningKey& key, const std::string& path) {
  if (Status done =
          write_new(path + ".pub", trusted_line(key.public_key(), key.name()) + "\n", 0644);
      !done)
    return done;
  std::string pem = key.to_pem();
  Status done = write_new(path, pem, 0600);
  model::wipe(pem);
  if (!done) ::unlink((path + ".pub").c_str());
  return done;
}

std::string name_for(const KeygenOptions& options) {
  if (!options.name.empty()) return options.name;
  const char* user = std::getenv("USER");
  return user == nullptr ? "" : user;
}

ExitStatus run_keygen(Session& session, const KeygenOptions& options) {
  const std::string name = name_for(options);
  if (!model::is_person(name))
    return session.fail({ErrorCode::kInvalid,
                         (name.empty() ? "the key needs a name" : "'" + name + "' is no name") +
                             ": give one with --name NAME: " + std::string(model::kPersonForm)});
  model::SigningKey::Seed seed{};
  if (RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) != 1)
    return session.fail({ErrorCode::kFailed, "keygen: this machine gave no random bytes"});
  const model::SigningKey key(seed, name);
  if (Status written = write_pair(key, options.output); !written)
    return session.fail(written.error());
  const std::string line = trusted_line(key.public_key(), name);
  session.console.result(
      session.json ? nlohmann::ordered_json{{"schema", "rehydrate/key/1"},
                                            {"file", options.output},
                                            {"public_file", options.output + ".pub"},
                                            {"name", name},
                                            {"key", key.public_key().base64()},
                                            {"fingerprint", key.public_key().fingerprint()}}
                             .dump(2) +
                         "\n"
                   : line + "\n");
  session.console.note("Private key: " + options.output +
                       " (keep it to yourself). The line above, in " + options.output +
                       ".pub, goes into the trusted keys of whoever runs plans.\n");
  return ExitStatus::kDone;
}

}  // namespace

void add_keygen(CLI::App& root, Session& session) {
  CLI::App* command =
      add_command(root, session, "keygen", kProve, "Make a key to certify or approve plans with.",
                  "  rehydrate keygen --name ada -o ada.key");
  const auto options = std::make_shared<KeygenOptions>();
  command
      ->add_option("-o,--output", options->output,
                   "The private key; its public half goes to FILE.pub. Neither may exist yet")
      ->type_name("FILE")
      ->required();
  command->add_option("--name", options->name, "Whose key it is; $USER without")->type_name("NAME");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_keygen(session, *options); };
  });
}

}  // namespace wme::cli
