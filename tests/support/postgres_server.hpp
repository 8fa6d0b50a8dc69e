#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace wme::testing_support {

/// A PostgreSQL server of the tests' own: a new cluster in a temporary folder, reached by a Unix
/// socket, nothing synced. Made when it is first asked for, once per program (a second), and ended
/// with it, whatever ends it. Throws when it cannot be made (ci/setup installs the server).
class PostgresServer {
 public:
  static const PostgresServer& shared();

  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// "postgresql:///postgres?…", as the user that may do everything.
  std::string url() const { return url_of("rehydrate", kPort); }
  /// The same as another user, or through another port: one that a test listens on.
  std::string url_of(const std::string& user, int port) const;
  /// The Unix socket behind a port.
  std::filesystem::path socket_of(int port) const;

  static constexpr int kPort = 5432;

 private:
  void start();
  void end();

  std::filesystem::path folder_;
  pid_t owner_ = -1;
  pid_t server_ = -1;
};

}  // namespace wme::testing_support
