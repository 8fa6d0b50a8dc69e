#include "tests/support/postgres_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/process.hpp"

// libpqxx 6.4 loses an empty result with each connection that it finds dead: it throws over the
// client's encoding before anybody owns it. Read by the address sanitizer.
extern "C" const char* __lsan_default_suppressions() { return "leak:libpqxx"; }

namespace wme::testing_support {
namespace {

namespace fs = std::filesystem;

/// Debian keeps them out of PATH, by version.
fs::path server_programs() {
  std::vector<fs::path> found;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none))
    if (fs::exists(version.path() / "bin" / "initdb")) found.push_back(version.path() / "bin");
  if (found.empty())
    throw std::runtime_error("no PostgreSQL server in /usr/lib/postgresql: run ci/setup");
  return *std::max_element(found.begin(), found.end());
}

/// It refuses to run as root.
const passwd* unprivileged() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  return user != nullptr ? user : ::getpwnam("nobody");
}

[[noreturn]] void become_server(const std::vector<std::string>& words, const fs::path& log) {
  const passwd* user = unprivileged();
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  if (user != nullptr &&
      (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
    ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // a test that crashes leaves no server behind
  ::setenv("TZ", "UTC", 1);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(arguments.front(), arguments.data());
  ::_exit(127);
}

pid_t started(const std::vector<std::string>& words, const fs::path& log) {
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) become_server(words, log);
  return child;
}

bool listens(const fs::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
  const int end = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool there =
      ::connect(end, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(end);
  return there;
}

}  // namespace

const PostgresServer& PostgresServer::shared() {
  static const PostgresServer server;
  return server;
}

PostgresServer::PostgresServer() : owner_(::getpid()) {
  std::string pattern = (fs::temp_directory_path() / "rehydrate-pg-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  if (const passwd* user = unprivileged(); user != nullptr)
    if (::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("chown failed");
  try {
    start();
  } catch (...) {
    end();
    throw;
  }
}

PostgresServer::~PostgresServer() { end(); }

void PostgresServer::start() {
  const fs::path programs = server_programs();
  const fs::path log = folder_.string() + ".log";
  const std::string data = (folder_ / "data").string();
  int status = -1;
  ::waitpid(started({programs / "initdb", "-D", data, "-U", "rehydrate", "-A", "trust", "-E",
                     "UTF8", "--locale=C", "--no-sync", "--no-instructions"},
                    log),
            &status, 0);
  if (status != 0) throw std::runtime_error("initdb failed: " + text_of(log));
  server_ = started({programs / "postgres", "-D", data, "-c", "listen_addresses=", "-c",
                     "unix_socket_directories=" + folder_.string(), "-c", "fsync=off", "-c",
                     "full_page_writes=off", "-c", "autovacuum=off", "-c", "shared_buffers=16MB",
                     "-c", "log_min_messages=fatal"},
                    log);
  constexpr std::chrono::seconds kPatience{60};
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  // It writes "ready" into this file, on a line of its own, when it takes connections.
  while (!listens(socket_of(kPort)) ||
         text_of(folder_ / "data" / "postmaster.pid").find("ready") == std::string::npos) {
    if (std::chrono::steady_clock::now() > give_up || ::waitpid(server_, &status, WNOHANG) != 0)
      throw std::runtime_error("the PostgreSQL server did not start: " + text_of(log));
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

void PostgresServer::end() {
  if (owner_ != ::getpid()) return;  // a child of the test
  if (server_ > 0) {
    ::kill(server_, SIGQUIT);
    ::waitpid(server_, nullptr, 0);
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
  fs::remove(folder_.string() + ".log", ignored);
}

std::string PostgresServer::url_of(const std::string& user, int port) const {
  return "postgresql:///postgres?host=" + folder_.string() + "&port=" + std::to_string(port) +
         "&user=" + user;
}

fs::path PostgresServer::socket_of(int port) const {
  return folder_ / (".s.PGSQL." + std::to_string(port));
}

}  // namespace wme::testing_support
