#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "executor/ports/transport.hpp"
#include "model/result.hpp"

namespace wme::executor {

struct HttpTimeouts {
  std::chrono::seconds connect{10};
  std::chrono::seconds read{60};
  std::chrono::seconds write{30};
};

struct SocketHttpOptions {
  HttpTimeouts timeouts;
  std::string ca_file;  ///< trusted certificates (PEM) instead of the system's; empty: the system's
};

/// HTTP and HTTPS over real sockets, connections kept alive per base URL. Server certificates are
/// always verified. Safe for several threads: each request has a connection to itself meanwhile.
class SocketHttpTransport final : public HttpTransport {
 public:
  explicit SocketHttpTransport(SocketHttpOptions options = {});
  ~SocketHttpTransport() override;

  /// As the port says. kInvalid when `call.base` is no http(s) URL.
  Result<HttpAnswer> send(const HttpCall& call) override;

 private:
  struct Connection;
  std::unique_ptr<Connection> lend(const std::string& base);
  void give_back(const std::string& base, std::unique_ptr<Connection> connection);

  SocketHttpOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::unique_ptr<Connection>>, std::less<>> idle_;
};

}  // namespace wme::executor
